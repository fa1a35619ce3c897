"""What a caller may do. Which call needs what is read off the protos."""

from collections.abc import Iterable, Mapping, Sequence, Set
from enum import StrEnum

from google.protobuf.descriptor_pb2 import MethodOptions

from services.gateway.methods import methods_of


class Scope(StrEnum):
    """A scope, as it stands in the claim `scope` of a token (RFC 8693)."""

    READ = "hatchery.read"
    CREATE = "hatchery.create"
    OPERATE = "hatchery.operate"


EVERYTHING = frozenset(Scope)
_OURS = "hatchery."
_KNOWN: Mapping[str, Scope] = {scope.value: scope for scope in Scope}
# Reaches beyond the caller's own with another scope, which the call looks at itself.
_ALSO: Mapping[str, Scope] = {
    "/hatchery.gateway.v1.GenerationService/CancelGeneration": Scope.OPERATE,
    "/hatchery.gateway.v1.GenerationService/QueryGenerationStats": Scope.OPERATE,
}


def scopes_of(claims: Iterable[object], usual: Set[Scope]) -> Set[Scope]:
    """The scopes in claims, each of them words in a string or a list of such.

    Where none has a word of Hatchery's, as an issuer writes that knows none, they are the `usual`.
    """
    words = [
        word
        for claim in claims
        for part in (claim if isinstance(claim, list) else [claim])
        if isinstance(part, str)
        for word in part.split()
    ]
    if not any(word.lower().startswith(_OURS) for word in words):
        return usual
    return frozenset(_KNOWN[word] for word in words if word in _KNOWN)


def needed_by(services: Sequence[str]) -> dict[str, Sequence[Scope]]:
    """For each method of services, as "/package.Service/Method", the scopes of which one will do.

    Reading is what its proto says has no side effects; anything else creates.
    """
    needed: dict[str, Sequence[Scope]] = {}
    for path, method in methods_of(services).items():
        reads = method.GetOptions().idempotency_level == MethodOptions.NO_SIDE_EFFECTS
        own = Scope.READ if reads else Scope.CREATE
        needed[path] = (own, _ALSO[path]) if path in _ALSO else (own,)
    return needed
