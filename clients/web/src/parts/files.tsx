import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";

type Take = (files: FileList) => void;

interface DropProps {
  take: Take;
  /** Beside what every such place has. */
  class?: string;
  children: ComponentChildren;
}

/** A place that takes files that are dropped on it. */
export function Drop({ take, class: name = "", children }: DropProps) {
  const [over, setOver] = useState(false);
  const drag = (event: DragEvent, enters: boolean) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    setOver(enters);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a button within does the same
    <div
      class={`drop ${name}${over ? " drop-over" : ""}`}
      onDragOver={(event) => drag(event, true)}
      onDragLeave={(event) => {
        // Going over to something within is not leaving.
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      }}
      onDrop={(event) => {
        drag(event, false);
        if (event.dataTransfer?.files.length) take(event.dataTransfer.files);
      }}
    >
      {children}
    </div>
  );
}

interface ButtonProps {
  take: Take;
  class: string;
  accept: string;
  multiple?: boolean;
  children: ComponentChildren;
}

/** A button that lets somebody choose files. */
export function FileButton({ take, class: name, accept, multiple = false, children }: ButtonProps) {
  return (
    <label class={name}>
      {children}
      <input
        type="file"
        class="hidden"
        multiple={multiple}
        accept={accept}
        onChange={({ currentTarget }) => {
          if (currentTarget.files?.length) take(currentTarget.files);
          // The same file can be chosen again.
          currentTarget.value = "";
        }}
      />
    </label>
  );
}
