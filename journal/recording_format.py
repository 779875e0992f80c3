"""How a recording lies on disk: an encrypted file of blocks, of which every whole one can be read.

    file  = magic (8 bytes) + salt (32 bytes) + frame 0 + frame 1 + ...
    frame = kind (1 byte) + length of the plain block (4 bytes, little endian) + mark (16 bytes) + sealed block

Frame 0 holds the media type, every data frame a block of the recording, the end frame nothing. Each file has keys of
its own, derived from its salt and its entry's id. The mark (HMAC-SHA256 of kind, length and number, cut to 16 bytes)
lets a reader find all blocks without decrypting them, and tells a file that was cut off (its last frame is not whole)
from one that was changed. Kind, length and number are bound into the sealed block as well.
"""

from __future__ import annotations

import hmac
import struct

from core.errors import DamagedRecording
from journal.cipher import SEAL_BYTES, Cipher, DataKey, NotAuthentic

MAGIC = b"OUTBREC1"
SALT_BYTES = 32
FRAMES_START = len(MAGIC) + SALT_BYTES
LONGEST_BLOCK_BYTES = 262_144

KIND_START, KIND_DATA, KIND_END = 1, 2, 3

_HEAD = struct.Struct("<BI")
_MARK_BYTES = 16
HEAD_BYTES = _HEAD.size + _MARK_BYTES


class FrameCodec:
    """Makes and opens the frames of one file."""

    def __init__(self, key: DataKey, salt: bytes, entry_id: str) -> None:
        self._cipher = Cipher(key.derived(f"recording {entry_id}", salt))
        self._mark_key = key.derived(f"recording marks {entry_id}", salt)

    def frame(self, kind: int, number: int, plain: bytes) -> bytes:
        """A whole frame, ready to be written."""
        head = _HEAD.pack(kind, len(plain))
        return head + self._mark(head, number) + self._cipher.seal(plain, self._bound(head, number))

    def head(self, head_bytes: bytes, number: int) -> tuple[int, int]:
        """(kind, length of the plain block in bytes) of frame ``number``.

        Raises:
            DamagedRecording: the head was changed, or belongs to another place.
        """
        head, mark = head_bytes[: _HEAD.size], head_bytes[_HEAD.size :]
        if not hmac.compare_digest(mark, self._mark(head, number)):
            raise DamagedRecording
        kind, length = _HEAD.unpack(head)
        return kind, length

    def block(self, kind: int, number: int, sealed: bytes) -> bytes:
        """The plain block.

        Raises:
            DamagedRecording: the block was changed.
        """
        try:
            return self._cipher.open(sealed, self._bound(_HEAD.pack(kind, len(sealed) - SEAL_BYTES), number))
        except NotAuthentic:
            raise DamagedRecording from None

    def _mark(self, head: bytes, number: int) -> bytes:
        return hmac.digest(self._mark_key, self._bound(head, number), "sha256")[:_MARK_BYTES]

    @staticmethod
    def _bound(head: bytes, number: int) -> bytes:
        return MAGIC + head + number.to_bytes(8, "little")
