/** The SharedWorker: one hub for all tabs of this browser. */

import { createClient } from "@connectrpc/connect";
import { GenerationService } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { transport } from "../server/transport";
import { attach } from "./attach";
import { Hub } from "./hub";

declare const self: { onconnect: ((event: MessageEvent) => void) | null; location: Location };

const hub = new Hub(createClient(GenerationService, transport(self.location.origin)));

self.onconnect = ({ ports: [port] }) => {
  if (port) attach(hub, port);
};
