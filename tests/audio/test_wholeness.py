from __future__ import annotations

from pathlib import Path

import pytest

from audio import files
from audio.wholeness import breaks_off
from tests.audio.sounds import sine


@pytest.mark.parametrize("form", sorted(files.FORMATS))
def test_what_was_written_is_whole(tmp_path: Path, form: str) -> None:
    files.encode([sine(440, 3)], tmp_path / f"whole.{form}", form)
    assert not breaks_off(tmp_path / f"whole.{form}")


@pytest.mark.parametrize("form", ["wav", "ogg", "opus"])
@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_what_was_cut_breaks_off(tmp_path: Path, form: str, part: float) -> None:
    path = tmp_path / f"cut.{form}"
    files.encode([sine(440, 30)], path, form)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * part)])
    assert breaks_off(path)


@pytest.mark.parametrize("size", [0, 0x7FFF_FFFF, 0xFFFF_FFFF])
def test_a_stream_of_unknown_length_is_whole(tmp_path: Path, size: int) -> None:
    path = tmp_path / "stream.wav"
    files.encode([sine(440, 1)], path, "wav")
    content = path.read_bytes()
    path.write_bytes(content[:4] + size.to_bytes(4, "little") + content[8:])
    assert not breaks_off(path)


@pytest.mark.parametrize("content", [b"", b"x", b"RIFF", b"OggS", b"ID3", b"OggS" * 30])
def test_anything_can_be_asked(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd").write_bytes(content)
    assert breaks_off(tmp_path / "odd") in (True, False)


@pytest.mark.parametrize(
    ("form", "says"), [("flac", True), ("m4a", True), ("mp3", True), ("wav", False), ("ogg", False)]
)
def test_some_formats_say_how_much_they_hold(tmp_path: Path, form: str, says: bool) -> None:
    path = tmp_path / f"whole.{form}"
    files.encode([sine(440, 3)], path, form)
    promised = files.promised_seconds(path)
    assert promised == (pytest.approx(3, abs=0.1) if says else None)
