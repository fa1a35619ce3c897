"""An issuer of tokens with keys of every kind, whose public halves are a JSON Web Key Set."""

import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm


class SigningKey:
    """One key; `name` is its `kid`."""

    def __init__(self, name: str, algorithm: str = "ES256", *, bits: int = 2048) -> None:
        self.name = name
        self.algorithm = algorithm
        self.private: Any
        self._to_jwk: Any
        if algorithm.startswith(("RS", "PS")):
            self.private = rsa.generate_private_key(65537, bits)
            self._to_jwk = RSAAlgorithm.to_jwk
        elif algorithm == "EdDSA":
            self.private = ed25519.Ed25519PrivateKey.generate()
            self._to_jwk = OKPAlgorithm.to_jwk
        else:
            curve = {"ES256": ec.SECP256R1, "ES384": ec.SECP384R1, "ES512": ec.SECP521R1}
            self.private = ec.generate_private_key(curve[algorithm]())
            self._to_jwk = ECAlgorithm.to_jwk

    def jwk(self, *, private: bool = False, **members: Any) -> dict[str, Any]:
        """It as a JSON Web Key."""
        key = self.private if private else self.private.public_key()
        return json.loads(self._to_jwk(key)) | {"kid": self.name} | members

    def token(self, subject: str, *, seconds: float = 600, **claims: Any) -> str:
        """A token for an owner; a claim that is None is left out; `headers` go into its head."""
        headers = {"kid": self.name} | claims.pop("headers", {})
        algorithm = claims.pop("algorithm", self.algorithm)
        usual = {"iss": "hatchery", "aud": "hatchery", "sub": subject, "exp": time.time() + seconds}
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        return jwt.encode(said, self.private, algorithm, headers)


def key_set(*keys: SigningKey | dict[str, Any]) -> bytes:
    """A JSON Web Key Set of keys."""
    return json.dumps(
        {"keys": [key.jwk() if isinstance(key, SigningKey) else key for key in keys]}
    ).encode()
