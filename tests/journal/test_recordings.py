from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import wave
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import DamagedRecording, DiskFull, NoRecording, NotReady, UnknownEntry
from journal import recording_writer
from journal.cipher import DataKey
from journal.ids import new_id
from journal.recording_format import FRAMES_START, LONGEST_BLOCK_BYTES
from journal.recordings import Recordings
from tests.architecture.house import REPOSITORY

ENTRY = "01m850rbd061xqthbvg85b5vck"
BLOCKS = (b"first block, ", b"2nd, ", b"a third one of its own length, ", b"last")
SPOKEN = b"".join(BLOCKS)


def recorded(recordings: Recordings, *blocks: bytes, entry_id: str = ENTRY, finish: bool = True) -> None:
    with recordings.create(entry_id, "audio/webm") as writer:
        for block in blocks:
            writer.append(block)
        if finish:
            writer.finish()


def read_in_pieces(recordings: Recordings, size: int = 7) -> tuple[bytes, bool]:
    """What can be read, and whether damage stopped the reading."""
    heard = b""
    try:
        with recordings.open(ENTRY) as reader:
            while piece := reader.read(size):
                heard += piece
    except DamagedRecording:
        return heard, True
    return heard, False


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "recordings" / f"{ENTRY}.rec"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, key: DataKey) -> bytes:
    """A finished recording as it lies on disk."""
    folder = tmp_path_factory.mktemp("whole")
    recorded(Recordings(folder, key), *BLOCKS)
    return (folder / f"{ENTRY}.rec").read_bytes()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, key: DataKey) -> tuple[Recordings, Path]:
    """Where one changed file after the other can be put."""
    folder = tmp_path_factory.mktemp("changed")
    return Recordings(folder, key), folder / f"{ENTRY}.rec"


def test_what_is_recorded_can_be_read(recordings: Recordings, path: Path) -> None:
    recorded(recordings, *BLOCKS)
    with recordings.open(ENTRY) as reader:
        assert (reader.media_type, reader.complete, reader.readable_bytes) == ("audio/webm", True, len(SPOKEN))
        assert reader.read() == SPOKEN
        assert reader.read() == b""
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_of_it_is_on_disk_in_the_clear(recordings: Recordings, path: Path) -> None:
    recorded(recordings, *BLOCKS)
    content = path.read_bytes()
    assert not any(piece in content for piece in (*BLOCKS, b"audio", b"webm"))


def test_the_same_words_look_different_each_time(recordings: Recordings, path: Path, whole: bytes) -> None:
    recorded(recordings, *BLOCKS)
    assert path.read_bytes()[8:] != whole[8:]
    assert len(path.read_bytes()) == len(whole)


def test_every_block_is_readable_while_the_next_is_spoken(recordings: Recordings) -> None:
    with recordings.create(ENTRY, "audio/webm") as writer:
        for count, block in enumerate(BLOCKS, start=1):
            writer.append(block)
            with recordings.open(ENTRY) as reader:
                assert reader.read() == b"".join(BLOCKS[:count])
                assert reader.complete is False


def test_an_empty_recording_is_a_recording(recordings: Recordings) -> None:
    recorded(recordings, b"")
    with recordings.open(ENTRY) as reader:
        assert (reader.read(), reader.complete) == (b"", True)


def test_reading_anywhere_gives_what_a_plain_file_gives(recordings: Recordings) -> None:
    chance = random.Random(3)
    lengths = (1, 5, LONGEST_BLOCK_BYTES, LONGEST_BLOCK_BYTES + 1, 3 * LONGEST_BLOCK_BYTES - 1, 17)
    blocks = [chance.randbytes(length) for length in lengths]
    plain = b"".join(blocks)
    recorded(recordings, *blocks)
    with recordings.open(ENTRY) as reader:
        for _ in range(200):
            start, size = chance.randrange(len(plain) + 10), chance.randrange(400_000)
            assert reader.seek(start) == reader.tell() == start
            assert reader.read(size) == plain[start : start + size]
            assert reader.tell() == start + len(plain[start : start + size])
        assert reader.seek(-5, os.SEEK_END) == len(plain) - 5
        assert reader.seek(2, os.SEEK_CUR) == len(plain) - 3
        assert reader.read() == plain[-3:]
        with pytest.raises(ValueError, match="negative"):
            reader.seek(-1)
    with pytest.raises(ValueError, match="closed"):
        reader.read(1)


