"""Certificates for devices: an authority they are told to trust, and what the broker shows them, signed by it.

The authority lasts ten years, as long as devices do; the broker's certificate a year, and a new one is trusted at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Pair = dict[str, str]
"""PEM texts `certificate` and `key`."""

CURVE = ec.SECP256R1()
AUTHORITY_DAYS, SERVER_DAYS = 3650, 397
LENIENCE = timedelta(hours=1)
"""Clocks of devices may be slow."""


def authority() -> Pair:
    key, name = ec.generate_private_key(CURVE), _name("Shaodao pagers")
    usage = {name: name in ("key_cert_sign", "crl_sign") for name in USAGES}
    made = (
        _begun(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
    )
    return _pair(made.sign(key, hashes.SHA256()), key)


def server(signer: Pair, names: Sequence[str]) -> Pair:
    """For a server that devices know by these names or addresses."""
    issuer = x509.load_pem_x509_certificate(signer["certificate"].encode())
    issuer_key, key = load_pem_private_key(signer["key"].encode(), None), ec.generate_private_key(CURVE)
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey)
    made = (
        _begun(_name(names[0]), issuer.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([_known_as(each) for each in names]), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
    )
    return _pair(made.sign(issuer_key, hashes.SHA256()), key)


USAGES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


def _begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key, x509.random_serial_number())
        .not_valid_before(now - LENIENCE)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _pair(made: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> Pair:
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {"certificate": made.public_bytes(Encoding.PEM).decode(), "key": private.decode()}


def _name(words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, words)])


def _known_as(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
