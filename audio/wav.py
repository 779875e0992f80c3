"""WAV by hand: 16 bit PCM with the plain 44 byte header, so that its length is known before its sound is."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from io import SEEK_END
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


def pcm_bytes(clip: AudioClip) -> bytes:
    """The clip's samples as they follow the header."""
    return clip.to_int16().astype("<i2").tobytes()


def wav_bytes(clip: AudioClip) -> bytes:
    """A whole WAV file in memory, for sounds of a few seconds."""
    return wav_header(clip.frames, clip.sample_rate, clip.channels) + pcm_bytes(clip)


def write(blocks: Iterable[AudioClip], file: BinaryIO) -> None:
    """Writes blocks of one format to a seekable stream as a WAV file, as they come.

    Raises:
        ValueError: the blocks differ in format.
    """
    start = file.tell()
    file.write(bytes(HEADER_BYTES))
    form, frames = None, 0
    for block in blocks:
        form = form or (block.sample_rate, block.channels)
        if (block.sample_rate, block.channels) != form:
            raise ValueError("a WAV file holds one format")
        file.write(pcm_bytes(block))
        frames += block.frames
    file.seek(start)
    file.write(wav_header(frames, *(form or (48_000, 1))))
    file.seek(0, SEEK_END)
