"""A key that a page and this machine agree on while they can't reach each other.

The page knows the machine's public key from before. It makes a pair of keys of its own, derives from both the key
under which it keeps what is said, and forgets its private one. Whoever has the browser's storage has two public keys;
only the machine can derive the same key again. Elliptic curve Diffie-Hellman on P-256 (NIST SP 800-56A, 6.1.2.2) with
HKDF-SHA256, as browsers have it (W3C Web Cryptography).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.errors import BadValue, NoEncryption
from journal.cipher import DataKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

PURPOSE: Final = "unsent sound, machine away"
PUBLIC_KEY_BYTES: Final = 65
"""An uncompressed point: 4, x, y (SEC 1, 2.3.3)."""

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group: private keys are numbers from 1 to one less (SEC 2, 2.4.2)."""


class KeyAgreement:
    """The machine's side. Its private key follows from the journal's data key, so that nothing has to be kept.

    Raises:
        NoEncryption: ``cryptography`` cannot be used on this machine.
    """

    def __init__(self, data_key: DataKey) -> None:
        self._private = _private_key(data_key)

    @property
    def public_key(self) -> bytes:
        """The point that pages may know and keep; ``PUBLIC_KEY_BYTES`` long."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def key(self, their_public_key: bytes) -> bytes:
        """The 32 bytes that a page derived with the private key that belongs to its public one.

        Raises:
            BadValue: no point of the curve.
        """
        from cryptography.hazmat.primitives.asymmetric import ec

        try:
            if len(their_public_key) != PUBLIC_KEY_BYTES:
                raise ValueError
            theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), their_public_key)
        except ValueError:
            raise BadValue("public_key", "a point of P-256, uncompressed, in base64") from None
        # The salt binds the key to both sides; no other pair gives the same one.
        return DataKey(self._private.exchange(ec.ECDH(), theirs)).derived(PURPOSE, self.public_key + their_public_key)


def _private_key(data_key: DataKey) -> EllipticCurvePrivateKey:
    try:
        from cryptography.hazmat.primitives.asymmetric import ec
    except ImportError:
        raise NoEncryption from None
    # 256 bits leave a bias of 2^-32 towards small numbers, since the order is that close to 2^256.
    number = int.from_bytes(data_key.derived(f"{PURPOSE}, private key"), "big") % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
