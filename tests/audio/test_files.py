"""Writing and reading back, and reading what others made, whole or damaged."""

from __future__ import annotations

import csv
import io
import os
import random
import resource
import stat
import struct
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio import files, wav
from audio.clip import AudioClip, join
from core.errors import (
    DamagedRecording,
    DiskFull,
    UnknownAudioFormat,
    UnreadableAudio,
    UnreadableFile,
    UnwritableFile,
)
from tests.audio.sounds import part, pitch_hz, sine, stereo
from tests.small_disk import FILLER, fill

FORMS = list(files.FORMATS)
ROUNDED_UP_FRAMES = {"m4a": 1_023, "mp3": 46}
"""MP4 players round up to whole AAC frames; the padding that MP3 can state has a smallest value."""


def blocks_of(clip: AudioClip, frames: int = 7_001) -> Iterator[AudioClip]:
    for start in range(0, clip.frames, frames):
        yield AudioClip(clip.samples[start : start + frames], clip.sample_rate)


def encoded(clip: AudioClip, form: str) -> io.BytesIO:
    file = io.BytesIO()
    files.encode(blocks_of(clip), file, form)
    return file


def decoded(source: Path | io.BytesIO, sample_rate: int) -> AudioClip:
    return join(list(files.decode(source, sample_rate)))


