import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { type Brought, bring } from "../server/brought";
import { FileButton } from "./files";

const NOT_READ = "That is no picture that can be read here.";

/** A picture to go by, and what brings one. */
export function usePicture() {
  const [picture, setPicture] = useState<Brought>();
  const [refused, setRefused] = useState("");
  const latest = useRef(0);
  const take = useCallback(async (files: Iterable<Blob>) => {
    const [file] = files;
    if (!file) return;
    latest.current += 1;
    const mine = latest.current;
    setRefused("");
    try {
      const brought = await bring(file);
      if (mine === latest.current) setPicture(brought);
      else URL.revokeObjectURL(brought.url);
    } catch {
      if (mine === latest.current) setRefused(NOT_READ);
    }
  }, []);
  const remove = useCallback(() => {
    latest.current += 1;
    setPicture(undefined);
    setRefused("");
  }, []);
  const url = picture?.url;
  useEffect(() => (url ? () => URL.revokeObjectURL(url) : undefined), [url]);
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      // Some programs put a picture of the text beside the text.
      if (event.clipboardData?.types.includes("text/plain")) return;
      const files = [...(event.clipboardData?.files ?? [])];
      const image = files.find(({ type }) => type.startsWith("image/"));
      if (!image) return;
      event.preventDefault();
      void take([image]);
    };
    document.addEventListener("paste", paste);
    return () => document.removeEventListener("paste", paste);
  }, [take]);
  return { picture, refused, take, remove };
}

interface FieldProps {
  picture: Brought | undefined;
  refused: string;
  take: (files: FileList) => void;
  remove: () => void;
}

/** Chooses a picture, shows it, and lets it go again. */
export function PictureField({ picture, refused, take, remove }: FieldProps) {
  return (
    <div class="picture-field">
      {picture && <img class="picture-brought" src={picture.url} alt="What it is made after" />}
      <div class="buttons">
        <FileButton take={take} class="button-small" accept="image/*">
          {picture ? "Another picture" : "Add a picture"}
        </FileButton>
        {picture ? (
          <button type="button" class="button-small" onClick={remove}>
            Without it
          </button>
        ) : (
          <span class="soft by-mouse">or drop or paste one here</span>
        )}
      </div>
      <p class="problem-line" role="status">
        {refused} {refused && picture && "The one that is shown stays."}
      </p>
    </div>
  );
}
