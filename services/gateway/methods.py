"""The methods of the gateway's services, as their protos describe them."""

from collections.abc import Mapping, Sequence

from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.descriptor_pool import Default


def methods_of(services: Sequence[str]) -> Mapping[str, MethodDescriptor]:
    """The methods of services, whose full names are given, by "/package.Service/Method"."""
    return {
        f"/{service}/{method.name}": method
        for service in services
        for method in Default().FindServiceByName(service).methods
    }
