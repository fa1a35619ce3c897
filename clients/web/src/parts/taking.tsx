import { Artifact_Kind as Kind } from "../gen/hatchery/gateway/v1/artifact_service_pb";
import { download, fileName } from "../server/files";
import { kindName } from "../words/writing";
import { Copy } from "./copy";

interface Props {
  kind: Kind;
  title: string;
  content: string;
}

/** Takes what was written elsewhere: by the clipboard, or as a file. */
export function Taking({ kind, title, content }: Props) {
  const [ending, type] = kind === Kind.APP ? ["html", "text/html"] : ["txt", "text/plain"];
  const name = `${fileName(title, kindName(kind))}.${ending}`;
  return (
    <>
      <Copy text={content} class="button" />
      <button
        type="button"
        class="button"
        onClick={() => download(new File([content], name, { type }))}
      >
        Download
      </button>
    </>
  );
}
