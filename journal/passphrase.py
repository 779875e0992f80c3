"""From a passphrase to a key: argon2id. The one door to ``argon2-cffi``."""

from __future__ import annotations

import base64
import os
import unicodedata

from pydantic import BaseModel, ConfigDict, Field

from core.errors import NoEncryption
from journal.cipher import KEY_BYTES

SALT_BYTES = 16


class Stretching(BaseModel):
    """Parameters of argon2id, kept beside what it protects.

    The values are the second recommended option of RFC 9106, section 4: 64 MiB, three passes, four lanes. The
    limits keep a changed file from asking for all memory.
    """

    model_config = ConfigDict(frozen=True)

    salt: str
    passes: int = Field(default=3, ge=1, le=100)
    memory_kib: int = Field(default=65_536, ge=8, le=1_048_576)
    lanes: int = Field(default=4, ge=1, le=64)

    @classmethod
    def fresh(cls) -> Stretching:
        """Recommended values with a new random salt."""
        return cls(salt=base64.b64encode(os.urandom(SALT_BYTES)).decode())


def stretched(passphrase: str, stretching: Stretching) -> bytes:
    """32 bytes that only this passphrase gives; takes about a fifth of a second on purpose.

    The passphrase is brought to Unicode NFKC first, because keyboards differ in how they write accents.

    Raises:
        NoEncryption: argon2 cannot be used on this machine.
    """
    try:
        from argon2.low_level import Type, hash_secret_raw
    except ImportError:
        raise NoEncryption from None
    return hash_secret_raw(
        unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass"),
        base64.b64decode(stretching.salt),
        time_cost=stretching.passes,
        memory_cost=stretching.memory_kib,
        parallelism=stretching.lanes,
        hash_len=KEY_BYTES,
        type=Type.ID,
    )
