import type { Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

/** grpc-web to the server that this page came from. */
export function transport(baseUrl: string): Transport {
  return createGrpcWebTransport({ baseUrl });
}