def test_other_programs_can_read_from_it_as_from_a_file(recordings: Recordings, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 16_000, 0, "NONE", ""))
        sound.writeframes(bytes(64_000))
    data = (tmp_path / "sound.wav").read_bytes()
    recorded(recordings, *(data[start : start + 999] for start in range(0, len(data), 999)))
    with recordings.open(ENTRY) as reader, wave.open(reader, "rb") as sound:
        assert sound.getnframes() == 32_000
        assert sound.readframes(32_000) == bytes(64_000)


@settings(max_examples=300)
@given(cut=st.integers(min_value=0))
def test_a_file_cut_anywhere_is_readable_to_its_last_whole_block(
    cut: int, whole: bytes, place: tuple[Recordings, Path]
) -> None:
    recordings, path = place
    path.write_bytes(whole[: cut % len(whole)])
    heard, damaged = read_in_pieces(recordings)
    assert not damaged
    assert heard in {b"".join(BLOCKS[:count]) for count in range(len(BLOCKS) + 1)}
    with recordings.open(ENTRY) as reader:
        assert reader.complete is False
    recovered = recordings.recover(ENTRY)
    assert (recovered.readable_bytes, recovered.complete) == (len(heard), False)
    assert read_in_pieces(recordings) == (heard, False)
    with recordings.open(ENTRY) as reader:
        assert reader.whole_bytes is None


