import { useEffect, useState } from "preact/hooks";
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
  const address = usePicture(image);
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

/** A portrait in the making. */
export function Sketch({ preview }: { preview: Preview }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const bytes = preview.image as Uint8Array<ArrayBuffer>;
    const url = URL.createObjectURL(new Blob([bytes], { type: preview.mediaType }));
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [preview]);
  return (
    <div
      class="portrait portrait-sketch"
      style={{ aspectRatio: `${preview.width || 1} / ${preview.height || 1}` }}
    >
      {address && <img src={address} alt="The portrait in the making" />}
    </div>
  );
}