class TestWriting:
    @pytest.mark.parametrize("form", FORMS)
    @given(frames=st.integers(2_000, 60_000), sample_rate=st.sampled_from([16_000, 22_050, 44_100, 48_000]))
    @settings(max_examples=6)
    def test_the_length_comes_back(self, form: str, frames: int, sample_rate: int) -> None:
        clip = AudioClip(sine(440, 4, sample_rate).samples[:frames], sample_rate)
        back = decoded(encoded(clip, form), sample_rate)
        assert 0 <= back.frames - frames <= ROUNDED_UP_FRAMES.get(form, 1)

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("channels", [1, 2])
    def test_the_sound_comes_back_in_its_place(self, form: str, channels: int) -> None:
        tone = sine(1_000, 1.0, amplitude=0.3)
        clip = join([AudioClip.silence(24_000, 48_000), tone, AudioClip.silence(24_000, 48_000)])
        back = decoded(encoded(stereo(clip, clip) if channels == 2 else clip, form), 48_000)
        assert pitch_hz(part(back, 0.5, 1.5)) == pytest.approx(1_000, abs=2)
        assert np.max(np.abs(part(back, 0.6, 1.4).samples)) == pytest.approx(0.3, abs=0.03)
        loud = np.flatnonzero(np.abs(back.samples) > 0.1)
        assert loud[0] == pytest.approx(24_000, abs=150)
        assert loud[-1] == pytest.approx(72_000, abs=150)

    @pytest.mark.parametrize("form", ["wav", "flac"])
    def test_lossless_formats_lose_nothing_but_bits(self, form: str) -> None:
        clip = sine(440, 0.5, amplitude=0.9)
        assert np.allclose(decoded(encoded(clip, form), 48_000).samples, clip.samples, atol=1.1 / 32768)

    @pytest.mark.parametrize("form", FORMS)
    def test_a_path_gets_what_a_stream_gets(self, form: str, tmp_path: Path) -> None:
        target = tmp_path / f"session.{form}"
        target.write_bytes(b"an older one")
        files.encode(blocks_of(sine(440, 0.5)), target, target.suffix)
        assert decoded(target, 48_000).frames == pytest.approx(24_000, abs=1_024)
        assert list(tmp_path.iterdir()) == [target]

    @pytest.mark.parametrize("form", FORMS)
    def test_nothing_to_write_is_no_fault(self, form: str) -> None:
        assert io.BytesIO() != encoded(AudioClip.silence(0, 48_000), form)

    @pytest.mark.parametrize("form", ["aiff", "", ".wav.exe"])
    def test_an_unknown_ending_is_refused_with_the_known_ones(self, form: str) -> None:
        with pytest.raises(UnknownAudioFormat) as refused:
            files.encode([], io.BytesIO(), form)
        assert ".opus" in refused.value.next_step

    def test_an_ending_may_be_in_capitals(self) -> None:
        assert decoded(encoded(sine(440, 0.1), ".MP3"), 48_000).frames > 0

    @pytest.mark.parametrize("form", FORMS)
    def test_a_failure_on_the_way_leaves_the_old_file_and_nothing_else(self, form: str, tmp_path: Path) -> None:
        target = tmp_path / f"session.{form}"
        target.write_bytes(b"an older one")

        def breaking_off() -> Iterator[AudioClip]:
            yield sine(440, 0.5)
            raise UnreadableAudio

        with pytest.raises(UnreadableAudio):
            files.encode(breaking_off(), target, form)
        assert target.read_bytes() == b"an older one"
        assert list(tmp_path.iterdir()) == [target]

    @pytest.mark.parametrize("form", FORMS)
    def test_a_full_disk_is_named_and_nothing_stays_behind(self, form: str, tmp_path: Path) -> None:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, before[1]))
        try:
            with pytest.raises(DiskFull):
                files.encode([noise_for(2.0)], tmp_path / f"session.{form}", form)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert not list(tmp_path.iterdir())

    @pytest.mark.parametrize("form", FORMS)
    def test_a_disk_that_is_full_from_the_start_is_named_and_nothing_is_printed(
        self, form: str, small_disk: Path, capfd: pytest.CaptureFixture[str]
    ) -> None:
        fill(small_disk)
        # In the short one, it is seeking that first finds no room.
        for seconds in (0.01, 3.0):
            with pytest.raises(DiskFull):
                files.encode([noise_for(seconds)], small_disk / f"session.{form}", form)
        assert [path.name for path in small_disk.iterdir()] == [FILLER]
        assert capfd.readouterr() == ("", "")

    def test_a_place_that_cannot_be_written_is_named(self, tmp_path: Path) -> None:
        for target in (tmp_path / "missing" / "a.wav", tmp_path):
            with pytest.raises(UnwritableFile):
                files.encode([sine(440, 0.1)], target, "wav")
        assert not list(tmp_path.parent.glob(".*.part"))

    def test_a_place_that_cannot_be_written_is_named_before_any_sound_is_made(self, tmp_path: Path) -> None:
        def sound() -> Iterator[AudioClip]:
            raise AssertionError("it was made")
            yield

        os.mkfifo(tmp_path / "pipe.wav")
        (tmp_path / "folder.wav").mkdir()
        (tmp_path / "file").touch()
        targets = ("missing/a.wav", "folder.wav", "pipe.wav", "file/a.wav", f"{'x' * 300}.wav", "a\0.wav", ".")
        for target in targets:
            with pytest.raises(UnwritableFile):
                files.expect_writable(tmp_path / target, "wav")
            with pytest.raises(UnwritableFile):
                files.encode(sound(), tmp_path / target, "wav")
        with pytest.raises(UnknownAudioFormat):
            files.expect_writable(tmp_path / "a.txt", ".txt")
        files.expect_writable(tmp_path / "a.wav", ".wav")
        files.expect_writable(tmp_path / "file", ".wav")

    def test_a_folder_that_is_not_ours_to_write_is_named_beforehand(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(files.os, "access", lambda *_: False)
        with pytest.raises(UnwritableFile):
            files.expect_writable(tmp_path / "a.wav", "wav")

    @pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
    def test_a_file_is_for_those_that_the_umask_lets(self, tmp_path: Path, umask: int, mode: int) -> None:
        before = os.umask(umask)
        try:
            files.encode([sine(440, 0.1)], tmp_path / "a.wav", "wav")
            files.encode([sine(440, 0.1)], tmp_path / "b.wav", "wav", files.OWNER_ONLY)
        finally:
            os.umask(before)
        assert stat.S_IMODE((tmp_path / "a.wav").stat().st_mode) == mode
        assert stat.S_IMODE((tmp_path / "b.wav").stat().st_mode) == 0o600

    @pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
    def test_a_file_that_is_replaced_keeps_who_may_read_it(self, tmp_path: Path, mode: int) -> None:
        target = tmp_path / "a.wav"
        target.touch()
        target.chmod(mode)
        files.encode([sine(440, 0.1)], target, "wav")
        assert stat.S_IMODE(target.stat().st_mode) == mode

    def test_the_longest_name_can_be_written(self, tmp_path: Path) -> None:
        target = tmp_path / f"{'🌬' * 62}.wav"
        files.encode([sine(440, 0.1)], target, "wav")
        assert list(tmp_path.iterdir()) == [target]


def noise_for(seconds: float) -> AudioClip:
    samples = np.random.default_rng(3).uniform(-0.5, 0.5, round(48_000 * seconds))
    return AudioClip(samples.astype(np.float32), 48_000)


class TestReading:
    def test_blocks_are_short_mono_and_at_the_asked_rate(self) -> None:
        blocks = list(files.decode(encoded(stereo(sine(440, 5), sine(440, 5)), "mp3"), 16_000))
        assert len(blocks) > 8
        assert all(block.channels == 1 and block.sample_rate == 16_000 for block in blocks)
        assert all(0 < block.frames <= 16_000 for block in blocks)
        assert sum(block.frames for block in blocks) == 80_000

    def test_channels_are_averaged(self) -> None:
        clip = stereo(sine(440, 1, amplitude=0.8), AudioClip.silence(48_000, 48_000))
        assert np.max(np.abs(decoded(encoded(clip, "flac"), 48_000).samples)) == pytest.approx(0.4, abs=0.001)

    @pytest.mark.parametrize(("bits", "code"), [(8, 1), (16, 1), (24, 1), (32, 1), (32, 3), (64, 3)])
    def test_every_kind_of_wav(self, bits: int, code: int) -> None:
        samples = 0.5 * np.sin(2 * np.pi * 440 * np.arange(8_000) / 8_000)
        if code == 3:
            data = samples.astype(f"<f{bits // 8}").tobytes()
        elif bits == 8:
            data = np.round(samples * 128 + 128).astype(np.uint8).tobytes()
        else:
            whole = (samples * (2**31 - 1)).astype("<i4")
            data = b"".join(value.tobytes()[4 - bits // 8 :] for value in whole)
        shape = struct.pack("<HHIIHH", code, 1, 8_000, 1_000 * bits, bits // 8, bits)
        content = b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt " + struct.pack("<I", 16) + shape
        back = decoded(io.BytesIO(content + b"data" + struct.pack("<I", len(data)) + data), 8_000)
        assert back.frames == 8_000
        assert np.allclose(back.samples, samples, atol=0.01)

    def test_impossible_samples_become_possible_ones(self) -> None:
        samples = np.array([0.5, np.nan, np.inf, -np.inf, 70_000.0, -0.5] * 500, dtype="<f4")
        header = bytearray(wav.wav_header(6_000, 8_000, 1))
        header[20:36] = struct.pack("<HHIIHH", 3, 1, 8_000, 32_000, 4, 32)
        back = decoded(io.BytesIO(bytes(header) + samples.tobytes()), 8_000)
        assert np.all(np.isfinite(back.samples))
        assert np.max(np.abs(back.samples)) <= 1.0

    def test_a_file_that_breaks_off_gives_what_came_before(self) -> None:
        # An Ogg page holds a second, and half a page is none.
        for form, lost_seconds in {"wav": 0.01, "mp3": 0.1, "ogg": 1.1, "flac": 0.2}.items():
            content = encoded(noise_for(3), form).getvalue()
            back = decoded(io.BytesIO(content[: len(content) * 2 // 3]), 48_000)
            assert 2.0 - lost_seconds <= back.duration_seconds <= 2.1

    def test_a_hole_in_the_middle_costs_only_the_hole(self) -> None:
        content = bytearray(encoded(sine(440, 6), "mp3").getvalue())
        middle = len(content) // 2
        content[middle : middle + 3_000] = bytes(3_000)
        assert decoded(io.BytesIO(content), 16_000).duration_seconds == pytest.approx(6.0, abs=0.6)

    def test_one_sample_is_sound(self) -> None:
        assert decoded(io.BytesIO(wav.wav_header(1, 16_000, 1) + b"\x00\x10"), 16_000).frames == 1

    @pytest.mark.parametrize(
        "content",
        [b"", b"\0", b"not sound at all " * 100, wav.wav_header(0, 16_000, 1), os.urandom(5_000), bytes(100_000)],
        ids=["empty", "one byte", "text", "header only", "random", "zeros"],
    )
    def test_what_holds_no_sound_is_unreadable(self, content: bytes) -> None:
        with pytest.raises(UnreadableAudio):
            list(files.decode(io.BytesIO(content)))

    def test_a_playlist_leads_nowhere(self, tmp_path: Path) -> None:
        target = tmp_path / "private.wav"
        files.encode([sine(440, 1)], target, "wav")
        playlists = (
            f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n",
            f"ffconcat version 1.0\nfile '{target}'\n",
        )
        for playlist in playlists:
            with pytest.raises(UnreadableAudio):
                list(files.decode(io.BytesIO(playlist.encode())))

    def test_paths_that_are_no_files(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        for path in (tmp_path, tmp_path / "missing", tmp_path / "pipe", Path("/dev/zero"), Path("zero\0byte")):
            with pytest.raises(UnreadableFile):
                next(files.decode(path))

    def test_the_stream_stays_open_and_can_be_read_again(self) -> None:
        file = encoded(sine(440, 1), "ogg")
        assert decoded(file, 16_000).frames == decoded(file, 16_000).frames == 16_000

    def test_a_fault_of_the_stream_itself_is_passed_on(self) -> None:
        class Damaged(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                if self.tell() > 100_000:
                    raise DamagedRecording
                return super().read(size)

        heard: list[AudioClip] = []
        with pytest.raises(DamagedRecording):
            heard.extend(files.decode(Damaged(encoded(sine(440, 5), "wav").getvalue()), 16_000))
        assert join(heard).duration_seconds > 1.0

    def test_a_long_file_is_read_in_little_memory(self) -> None:
        def peak_bytes(minutes: int) -> int:
            tracemalloc.reset_peak()
            assert sum(block.frames for block in files.decode(SilentWav(minutes))) == minutes * 60 * 16_000
            return tracemalloc.get_traced_memory()[1]

        tracemalloc.start()
        try:
            peak_bytes(1)
            assert peak_bytes(20) < peak_bytes(2) + 500_000
        finally:
            tracemalloc.stop()

    def test_a_sound_longer_than_a_day_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(files, "LONGEST_SECONDS", 60)
        assert sum(block.frames for block in files.decode(SilentWav(1))) == 60 * 16_000
        with pytest.raises(UnreadableAudio):
            list(files.decode(SilentWav(2)))


class SilentWav(io.RawIOBase):
    """Minutes of silence at 16 kHz that are nowhere stored."""

    def __init__(self, minutes: int) -> None:
        frames = minutes * 60 * 16_000
        self._header = wav.wav_header(frames, 16_000, 1)
        self._size = len(self._header) + 2 * frames
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._position = offset + (0, self._position, self._size)[whence]
        return self._position

    def read(self, size: int = -1) -> bytes:
        start, self._position = self._position, min(self._position + size, self._size)
        count = max(0, self._position - start)
        return self._header[start : start + count].ljust(count, b"\0")


class TestHostileFiles:
    def test_every_damaged_file_gives_sound_or_a_calm_error(self, shared_data: Path) -> None:
        folder = shared_data / "badaudio"
        with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as manifest:
            rows = list(csv.DictReader(manifest, delimiter="\t"))
        assert len(rows) > 100
        silent = []
        for row in rows:
            path = folder / row["file"]
            for source in (path, io.BytesIO(path.read_bytes())):
                try:
                    frames = sum(block.frames for block in files.decode(source))
                except UnreadableAudio:
                    silent.append(row["file"])
                else:
                    assert frames > 0, row["file"]
        # Whatever plain decoding makes something of, this makes something of, too.
        assert not {row["file"] for row in rows if row["expect"] == "decodes"} & set(silent)

    @pytest.mark.parametrize("form", FORMS)
    @given(seed=st.integers(0, 10_000))
    @settings(max_examples=25)
    def test_damage_of_any_kind_gives_sound_or_a_calm_error(self, form: str, seed: int) -> None:
        content = bytearray(VICTIMS[form])
        chance = random.Random(seed)
        for _ in range(chance.choice([1, 3, 30])):
            at = chance.randrange(len(content))
            length = chance.choice([1, 4, 100])
            content[at : at + length] = chance.randbytes(length) if chance.random() < 0.8 else b""
        try:
            back = decoded(io.BytesIO(content), 16_000)
        except UnreadableAudio:
            return
        assert back.frames > 0
        assert np.all(np.isfinite(back.samples))


VICTIMS = {form: encoded(sine(440, 1.0), form).getvalue() for form in FORMS}
