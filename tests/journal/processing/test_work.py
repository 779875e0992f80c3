from __future__ import annotations

import io
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from core.errors import (
    ModelMissing,
    NoRecording,
    NotReady,
    TranscriptionFailed,
    UnknownEntry,
)
from core.transcript import Transcript
from journal.entry import State
from journal.filing import Filing
from journal.notebook import Notebook
from journal.processing import Processing
from journal.recordings import RecordingReader
from tests.journal.journals import recorded
from tests.journal.processing.working import (
    CANARY,
    LONGEST_WAIT_SECONDS,
    recorded_and_submitted,
    remembered,
    settled,
    transcribe,
)


def test_a_recording_becomes_an_entry(notebook: Notebook, processing_with: Callable[..., Processing]) -> None:
    entry_id = recorded(notebook, CANARY)
    with processing_with() as processing:
        assert processing.holds_work
        processing.submit(entry_id)
        entry = settled(processing, entry_id)
    assert entry.state is State.READY
    assert entry.text == entry.original_text == CANARY
    assert [word.text for word in entry.words] == CANARY.split()
    assert "angry" in {tag.name for tag in entry.tags}
    assert not processing.holds_work


def test_one_program_does_its_own_work_and_lets_go(
    notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    processing = processing_with()
    for _ in range(2):
        entry = processing.work_until_settled(recorded(notebook, CANARY))
        assert entry.state is State.READY
        assert not processing.holds_work


def test_without_words_there_was_no_speech(notebook: Notebook, processing_with: Callable[..., Processing]) -> None:
    entry = processing_with().work_until_settled(recorded(notebook, ""))
    assert (entry.state, entry.text, entry.tags, entry.failure) == (State.NO_SPEECH, "", (), None)


@pytest.mark.parametrize("error", [TranscriptionFailed(), ModelMissing("base"), ValueError(CANARY)], ids=repr)
def test_a_failure_is_kept_with_its_next_step_and_can_be_retried(
    error: Exception, notebook: Notebook, processing_with: Callable[..., Processing], caplog: pytest.LogCaptureFixture
) -> None:
    errors = [error]

    def fails_once(recording: RecordingReader) -> Transcript:
        if errors:
            raise errors.pop()
        return transcribe(recording)

    entry_id = recorded(notebook, CANARY)
    with processing_with(fails_once) as processing, caplog.at_level(logging.DEBUG):
        processing.submit(entry_id)
        failed = settled(processing, entry_id)
        assert failed.state is State.FAILED
        assert failed.failure is not None
        assert failed.failure.code == getattr(error, "code", "transcription_failed")
        assert failed.failure.next_step
        with notebook.recording(entry_id) as recording:
            assert recording.read().decode() == CANARY
        processing.retry(entry_id)
        entry = settled(processing, entry_id)
    assert (entry.state, entry.text, entry.failure) == (State.READY, CANARY, None)
    assert "quetzalcoatl" not in caplog.text


def test_a_retry_asked_for_while_the_failure_is_still_being_settled_is_not_lost(
    notebook: Notebook, processing_with: Callable[..., Processing], monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [TranscriptionFailed()]
    retried = threading.Event()

    def fails_once(recording: RecordingReader) -> Transcript:
        if errors:
            raise errors.pop()
        return transcribe(recording)

    def failing_then_retried(filing: Filing, entry_id: str) -> bool:
        goes_on = written_down(filing, entry_id)
        if not goes_on:
            processing.retry(entry_id)
            retried.set()
        return goes_on

    written_down = Filing.write_down
    monkeypatch.setattr(Filing, "write_down", failing_then_retried)
    with processing_with(fails_once) as processing:
        entry_id = recorded_and_submitted(notebook, processing)
        assert retried.wait(timeout=60)  # until then the entry passes for settled: it has failed
        assert settled(processing, entry_id).state is State.READY


def test_only_what_failed_can_be_retried(notebook: Notebook, processing_with: Callable[..., Processing]) -> None:
    processing = processing_with()
    typed = notebook.write("typed")
    with pytest.raises(NoRecording):
        processing.retry(typed.id)
    ready = processing.work_until_settled(recorded(notebook, CANARY))
    with pytest.raises(NotReady):
        processing.retry(ready.id)
    entry, writer = notebook.begin()
    with writer:
        for ask in (processing.retry, processing.submit):
            with pytest.raises(NotReady):
                ask(entry.id)
    for ask in (processing.retry, processing.submit, processing.wait):
        with pytest.raises(UnknownEntry):
            ask("0" * 26)


def test_work_that_is_asked_for_twice_is_done_once(
    notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    times: list[str] = []

    def counted(recording: RecordingReader) -> Transcript:
        times.append("heard")
        return transcribe(recording)

    entry_id = recorded(notebook, CANARY)
    with processing_with(counted) as processing:
        for _ in range(3):
            processing.submit(entry_id)
        settled(processing, entry_id)
        processing.submit(entry_id)
        settled(processing, recorded_and_submitted(notebook, processing))
    assert len(times) == 2


def test_a_process_without_the_work_enqueues_and_watches_the_one_that_has_it(
    notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    def never(_: RecordingReader) -> Transcript:
        raise AssertionError("this one must not work")

    with processing_with(), processing_with(never) as other:
        assert not other.holds_work
        entry_id = recorded(notebook, CANARY)
        other.submit(entry_id)
        assert settled(other, entry_id).state is State.READY


def test_who_waits_takes_over_when_the_other_ends(
    notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    first, second = processing_with(), processing_with()
    first.start()
    second.start()
    assert (first.holds_work, second.holds_work) == (True, False)
    first.stop()
    entry_id = recorded_and_submitted(notebook, second)
    assert settled(second, entry_id).state is State.READY
    assert second.holds_work


def test_a_deleted_entry_ends_its_work_quietly(notebook: Notebook, processing_with: Callable[..., Processing]) -> None:
    def deleted_meanwhile(recording: RecordingReader) -> Transcript:
        transcript = transcribe(recording)
        if doomed in notebook.unfinished():
            notebook.delete(doomed)
        return transcript

    doomed = recorded(notebook, CANARY)
    with processing_with(deleted_meanwhile) as processing:
        with pytest.raises(UnknownEntry):
            settled(processing, doomed)
        assert settled(processing, recorded_and_submitted(notebook, processing)).state is State.READY


def test_stopping_interrupts_a_long_transcription_which_is_resumed(
    notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    listening = threading.Event()

    def endless(recording: RecordingReader) -> Transcript:
        listening.set()
        while True:
            recording.seek(0, io.SEEK_SET)
            recording.read(1)

    entry_id = recorded(notebook, CANARY)
    with processing_with(endless) as processing:
        processing.submit(entry_id)
        assert listening.wait(LONGEST_WAIT_SECONDS)
    assert notebook.entry(entry_id).state is State.TRANSCRIBING
    with processing_with() as processing:
        assert settled(processing, entry_id).text == CANARY


def test_a_recording_that_was_cut_off_is_recovered_and_written_down(
    notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    entry, writer = notebook.begin(media_type="text/plain")
    writer.append(b"cut off in the")
    writer.close()
    with processing_with() as processing:
        assert settled(processing, entry.id).text == "cut off in the"


def test_a_database_of_the_work_that_is_damaged_or_of_another_key_is_made_anew(
    tmp_path: Path, notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    entry_id = recorded(notebook, CANARY)
    (tmp_path / "work.db").write_bytes(os.urandom(8192))
    assert processing_with().work_until_settled(entry_id).state is State.READY


def test_nothing_that_was_said_is_readable_on_disk_or_kept_about_the_work(
    tmp_path: Path, notebook: Notebook, processing_with: Callable[..., Processing], capfd: pytest.CaptureFixture[str]
) -> None:
    entry_id = recorded(notebook, CANARY)
    with processing_with() as processing:
        processing.submit(entry_id)
        settled(processing, entry_id)
        for path in (path for path in tmp_path.rglob("*") if path.is_file()):
            content = path.read_bytes()
            assert b"quetzalcoatl" not in content, path
            assert entry_id.encode() not in content or path.suffix == ".lock", path
            assert path.stat().st_mode & 0o077 == 0, path
        rows = remembered(processing)
    assert entry_id in rows
    assert "quetzalcoatl" not in rows
    assert capfd.readouterr() == ("", "")


def test_work_that_is_over_is_forgotten(notebook: Notebook, processing_with: Callable[..., Processing]) -> None:
    entry_id = recorded(notebook, CANARY)
    processing_with().work_until_settled(entry_id)
    with processing_with() as processing:
        assert entry_id not in remembered(processing)
