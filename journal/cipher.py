"""Authenticated encryption: AES-256-GCM with keys derived by HKDF-SHA256. The journal's door to ``cryptography``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.errors import NoEncryption

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class NotAuthentic(Exception):
    """What was to be opened was sealed with another key or context, or was changed since."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """The random key of one journal; every other key is derived from it, so that none is used for two things."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) != KEY_BYTES:
            raise ValueError("a data key has 32 bytes")

    @classmethod
    def random(cls) -> DataKey:
        """A new key from the system's random source."""
        return cls(os.urandom(KEY_BYTES))

    def derived(self, purpose: str, salt: bytes | None = None) -> bytes:
        """32 bytes for one purpose (HKDF-SHA256, RFC 5869).

        Raises:
            NoEncryption: ``cryptography`` cannot be used on this machine.
        """
        try:
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.hazmat.primitives.kdf.hkdf import HKDF
        except ImportError:
            raise NoEncryption from None
        hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=f"outbreath {purpose}".encode())
        return hkdf.derive(self.secret)


class Cipher:
    """Seals pieces of data under one key, each with a fresh random nonce.

    Random 96-bit nonces are safe for 2^32 pieces under one key (NIST SP 800-38D, 8.3); unlike a counter they cannot
    repeat when a half-written piece is cut away and written anew.
    """

    def __init__(self, key: bytes) -> None:
        self._aead = _aes_gcm(key)

    def seal(self, plain: bytes, bound: bytes) -> bytes:
        """``nonce + encrypted + tag``. ``bound`` is not stored, but must be the same when it is opened."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._aead.encrypt(nonce, plain, bound)

    def open(self, sealed: bytes, bound: bytes) -> bytes:
        """What was sealed.

        Raises:
            NotAuthentic: a single bit differs in ``sealed``, ``bound`` or the key.
        """
        from cryptography.exceptions import InvalidTag

        if len(sealed) < SEAL_BYTES:
            raise NotAuthentic
        try:
            return self._aead.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound)
        except InvalidTag:
            raise NotAuthentic from None


SEAL_BYTES = NONCE_BYTES + TAG_BYTES
"""How much longer a sealed piece is than its content."""


def _aes_gcm(key: bytes) -> AESGCM:
    try:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    except ImportError:
        raise NoEncryption from None
    return AESGCM(key)
