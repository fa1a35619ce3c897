import type { Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { SILENCE } from "./silence";

/** grpc-web to the server that this page came from. */
export function transport(baseUrl: string): Transport {
  return patient(createGrpcWebTransport({ baseUrl }));
}

/** Gives calls of one answer a time to be answered in, and no other: a stream may go on for hours. */
export function patient(wire: Transport): Transport {
  return {
    unary: (method, signal, timeoutMs = SILENCE, ...rest) =>
      wire.unary(method, signal, timeoutMs, ...rest),
    stream: (...call) => wire.stream(...call),
  };
}
