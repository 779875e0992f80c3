"""Recordings as sound: to be heard by a recogniser, played by a browser, or written to a file.

A recording from a file keeps its original bytes. One from a microphone is bare 16 bit samples, because a WAV header
would have to be mended at the end, and what was spoken is only ever appended.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from audio import files
from audio.clip import AudioClip
from journal.recordings import RecordingReader

MICROPHONE_RATE_HZ = 16_000
MICROPHONE_MEDIA_TYPE = f"audio/x-raw;format=S16LE;rate={MICROPHONE_RATE_HZ};channels=1"
BYTES_PER_FRAME = 2
BLOCK_FRAMES = MICROPHONE_RATE_HZ


def microphone_bytes(block: AudioClip) -> bytes:
    """A mono block at ``MICROPHONE_RATE_HZ`` as it is appended to a recording."""
    return block.to_int16().astype("<i2").tobytes()


def sound_of(recording: RecordingReader) -> Iterator[AudioClip]:
    """The sound of a recording in mono blocks at ``MICROPHONE_RATE_HZ``, never much of it in memory.

    Raises:
        UnreadableAudio: there is no sound in it that can be read.
        DamagedRecording: part of it was changed on disk.
    """
    if recording.media_type == MICROPHONE_MEDIA_TYPE:
        return _microphone_blocks(recording)
    return files.decode(recording, MICROPHONE_RATE_HZ)


def _microphone_blocks(recording: RecordingReader) -> Iterator[AudioClip]:
    while data := recording.read(BLOCK_FRAMES * BYTES_PER_FRAME):
        whole = len(data) // BYTES_PER_FRAME * BYTES_PER_FRAME
        yield AudioClip.from_int16(np.frombuffer(data[:whole], dtype="<i2").astype(np.int16), MICROPHONE_RATE_HZ)


class PlayableRecording:
    """The bytes that a player understands: the original file, or the microphone's samples behind a WAV header.

    ``media_type``: for players; ``size_bytes``: of all that ``read`` can give.
    """

    def __init__(self, recording: RecordingReader) -> None:
        self._recording = recording
        self._header = b""
        self.media_type = recording.media_type
        if recording.media_type == MICROPHONE_MEDIA_TYPE:
            self._header = files.wav_header(recording.readable_bytes // BYTES_PER_FRAME, MICROPHONE_RATE_HZ, 1)
            self.media_type = "audio/wav"
        self.size_bytes = len(self._header) + recording.readable_bytes

    def read(self, start: int, count: int) -> bytes:
        """Up to ``count`` bytes from ``start``; fewer only at the end.

        Raises:
            DamagedRecording: these bytes were changed on disk.
        """
        head = self._header[start : start + count]
        self._recording.seek(max(0, start - len(self._header)))
        return head + self._recording.read(count - len(head)) if len(head) < count else head

    def blocks(self, block_bytes: int = 256 * 1024) -> Iterator[bytes]:
        """All of it, in order."""
        for start in range(0, self.size_bytes, block_bytes):
            yield self.read(start, block_bytes)
