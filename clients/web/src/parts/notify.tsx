import { useEffect, useState } from "preact/hooks";
import { ended } from "../watch/fold";
import type { Live } from "../watch/live";
import { beginning, headline } from "../words/telling";

/** Offers to say when it is done, for who goes elsewhere meanwhile. */
export function Notify() {
  const [wanted, setWanted] = useState(allowed);
  if (typeof Notification === "undefined" || Notification.permission === "denied") return null;
  if (wanted) return <p class="notify soft">You will be told when it is done.</p>;
  const ask = async () => setWanted((await Notification.requestPermission()) === "granted");
  return (
    <p class="notify">
      <button type="button" class="button-small" onClick={ask}>
        Tell me when it is done
      </button>
    </p>
  );
}

/** Says that a generation has ended, where nobody looks and it is allowed. */
export function useNotification(live: Live): void {
  const { generation } = live;
  const body = beginning(generation);
  useNotice({ name: generation.name, over: ended(generation), title: headline(live), body });
}

interface Notice {
  /** Of two that have one name, in whatever tab, only the later is shown. */
  name: string;
  /** Whether it has come to this. */
  over: boolean;
  title: string;
  body: string;
}

/** Says that something is over, once it is, where nobody looks and it is allowed. */
export function useNotice({ name, over, title, body }: Notice): void {
  const [was] = useState(over);
  useEffect(() => {
    if (was || !over || !document.hidden || !allowed()) return;
    try {
      const note = new Notification(title, { body, tag: name, icon: "/egg.svg" });
      note.onclick = () => {
        focus();
        note.close();
      };
    } catch {
      // Chrome on Android has the class, and lets only service workers use it.
    }
  }, [was, over, name, body, title]);
}

function allowed(): boolean {
  return typeof Notification !== "undefined" && Notification.permission === "granted";
}
