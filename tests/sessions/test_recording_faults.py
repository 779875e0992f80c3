"""What is wrong with recorded lines is told by the check and in the library, not when somebody lies there listening."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from audio import files
from audio.clip import AudioClip, join
from core.errors import BadScript
from sessions import recording_faults
from sessions.recording_faults import RecordingFaults
from sessions.script_files import Library, examine_file
from tests.audio.sounds import sine
from tests.sessions.writing import CONTRACT_EXAMPLE

RATE = 48_000
PLAY_LINE = 10


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """A script that plays a recording which is not there yet."""
    path = tmp_path / "scripts" / "mine.md"
    path.parent.mkdir()
    path.write_text(CONTRACT_EXAMPLE.replace("{bell}", "{play welcome.wav}"))
    return path


def recorded(path: Path, seconds: float = 4.0, form: str | None = None) -> Path:
    words = join([AudioClip.silence(RATE, RATE), sine(300, seconds, RATE)])
    files.encode([words], path, form or path.suffix)
    return path


def told(script: Path) -> list[tuple[int, str]]:
    """What the check and the library say, which is the same."""
    checked = examine_file(script).faults
    listed = Library(script.parent).summary("mine").faults
    assert checked == listed
    assert all(fault.hint for fault in checked)
    return [(fault.line, fault.problem) for fault in checked]


def test_a_whole_recording_is_no_fault(script: Path) -> None:
    recorded(script.with_name("welcome.wav"))
    assert told(script) == []


def test_one_that_is_missing_is_told(script: Path) -> None:
    assert told(script) == [(PLAY_LINE, "welcome.wav isn't there")]


def test_a_folder_is_no_recording(script: Path) -> None:
    script.with_name("welcome.wav").mkdir()
    assert told(script) == [(PLAY_LINE, "welcome.wav isn't there")]


def test_a_pipe_is_not_waited_for(script: Path) -> None:
    os.mkfifo(script.with_name("welcome.wav"))
    assert told(script) == [(PLAY_LINE, "welcome.wav isn't there")]


def test_one_outside_the_folder_is_refused(script: Path, tmp_path: Path) -> None:
    recorded(tmp_path / "elsewhere.wav")
    script.with_name("welcome.wav").symlink_to(tmp_path / "elsewhere.wav")
    assert told(script) == [(PLAY_LINE, "welcome.wav leads out of the folder")]


@pytest.mark.parametrize(
    "content",
    [b"", b"RIFF", b"RIFF nothing at all", b"not audio", b"\x00" * 5000, CONTRACT_EXAMPLE.encode(), os.urandom(5000)],
)
def test_what_is_no_sound_is_told(script: Path, content: bytes) -> None:
    script.with_name("welcome.wav").write_bytes(content)
    assert told(script) == [(PLAY_LINE, "welcome.wav is no sound that can be read")]


def test_one_without_a_single_frame_is_told(script: Path) -> None:
    files.encode([AudioClip.silence(0, RATE)], script.with_name("welcome.wav"), "wav")
    assert told(script) == [(PLAY_LINE, "welcome.wav is no sound that can be read")]


def test_a_silent_one_is_told(script: Path) -> None:
    files.encode([AudioClip.silence(3 * RATE, RATE)], script.with_name("welcome.wav"), "wav")
    assert told(script) == [(PLAY_LINE, "welcome.wav is silent")]


def test_one_that_may_not_be_read_is_told(script: Path) -> None:
    recorded(script.with_name("welcome.wav")).chmod(0)
    if os.access(script.with_name("welcome.wav"), os.R_OK):
        pytest.skip("whoever runs this may read everything")
    assert [line for line, _ in told(script)] == [PLAY_LINE]


def test_one_that_is_too_long_is_found_by_the_check(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording_faults, "LONGEST_SECONDS", 3)
    recorded(script.with_name("welcome.wav"))
    assert [fault.problem for fault in examine_file(script).faults] == ["welcome.wav is too long"]


def test_recordings_that_need_more_than_the_script_may_last_are_found_by_the_check(script: Path) -> None:
    header = "---\ntitle: Try\nkind: meditation\nminutes: {default: 0.2, min: 0.1, max: %s}\n---\n"
    recorded(script.with_name("long.wav"), 30)
    for body, longest, told_faults in (
        ("! {play long.wav}", "0.4", ["longer than max (0.4)"]),
        ("! {play long.wav}", "2", ["longer than default (0.2)"]),
        ("{play long.wav}\n! Sit.", "2", []),
    ):
        script.write_text(header % longest + body)
        session = examine_file(script)
        assert [fault.problem.split("minutes or more, ")[1] for fault in session.faults] == told_faults
        assert all(fault.line == 4 and "recordings" in fault.problem for fault in session.faults)
        assert [remark.problem.split(" about")[0] for remark in session.remarks] == ["with normal guidance"] * (
            not told_faults
        )


@pytest.mark.parametrize("form", sorted(files.FORMATS))
def test_one_whose_end_is_missing_is_found_by_the_check(script: Path, form: str) -> None:
    recording = recorded(script.with_name("welcome.wav"), 20, form)
    whole = recording.read_bytes()
    assert examine_file(script).faults == ()
    recording.write_bytes(whole[: len(whole) * 6 // 10])
    (fault,) = examine_file(script).faults
    assert (fault.line, fault.hint != "") == (PLAY_LINE, True)


def test_a_session_with_such_a_recording_cannot_be_played(script: Path) -> None:
    script.with_name("welcome.wav").write_bytes(b"not audio")
    with pytest.raises(BadScript) as refused:
        Library(script.parent).script("mine")
    assert [line for line, _, _ in refused.value.faults] == [PLAY_LINE]


def test_listing_opens_a_recording_once_and_again_when_it_has_changed(
    script: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = recorded(script.with_name("welcome.wav"), 60)
    heard_seconds: list[float] = []
    decode = files.decode

    def counted(path: Path, sample_rate: int) -> object:
        heard_seconds.append(0.0)
        for block in decode(path, sample_rate):
            heard_seconds[-1] += block.duration_seconds
            yield block

    monkeypatch.setattr(files, "decode", counted)
    library = Library(script.parent)
    assert [library.summary("mine").faults for _ in range(3)] == [()] * 3
    assert len(heard_seconds) == 1
    assert heard_seconds[0] < 3
    recording.write_bytes(b"not audio")
    assert library.summary("mine").faults
    assert len(heard_seconds) == 2


def test_each_place_that_plays_it_is_told(script: Path) -> None:
    script.write_text(CONTRACT_EXAMPLE + "{play a.wav}\n{play a.wav}\n{play b.wav}\n")
    recorded(script.with_name("b.wav"))
    lines = CONTRACT_EXAMPLE.count("\n")
    parsed = Library(script.parent)
    assert [fault.line for fault in parsed.summary("mine").faults] == [lines + 1, lines + 2]
    assert RecordingFaults().of(parsed._shelved("mine").script, script) == list(parsed.summary("mine").faults)
