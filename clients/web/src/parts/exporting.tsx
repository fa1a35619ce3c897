import { useState } from "preact/hooks";
import { ExportAgentRequest_Format as Format } from "../gen/hatchery/gateway/v1/agent_service_pb";
import { useHatchery } from "../hatchery";
import { exportCard } from "../server/cards";
import { download } from "../server/files";
import { explain } from "../server/problem";

/** Hands a companion out as a character card, for other programs. */
export function ExportButtons({ name }: { name: string }) {
  const { server, say } = useHatchery();
  const [busy, setBusy] = useState(false);
  const save = async (format: Format) => {
    setBusy(true);
    try {
      download(await exportCard(server, name, format));
    } catch (error) {
      say(explain(error).title);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <button type="button" class="button" disabled={busy} onClick={() => save(Format.PNG)}>
        Export card
      </button>
      <button
        type="button"
        class="button"
        disabled={busy}
        title="The card alone, without the portrait"
        onClick={() => save(Format.JSON)}
      >
        Export as JSON
      </button>
    </>
  );
}
