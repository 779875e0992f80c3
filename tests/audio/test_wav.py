from __future__ import annotations

import io
import wave

import numpy as np
import pytest

from audio import wav
from audio.clip import AudioClip
from tests.audio.sounds import sine, stereo


@pytest.mark.parametrize("channels", [1, 2])
def test_python_s_own_reader_agrees_with_the_header(channels: int) -> None:
    content = wav.wav_header(10, 22_050, channels) + bytes(10 * 2 * channels)
    with wave.open(io.BytesIO(content)) as file:
        assert file.getparams()[:4] == (channels, 2, 22_050, 10)


def test_a_length_beyond_four_gigabytes_says_to_the_end() -> None:
    header = wav.wav_header(2**32, 48_000, 2)
    assert len(header) == wav.HEADER_BYTES
    assert header.endswith(b"\xff\xff\xff\xff")


def test_writing_leaves_the_stream_at_its_end() -> None:
    clip = stereo(sine(440, 0.1), sine(660, 0.1))
    file = io.BytesIO(b"before")
    file.seek(6)
    wav.write([clip, clip], file)
    assert file.tell() == 6 + wav.HEADER_BYTES + 2 * 4_800 * 4
    assert file.getvalue()[6:50] == wav.wav_header(9_600, 48_000, 2)
    assert file.getvalue()[50:] == 2 * wav.pcm_bytes(clip)


def test_one_file_holds_one_format() -> None:
    with pytest.raises(ValueError, match="one format"):
        wav.write([sine(1, 0.1, 48_000), sine(1, 0.1, 16_000)], io.BytesIO())


def test_nothing_is_a_valid_file_too() -> None:
    file = io.BytesIO()
    wav.write([], file)
    assert len(file.getvalue()) == wav.HEADER_BYTES
    assert wav.pcm_bytes(AudioClip(np.array([2.0, -1.0], dtype=np.float32), 8_000)) == b"\xff\x7f\x01\x80"