@settings(max_examples=300)
@given(bit=st.integers(min_value=0))
def test_a_flipped_bit_hides_nothing_before_it_and_is_noticed(
    bit: int, whole: bytes, place: tuple[Recordings, Path]
) -> None:
    recordings, path = place
    changed = bytearray(whole)
    bit %= 8 * len(changed)
    changed[bit // 8] ^= 1 << bit % 8
    path.write_bytes(changed)
    heard, damaged = read_in_pieces(recordings)
    assert damaged
    # Everything up to the block that holds the bit: as much as a file cut there would give.
    path.write_bytes(whole[: bit // 8])
    assert heard == read_in_pieces(recordings)[0]
    path.write_bytes(changed)
    with pytest.raises(DamagedRecording):
        recordings.open(ENTRY).read()


def test_recovering_does_not_cut_away_damage(recordings: Recordings, path: Path) -> None:
    recorded(recordings, *BLOCKS)
    changed = bytearray(path.read_bytes())
    changed[-200] ^= 1
    path.write_bytes(changed)
    recordings.recover(ENTRY)
    assert path.read_bytes() == changed


def test_zeros_that_a_power_cut_leaves_count_as_cut_off(recordings: Recordings, path: Path) -> None:
    recorded(recordings, *BLOCKS, finish=False)
    size_bytes = path.stat().st_size
    path.write_bytes(path.read_bytes() + bytes(100_000))
    assert read_in_pieces(recordings) == (SPOKEN, False)
    assert recordings.recover(ENTRY).readable_bytes == len(SPOKEN)
    assert path.stat().st_size == size_bytes


def test_blocks_cannot_be_moved_within_or_between_files(recordings: Recordings, path: Path) -> None:
    recorded(recordings, b"a" * 50, b"b" * 50)
    other = new_id(datetime(2026, 11, 24, tzinfo=UTC))
    recorded(recordings, b"c" * 50, b"d" * 50, entry_id=other)
    first = path.read_bytes()
    frame = (len(first) - FRAMES_START - 59 - 49) // 2  # start frame has 10 bytes of content, end frame none
    start = FRAMES_START + 59
    swapped = first[:start] + first[start + frame : start + 2 * frame] + first[start : start + frame]
    path.write_bytes(swapped + first[start + 2 * frame :])
    assert read_in_pieces(recordings) == (b"", True)
    mixed = (path.parent / f"{other}.rec").read_bytes()
    path.write_bytes(first[: start + frame] + mixed[start + frame :])
    assert read_in_pieces(recordings) == (b"a" * 50, True)
    path.write_bytes(mixed)
    assert read_in_pieces(recordings) == (b"", True)


def test_another_key_opens_nothing(recordings: Recordings, folder: Path) -> None:
    recorded(recordings, *BLOCKS)
    with pytest.raises(DamagedRecording):
        Recordings(folder / "recordings", DataKey(b"k" * 32)).open(ENTRY)


def test_two_writers_of_one_recording_are_refused(recordings: Recordings, folder: Path, key: DataKey) -> None:
    again = Recordings(folder / "recordings", key)
    with recordings.create(ENTRY, "audio/webm") as writer:
        assert again.being_written(ENTRY)
        for forbidden in (lambda: again.create(ENTRY, "x"), lambda: again.recover(ENTRY), lambda: again.delete(ENTRY)):
            with pytest.raises(NotReady):
                forbidden()
        writer.append(b"words")
        writer.finish()
    assert not again.being_written(ENTRY)
    with pytest.raises(NotReady):  # it is there already
        again.create(ENTRY, "x")
    with again.open(ENTRY) as reader:
        assert reader.read() == b"words"
    with pytest.raises(ValueError, match="closed"):
        writer.append(b"more")
    assert [one.name for one in (folder / "recordings").iterdir()] == [f"{ENTRY}.rec"]


DIES = """
import os, sys
from pathlib import Path
from journal.cipher import DataKey
from journal.recordings import Recordings
writer = Recordings(Path(sys.argv[1]), DataKey(bytes(range(32)))).create(sys.argv[2], "audio/webm")
writer.append(b"spoken before the crash")
print("ready", flush=True)
sys.stdin.readline()
os.kill(os.getpid(), 9)
"""


def test_a_recording_belongs_to_its_process_until_that_dies(recordings: Recordings, folder: Path) -> None:
    command = [sys.executable, "-c", DIES, str(folder / "recordings"), ENTRY]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        assert recordings.being_written(ENTRY)
        with pytest.raises(NotReady):
            recordings.recover(ENTRY)
        process.communicate("\n")
    assert not recordings.being_written(ENTRY)
    assert recordings.recover(ENTRY).readable_bytes == len(b"spoken before the crash")
    assert [one.name for one in (folder / "recordings").iterdir()] == [f"{ENTRY}.rec"]


FILLS = """
import resource, sys
from pathlib import Path
from core.errors import DiskFull
from journal.cipher import DataKey
from journal.recordings import Recordings
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
recordings = Recordings(Path(sys.argv[1]), DataKey(bytes(range(32))))
writer = recordings.create(sys.argv[2], "audio/webm")
for count in range(10):
    try:
        writer.append(bytes([count]) * 1000)
    except DiskFull:
        print(count)
        break
with recordings.open(sys.argv[2]) as reader:
    assert reader.whole_bytes is None
writer.append(b"a little still fits")
writer.finish()
"""


def test_at_a_real_limit_of_space_what_was_spoken_stays(recordings: Recordings, folder: Path) -> None:
    command = [sys.executable, "-c", FILLS, str(folder / "recordings"), ENTRY]
    run = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert run.stdout == "4\n"
    with recordings.open(ENTRY) as reader:
        assert reader.read() == b"".join(bytes([count]) * 1000 for count in range(4)) + b"a little still fits"
        assert reader.complete is True


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_takes_an_append_wholly_or_not_at_all(
    fault: int, recordings: Recordings, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = recordings.create(ENTRY, "audio/webm")
    writer.append(b"kept")
    real_write = os.write

    def half(descriptor: int, content: memoryview) -> int:
        if len(content) <= 60:
            raise OSError(fault, "full")
        return real_write(descriptor, content[: len(content) // 2])

    with monkeypatch.context() as full:
        full.setattr(recording_writer.os, "write", half)
        with pytest.raises(DiskFull):
            writer.append(b"x" * 2 * LONGEST_BLOCK_BYTES)
        with pytest.raises(DiskFull):
            writer.finish()
    writer.append(b" and more")
    writer.finish()
    assert writer.bytes_written == len(b"kept and more")
    assert read_in_pieces(recordings) == (b"kept and more", False)


def test_no_room_for_even_a_beginning_leaves_nothing_behind(
    recordings: Recordings, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as full:
        full.setattr(recording_writer.os, "write", refuse)
        with pytest.raises(DiskFull):
            recordings.create(ENTRY, "audio/webm")
    assert list((folder / "recordings").iterdir()) == []
    recorded(recordings, b"now there is room")


def test_deleting_leaves_nothing_and_may_be_repeated(recordings: Recordings, folder: Path) -> None:
    recorded(recordings, *BLOCKS)
    recordings.delete(ENTRY)
    recordings.delete(ENTRY)
    assert list((folder / "recordings").iterdir()) == []
    assert not recordings.exists(ENTRY)
    for missing in (recordings.open, recordings.recover):
        with pytest.raises(NoRecording):
            missing(ENTRY)


@pytest.mark.parametrize("entry_id", ["../journal", "", "x/y", ENTRY + "\0"])
def test_what_is_no_id_does_not_reach_the_disk(entry_id: str, recordings: Recordings, tmp_path: Path) -> None:
    for use in (recordings.open, recordings.delete, recordings.exists, lambda one: recordings.create(one, "x")):
        with pytest.raises(UnknownEntry):
            use(entry_id)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))
