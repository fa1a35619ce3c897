import { useEffect, useRef, useState } from "preact/hooks";
import type { Preview } from "../gen/hatchery/progress/v1/progress_pb";
import type { ImageRef } from "../gen/hatchery/types/v1/image_pb";
import { useHatchery } from "../hatchery";
import { explain } from "../server/problem";

interface PortraitProps {
  image: ImageRef | undefined;
  alt: string;
  /** Whether it is cut to a square, as among others. */
  square?: boolean;
}

/** A portrait that is kept. */
export function Portrait({ image, alt, square = false }: PortraitProps) {
  return <Framed image={image} address={usePicture(image)} alt={alt} square={square} />;
}

/** A portrait with its address, if that is here. */
export function Framed({
  image,
  address,
  alt,
  square = false,
}: PortraitProps & { address: string | undefined }) {
  const { width, height } = image?.width ? image : { width: 1, height: 1 };
  return (
    <div class="portrait" style={{ aspectRatio: square ? "1" : `${width} / ${height}` }}>
      {address ? <img src={address} alt={alt} /> : <span class="portrait-waits" />}
    </div>
  );
}

/** The address of a portrait that is kept; undefined until it is here. */
export function usePicture(image: ImageRef | undefined): string | undefined {
  const { server } = useHatchery();
  const [address, setAddress] = useState<string>();
  const asset = image?.asset;
  useEffect(() => {
    let left = false;
    let again: ReturnType<typeof setTimeout> | undefined;
    setAddress(undefined);
    const fetch = (wait: number) => {
      if (!asset) return;
      server.pictures.address(asset).then(
        (found) => !left && setAddress(found),
        (error) => {
          // A server that is away comes back; a picture that is not there does not.
          if (!left && explain(error).passing) again = setTimeout(fetch, wait, wait * 2);
        },
      );
    };
    fetch(1000);
    return () => {
      left = true;
      clearTimeout(again);
    };
  }, [asset, server]);
  return address;
}

interface Drawn {
  preview: Preview;
  address: string;
}

/** The latest picture in the making that can be shown: one stays until the next is decoded. */
export function useSketch(preview: Preview | undefined): Drawn | undefined {
  const [drawn, setDrawn] = useState<Drawn>();
  const shown = useRef("");
  useEffect(() => {
    if (!preview) return undefined;
    let left = false;
    const bytes = preview.image as Uint8Array<ArrayBuffer>;
    const address = URL.createObjectURL(new Blob([bytes], { type: preview.mediaType }));
    const image = new Image();
    image.src = address;
    image.decode().then(
      () => {
        if (left) return;
        URL.revokeObjectURL(shown.current);
        shown.current = address;
        setDrawn({ preview, address });
      },
      () => undefined,
    );
    return () => {
      left = true;
      if (shown.current !== address) URL.revokeObjectURL(address);
    };
  }, [preview]);
  useEffect(() => () => URL.revokeObjectURL(shown.current), []);
  return drawn;
}

/** A portrait in the making. */
export function Sketch({ sketch: { preview, address } }: { sketch: Drawn }) {
  return (
    <div
      class="portrait portrait-sketch"
      style={{ aspectRatio: `${preview.width || 1} / ${preview.height || 1}` }}
    >
      <img src={address} alt="The portrait in the making" />
    </div>
  );
}
