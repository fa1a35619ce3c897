"""What a caller may do. Which call needs what is read off the protos."""

from collections.abc import Mapping, Sequence, Set
from enum import StrEnum

from google.protobuf.descriptor_pb2 import MethodOptions
from google.protobuf.descriptor_pool import Default


class Scope(StrEnum):
    """A scope, as it stands in the claim `scope` of a token (RFC 8693)."""

    READ = "hatchery.read"
    CREATE = "hatchery.create"
    OPERATE = "hatchery.operate"


EVERYTHING = frozenset(Scope)
# Of a token that says nothing of Hatchery's scopes.
_USUAL = frozenset({Scope.READ, Scope.CREATE})
_KNOWN: Mapping[str, Scope] = {scope.value: scope for scope in Scope}
# Reaches beyond the caller's own with another scope, which the call looks at itself.
_ALSO: Mapping[str, Scope] = {
    "/hatchery.gateway.v1.GenerationService/CancelGeneration": Scope.OPERATE,
    "/hatchery.gateway.v1.GenerationService/QueryGenerationStats": Scope.OPERATE,
}


def scopes_of(claim: object) -> Set[Scope]:
    """The scopes in a claim: words in a string, or a list of them.

    Without any of ours, as an issuer writes that knows none, it is reading and creating.
    """
    words = claim.split() if isinstance(claim, str) else claim if isinstance(claim, list) else ()
    ours = frozenset(_KNOWN[word] for word in words if isinstance(word, str) and word in _KNOWN)
    return ours or _USUAL


def needed_by(services: Sequence[str]) -> dict[str, Sequence[Scope]]:
    """For each method of services, as "/package.Service/Method", the scopes of which one will do.

    Reading is what its proto says has no side effects; anything else creates.
    """
    needed: dict[str, Sequence[Scope]] = {}
    for name in services:
        for method in Default().FindServiceByName(name).methods:
            reads = method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
            path = f"/{name}/{method.name}"
            own = Scope.READ if reads else Scope.CREATE
            needed[path] = (own, _ALSO[path]) if path in _ALSO else (own,)
    return needed
