"""Verified by OpenSSL, as a browser would: by the ssl module, over a real connection."""

from __future__ import annotations

import socket
import ssl
import stat
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from outbreath.phones.certificates import Certificates

NOW = datetime.now(UTC)
ADDRESS = "127.0.0.2"


def shake_hands(server_pem: Path, trusted: bytes, address: str = ADDRESS) -> None:
    """Raises ssl.SSLCertVerificationError if a client that trusts ``trusted`` (DER) does not believe the server."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(server_pem)
    client = ssl.create_default_context(cadata=trusted)
    near, far = socket.socketpair()

    def answer() -> None:
        try:
            server.wrap_socket(far, server_side=True).close()
        except (ssl.SSLError, OSError):
            far.close()

    answering = threading.Thread(target=answer)
    answering.start()
    try:
        client.wrap_socket(near, server_hostname=address).close()
    finally:
        near.close()
        answering.join()


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(tmp_path / "phones")


def test_who_trusts_the_authority_believes_the_server(certificates: Certificates) -> None:
    shake_hands(certificates.for_server(ADDRESS, NOW), certificates.authority(NOW))


def test_it_is_believed_at_its_own_address_only(certificates: Certificates) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(certificates.for_server(ADDRESS, NOW), certificates.authority(NOW), "192.168.1.5")


def test_another_authority_is_not_believed(certificates: Certificates, tmp_path: Path) -> None:
    other = Certificates(tmp_path / "other").authority(NOW)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(certificates.for_server(ADDRESS, NOW), other)


@pytest.mark.parametrize("name", ["bank.example", "8.8.8.8"])
def test_a_stolen_authority_vouches_for_no_page_elsewhere(
    certificates: Certificates, tmp_path: Path, name: str
) -> None:
    trusted = certificates.authority(NOW)
    key = serialization.load_pem_private_key((tmp_path / "phones" / "authority.pem").read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    authority = x509.load_der_x509_certificate(trusted)
    names = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = ec.generate_private_key(ec.SECP256R1())
    forged = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(authority.subject)
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .public_key(made.public_key())
        .add_extension(x509.SubjectAlternativeName([names]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    key_pem = made.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "forged.pem").write_bytes(key_pem + forged.public_bytes(pem))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
        shake_hands(tmp_path / "forged.pem", trusted, name)


def test_it_is_kept_renewed_in_time_and_made_anew_for_another_address(certificates: Certificates) -> None:
    first = certificates.for_server(ADDRESS, NOW).read_bytes()
    authority = certificates.authority(NOW)
    assert certificates.for_server(ADDRESS, NOW + timedelta(days=300)).read_bytes() == first
    later = NOW + timedelta(days=380)
    assert certificates.for_server(ADDRESS, later).read_bytes() != first
    assert certificates.authority(later) == authority  # phones need not trust anything new
    moved = certificates.for_server("127.0.0.3", NOW)
    shake_hands(moved, authority, "127.0.0.3")


def test_phones_take_certificates_of_at_most_398_days(certificates: Certificates) -> None:
    certificate = x509.load_pem_x509_certificate(certificates.for_server(ADDRESS, NOW).read_bytes())
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc <= timedelta(days=398)


def test_its_files_are_for_their_owner_only(certificates: Certificates, tmp_path: Path) -> None:
    certificates.for_server(ADDRESS, NOW)
    folder = tmp_path / "phones"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in folder.iterdir()} == {0o600}


@pytest.mark.parametrize("file", ["authority.pem", "server.pem"])
@pytest.mark.parametrize("keep", [0, 1, 120, 400])
def test_damaged_files_are_made_anew(certificates: Certificates, tmp_path: Path, file: str, keep: int) -> None:
    certificates.for_server(ADDRESS, NOW)
    damaged = tmp_path / "phones" / file
    damaged.write_bytes(damaged.read_bytes()[:keep])
    shake_hands(certificates.for_server(ADDRESS, NOW), certificates.authority(NOW))
