"""A certificate authority of this machine's own, and the certificate of its server: browsers hand out the microphone
only over https. The door to ``cryptography.x509``.

Whoever trusts the authority trusts it for the addresses of home networks only (name constraints, RFC 5280, 4.2.1.10),
so that its key opens nothing else, even in wrong hands.
"""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from core.paths import private_folder
from journal.durable_files import disk_faults_are_said, write_atomically

AUTHORITY_NAME: Final = "Outbreath at home"
AUTHORITY_DAYS: Final = 3650
SERVER_DAYS: Final = 397
"""iPhones refuse certificates that are valid for longer than 398 days."""

RENEWED_DAYS_BEFORE: Final = 30
BACKDATED: Final = timedelta(hours=1)
"""A phone's clock may be behind."""

HOME_NETWORKS: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7")
)
"""Addresses that no machine elsewhere has (RFC 1918, 3927, 4193), and this machine's own."""

HOME_NAMES: Final = ("local", "home.arpa")
"""Without a name that is allowed all names would be (RFC 6762 and 8375)."""

Key = ec.EllipticCurvePrivateKey


class Signed(NamedTuple):
    """A certificate and the key that belongs to it."""

    certificate: x509.Certificate
    key: Key


class Certificates:
    """Kept with their keys, in a folder that only its owner can read; made when they are first needed.

    Args:
        folder: need not exist.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def authority(self, now: datetime) -> bytes:
        """The certificate that a phone is to trust, as DER."""
        return self._authority(now).certificate.public_bytes(serialization.Encoding.DER)

    def fingerprint(self, now: datetime) -> str:
        """What a phone shows of that certificate: SHA-256 in pairs of hexadecimal digits."""
        return self._authority(now).certificate.fingerprint(hashes.SHA256()).hex(":").upper()

    def for_server(self, address: str, now: datetime) -> Path:
        """A PEM file with key and certificate of the server at ``address`` (a number), renewed a month before it ends.

        Raises:
            DiskFull, JournalUnreadable: it cannot be kept.
        """
        authority = self._authority(now)
        file = self._folder / "server.pem"
        known = _read(file)
        if known is None or not _serves(known.certificate, address, authority.certificate, now):
            self._keep(file, _server(address, authority, now))
        return file

    def _authority(self, now: datetime) -> Signed:
        file = self._folder / "authority.pem"
        known = _read(file)
        if known is not None and now < known.certificate.not_valid_after_utc:
            return known
        made = _new_authority(now)
        self._keep(file, made)
        return made

    def _keep(self, file: Path, signed: Signed) -> None:
        pem, unprotected = serialization.Encoding.PEM, serialization.NoEncryption()
        key = signed.key.private_bytes(pem, serialization.PrivateFormat.PKCS8, unprotected)
        with disk_faults_are_said():
            private_folder(self._folder)
            write_atomically(file, key + signed.certificate.public_bytes(pem))


def _read(file: Path) -> Signed | None:
    """What a file holds; None if it is not whole."""
    try:
        content = file.read_bytes()
        certificate = x509.load_pem_x509_certificate(content)
        key = serialization.load_pem_private_key(content, password=None)
    except (OSError, ValueError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        return None
    return Signed(certificate, key)


def _new_authority(now: datetime) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, AUTHORITY_NAME)])
    at_home = [*map(x509.IPAddress, HOME_NETWORKS), *map(x509.DNSName, HOME_NAMES)]
    certificate = (
        _begun(now, AUTHORITY_DAYS, AUTHORITY_NAME, name)
        .public_key(key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs_only(), critical=True)
        .add_extension(x509.NameConstraints(at_home, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Signed(certificate, key)


def _server(address: str, authority: Signed, now: datetime) -> Signed:
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    certificate = (
        _begun(now, SERVER_DAYS, "Outbreath on this machine", authority.certificate.subject)
        .public_key(key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Signed(certificate, key)


def _serves(certificate: x509.Certificate, address: str, authority: x509.Certificate, now: datetime) -> bool:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    renewed = certificate.not_valid_after_utc - timedelta(days=RENEWED_DAYS_BEFORE)
    return ipaddress.ip_address(address) in names.get_values_for_type(x509.IPAddress) and now < renewed


def _begun(now: datetime, days: int, name: str, issuer: x509.Name) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - BACKDATED)
        .not_valid_after(now + timedelta(days=days))
    )


def _signs_only() -> x509.KeyUsage:
    others = ("content_commitment", "data_encipherment", "decipher_only", "digital_signature", "encipher_only")
    more = ("key_agreement", "key_encipherment")
    return x509.KeyUsage(key_cert_sign=True, crl_sign=False, **dict.fromkeys((*others, *more), False))
