import type { Hub } from "./hub";
import type { ToHub } from "./messages";

/** Joins a tab's port to the hub, until the tab is gone: nothing else tells that one was closed. */
export function attach(hub: Hub, port: MessagePort): void {
  port.onmessage = ({ data }: MessageEvent<ToHub>) => {
    if (data.kind === "hello") {
      // The tab holds this lock for as long as it lives, however it ends.
      void navigator.locks?.request(data.lock, () => {
        hub.forget(port);
        port.close();
      });
    } else {
      hub.hear(port, data);
    }
  };
  hub.greet(port);
}
