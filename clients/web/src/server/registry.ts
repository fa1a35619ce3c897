import { createRegistry } from "@bufbuild/protobuf";
import { file_google_rpc_error_details } from "../gen/google/rpc/error_details_pb";

/** What may stand in an Any: the details of errors. */
export const registry = createRegistry(file_google_rpc_error_details);
