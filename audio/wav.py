"""WAV by hand: 16 bit PCM with the plain 44 byte header, so that its length is known before its sound is."""

from __future__ import annotations

import struct
from typing import BinaryIO

from audio.clip import AudioClip

BYTES_PER_SAMPLE = 2
HEADER_BYTES = 44
LARGEST_SIZE = 0xFFFF_FFFF


def wav_header(frames: int, sample_rate: int, channels: int) -> bytes:
    """The 44 bytes before ``frames`` frames of 16 bit little-endian PCM (Microsoft RIFF, ``WAVE_FORMAT_PCM``).

    Beyond 4 GB the sizes are written as the largest there is, which players read as "to the end of the file".
    """
    frame_bytes = channels * BYTES_PER_SAMPLE
    data_bytes = min(frames * frame_bytes, LARGEST_SIZE)
    riff_bytes = min(data_bytes + HEADER_BYTES - 8, LARGEST_SIZE)
    shape = struct.pack("<HHIIHH", 1, channels, sample_rate, sample_rate * frame_bytes, frame_bytes, 16)
    riff = b"RIFF" + struct.pack("<I", riff_bytes) + b"WAVE"
    return riff + b"fmt " + struct.pack("<I", len(shape)) + shape + b"data" + struct.pack("<I", data_bytes)


class WavWriter:
    """Writes clips of one format to a seekable file, one after the other; ``finish`` makes the header true."""

    def __init__(self, file: BinaryIO, sample_rate: int, channels: int) -> None:
        self.sample_rate = sample_rate
        self.channels = channels
        self.frames = 0
        self._file = file
        self._start = file.tell()
        file.write(wav_header(0, sample_rate, channels))

    def write(self, clip: AudioClip) -> None:
        """Appends a clip.

        Raises:
            ValueError: it has another format than the file.
        """
        if (clip.sample_rate, clip.channels) != (self.sample_rate, self.channels):
            raise ValueError("a WAV file holds one format")
        self._file.write(clip.to_int16().astype("<i2").tobytes())
        self.frames += clip.frames

    def finish(self) -> None:
        """Writes the length into the header; more may be written afterwards."""
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(wav_header(self.frames, self.sample_rate, self.channels))
        self._file.seek(end)
        self._file.flush()
