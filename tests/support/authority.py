"""An authority that signs certificates, written as cert-manager writes them."""

import datetime as dt
import ipaddress
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

_DAY = dt.timedelta(days=1)
_LOCAL = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))


class Authority:
    """Its own key and certificate, and whatever it signs."""

    def __init__(self, name: str = "tests") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _named(name)
        basics = x509.BasicConstraints(ca=True, path_length=0)
        self._certificate = (
            _begun(self._name, self._name, self._key)
            .add_extension(basics, critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> bytes:
        """Its certificate."""
        return self._certificate.public_bytes(Encoding.PEM)

    def issue(self, name: str, *, days: int = 1) -> tuple[bytes, bytes]:
        """The certificate of a service of that name at 127.0.0.1, and its key.

        It holds for so many days from now; less than none: its time is over.
        """
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = (
            _begun(_named(name), self._name, key, days)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name), _LOCAL]), False)
            .sign(self._key, hashes.SHA256())
        )
        return certificate.public_bytes(Encoding.PEM), key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
        )

    def write(self, folder: Path, name: str, *, also: bytes = b"") -> Path:
        """Fills a folder for a service, which believes this authority, and those in `also`."""
        folder.mkdir(exist_ok=True)
        chain, key = self.issue(name)
        for file, data in (("tls.crt", chain), ("tls.key", key), ("ca.crt", self.pem + also)):
            (folder / file).write_bytes(data)
        return folder


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, days: int = 1
) -> x509.CertificateBuilder:
    now = dt.datetime.now(dt.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 9 * _DAY)
        .not_valid_after(now + days * _DAY)
    )
