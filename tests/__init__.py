"""The tests. They start processes while gRPC runs in their own, and gRPC is not to mind a fork."""

import os

os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
