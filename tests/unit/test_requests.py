"""What requests can say at all."""

import pytest
from google.protobuf.descriptor import Descriptor
from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.llm.v1 import llm_service_pb2 as llm

from tests.support.calls import RPCS

_PLACES = {"address", "base", "endpoint", "host", "path", "port", "proxy", "server", "target"} | {
    "uri",
    "url",
}


def _fields(message: Descriptor, seen: set[str]) -> list[str]:
    if message.full_name in seen or message.full_name.startswith("google."):
        return []
    seen.add(message.full_name)
    found = []
    for field in message.fields:
        found.append(f"{message.full_name}.{field.name}")
        if field.message_type:
            found += _fields(field.message_type, seen)
    return found


@pytest.mark.parametrize(
    "request_type",
    {
        method.input_type.full_name: method.input_type
        for method in (
            *RPCS.values(),
            *llm.DESCRIPTOR.services_by_name["LlmService"].methods,
            *avatar.DESCRIPTOR.services_by_name["AvatarService"].methods,
        )
    }.values(),
    ids=lambda type_: type_.name,
)
def test_no_request_says_where_anything_lives(request_type: Descriptor) -> None:
    """Neither an engine, nor a picture, nor a file: nobody can send a server somewhere."""
    for name in _fields(request_type, set()):
        assert not _PLACES & set(name.rpartition(".")[2].split("_")), name
