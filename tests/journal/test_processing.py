from __future__ import annotations

import base64
import io
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.errors import (
    DiskFull,
    JournalBusy,
    JournalUnreadable,
    ModelDamaged,
    ModelMissing,
    NoRecording,
    NotReady,
    OutbreathError,
    TranscriptionFailed,
    UnknownEntry,
)
from core.transcript import Transcript
from journal.entry import Entry, State, Tag
from journal.filing import Filing
from journal.notebook import Notebook
from journal.processing import Processing
from journal.recordings import RecordingReader
from tests.conftest import REPOSITORY
from tests.fakes.encoder import FakeEncoder
from tests.journal.journals import KEY, heard, opened, recorded

CANARY = "I was angry because the quetzalcoatl pharmacy was closed"
LONGEST_WAIT_SECONDS = 60


def transcribe(recording: RecordingReader) -> Transcript:
    return heard(recording.read().decode())


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with opened(tmp_path) as notebook:
        yield notebook


@pytest.fixture
def processing_with(tmp_path: Path, notebook: Notebook) -> Iterator[Callable[..., Processing]]:
    made: list[Processing] = []

    def processing(transcribe: Callable[[RecordingReader], Transcript] = transcribe) -> Processing:
        made.append(Processing(tmp_path, KEY, notebook, transcribe))
        return made[-1]

    yield processing
    for each in made:
        each.stop()


def settled(processing: Processing, entry_id: str) -> Entry:
    entry = processing.wait(entry_id, LONGEST_WAIT_SECONDS)
    assert entry.state.settled
    return entry


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


def recorded_and_submitted(notebook: Notebook, processing: Processing) -> str:
    entry_id = recorded(notebook, "one more")
    processing.submit(entry_id)
    return entry_id


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


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What would take seconds and minutes takes moments."""
    monkeypatch.setattr("journal.filing.PAUSES_SECONDS", (0.01, 0.01))
    monkeypatch.setattr("journal.processing.SECOND_LOOK_SECONDS", 0.2)


@pytest.mark.parametrize(
    ("trouble", "step", "times"),
    [
        (JournalBusy, "set_state", 1),
        (JournalBusy, "store_transcript", 5),
        (JournalBusy, "store_tags", 5),
        (DiskFull, "store_transcript", 5),
        (JournalUnreadable, "recording", 5),
    ],
)
def test_a_trouble_that_passes_makes_no_recording_fail(
    trouble: type[OutbreathError],
    step: str,
    times: int,
    impatient: None,
    notebook: Notebook,
    processing_with: Callable[..., Processing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    left = [trouble()] * times
    works = getattr(notebook, step)

    def troubled(*arguments: object) -> object:
        if left:
            raise left.pop()
        return works(*arguments)

    monkeypatch.setattr(notebook, step, troubled)
    entry_id = recorded(notebook, CANARY)
    with processing_with() as processing:
        processing.submit(entry_id)
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while not notebook.entry(entry_id).state.settled:
            assert time.monotonic() < until
            threading.Event().wait(0.02)
        entry = notebook.entry(entry_id)
    assert (entry.state, entry.text, entry.failure, left) == (State.READY, CANARY, None, [])


def test_a_start_that_a_busy_journal_prevents_is_made_up_for(
    impatient: None,
    notebook: Notebook,
    processing_with: Callable[..., Processing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy() -> None:
        raise JournalBusy

    entry_id = recorded(notebook, CANARY)
    processing = processing_with()
    with monkeypatch.context() as patch:
        patch.setattr(notebook, "recover", busy)
        with pytest.raises(JournalBusy):
            processing.start()
        assert not processing.holds_work
    assert settled(processing, entry_id).state is State.READY


def test_a_recording_that_cannot_be_queued_now_is_queued_later(
    impatient: None,
    notebook: Notebook,
    processing_with: Callable[..., Processing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def busy(_: object) -> None:
        raise JournalBusy

    with processing_with() as processing:
        entry_id = recorded(notebook, CANARY)
        with monkeypatch.context() as patch:
            patch.setattr("journal.work_requests.inspect", busy)
            processing.submit(entry_id)
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while not notebook.entry(entry_id).state.settled:
            assert time.monotonic() < until
            threading.Event().wait(0.02)


def test_what_cannot_be_saved_is_said_and_tried_again_at_the_next_start(
    impatient: None,
    notebook: Notebook,
    processing_with: Callable[..., Processing],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise DiskFull

    entry_id = recorded(notebook, CANARY)
    with monkeypatch.context() as patch, processing_with() as processing:
        patch.setattr(notebook, "store_transcript", full)
        patch.setattr(notebook, "set_state", full)
        processing.submit(entry_id)
        with pytest.raises(DiskFull):
            settled(processing, entry_id)
    assert processing_with().work_until_settled(entry_id).state is State.READY


def test_a_round_made_while_the_work_that_met_trouble_still_ends_forgets_nothing(
    impatient: None, notebook: Notebook, processing_with: Callable[..., Processing], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_aside = Filing.put_aside

    def put_aside_and_make_a_round(filing: Filing, entry_id: str, trouble: OutbreathError) -> None:
        put_aside(filing, entry_id, trouble)
        processing._make_round()

    troubles = [DiskFull()] * 3
    store_transcript = notebook.store_transcript

    def full_for_now(entry_id: str, transcript: Transcript) -> None:
        if troubles:
            raise troubles.pop()
        store_transcript(entry_id, transcript)

    monkeypatch.setattr(notebook, "store_transcript", full_for_now)
    monkeypatch.setattr(Filing, "put_aside", put_aside_and_make_a_round)
    entry_id = recorded(notebook, CANARY)
    with processing_with() as processing:
        processing.submit(entry_id)
        until = time.monotonic() + LONGEST_WAIT_SECONDS
        while not notebook.entry(entry_id).state.settled:
            assert time.monotonic() < until
            time.sleep(0.02)


def test_what_cannot_be_started_leaves_nothing_running(
    notebook: Notebook, processing_with: Callable[..., Processing], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> None:
        raise DiskFull

    processing = processing_with()
    with monkeypatch.context() as patch:
        patch.setattr(notebook, "recover", full)
        with pytest.raises(DiskFull), processing:
            pass
    assert not processing.holds_work
    assert not [thread for thread in threading.enumerate() if thread.name == "rounds"]


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


def remembered(processing: Processing) -> str:
    """Everything in the database of the work, as text, and what is packed in it unpacked."""
    with processing._engine.connect() as connection:
        tables = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'").scalars().all()
        rows = [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    packed = [value for row in rows for value in row if isinstance(value, str) and value.startswith("gA")]
    return str(rows) + "".join(base64.b64decode(value).decode("latin-1") for value in packed)


def test_work_that_is_over_is_forgotten(notebook: Notebook, processing_with: Callable[..., Processing]) -> None:
    entry_id = recorded(notebook, CANARY)
    processing_with().work_until_settled(entry_id)
    with processing_with() as processing:
        assert entry_id not in remembered(processing)


# --- What entries mean -----------------------------------------------------------------------------------------------


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def understanding(tmp_path: Path, encoder: FakeEncoder) -> Iterator[Notebook]:
    with opened(tmp_path, encoder) as notebook:
        yield notebook


def embedded(notebook: Notebook) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while notebook.not_embedded(1):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_recording_is_found_by_its_meaning_once_it_is_ready(tmp_path: Path, understanding: Notebook) -> None:
    entry_id = recorded(understanding, CANARY)
    with Processing(tmp_path, KEY, understanding, transcribe) as processing:
        processing.submit(entry_id)
        settled(processing, entry_id)
        assert understanding.not_embedded(1) == ()
        (result,) = understanding.search("furious").results
    assert (result.entry.id, result.matched) == (entry_id, ("meaning",))


def test_what_has_no_meaning_yet_gets_it_in_the_background(
    tmp_path: Path, understanding: Notebook, encoder: FakeEncoder
) -> None:
    encoder.error = ModelDamaged("of the search")
    ids = [understanding.write(f"furious {number}").id for number in range(25)]
    encoder.error = None
    with Processing(tmp_path, KEY, understanding, transcribe) as processing:
        embedded(understanding)
        rows = remembered(processing)
    assert understanding.search("rage ").total == 25
    assert not any(entry_id in rows for entry_id in ids)
    assert "furious" not in rows


def test_an_encoder_that_fails_holds_nothing_up(
    tmp_path: Path, understanding: Notebook, encoder: FakeEncoder, caplog: pytest.LogCaptureFixture
) -> None:
    encoder.error = ValueError(CANARY)
    entry_id = recorded(understanding, CANARY)
    with Processing(tmp_path, KEY, understanding, transcribe) as processing:
        processing.submit(entry_id)
        assert settled(processing, entry_id).state is State.READY
    assert understanding.not_embedded(1) == (entry_id,)
    assert "quetzalcoatl" not in caplog.text


# --- A newer tagger ---------------------------------------------------------------------------------------------------


class NewerTagger:
    """Finds everything calm. ``error`` may be set."""

    version = "newer"

    def __init__(self) -> None:
        self.error: Exception | None = None

    def suggest(self, text: str) -> tuple[Tag, ...]:
        if self.error is not None:
            raise self.error
        return (Tag(name="calm", kind="feeling", confidence=0.9),)


def tagged_anew(notebook: Notebook) -> None:
    until = time.monotonic() + LONGEST_WAIT_SECONDS
    while notebook.not_tagged(1):
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_newer_tagger_reads_old_entries_again_and_leaves_what_the_person_decided(tmp_path: Path) -> None:
    with opened(tmp_path) as older:
        plain, confirmed, refused = (older.write(CANARY).id for _ in range(3))
        older.tag(confirmed, "angry")
        older.tag(refused, "calm")
        older.untag(refused, "calm")
        assert older.not_tagged(10) == ()
    with opened(tmp_path, tagger=NewerTagger()) as notebook:
        assert notebook.not_tagged(10) == (refused, confirmed, plain)
        with Processing(tmp_path, KEY, notebook, transcribe) as processing:
            tagged_anew(notebook)
            rows = remembered(processing)
        tags = {
            each: {(tag.name, tag.source) for tag in notebook.entry(each).tags} for each in (plain, confirmed, refused)
        }
    assert tags == {
        plain: {("calm", "suggested")},
        confirmed: {("angry", "person"), ("calm", "suggested")},
        refused: set(),
    }
    assert plain not in rows
    assert "quetzalcoatl" not in rows


def test_a_tagger_that_fails_leaves_old_entries_as_they_are(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with opened(tmp_path) as older:
        entry = older.write(CANARY)
    tagger = NewerTagger()
    tagger.error = ValueError(CANARY)
    with opened(tmp_path, tagger=tagger) as notebook:
        filing = Filing(notebook, transcribe)
        assert not filing.catch_up()
        assert not filing.has_to_catch_up()
        assert notebook.entry(entry.id) == entry
    assert "quetzalcoatl" not in caplog.text


def test_an_entry_filed_while_the_tagger_failed_is_tagged_by_the_next_start(tmp_path: Path) -> None:
    tagger = NewerTagger()
    tagger.error = ValueError("broken")
    with opened(tmp_path, tagger=tagger) as notebook, Processing(tmp_path, KEY, notebook, transcribe) as processing:
        typed = notebook.write("At last some rest.").id
        spoken = recorded(notebook, "At last some rest.")
        processing.submit(spoken)
        assert settled(processing, spoken).state is State.READY
        assert {*notebook.not_tagged(10)} == {typed, spoken}
    with opened(tmp_path, tagger=NewerTagger()) as notebook, Processing(tmp_path, KEY, notebook, transcribe):
        tagged_anew(notebook)
        assert [tag.name for each in (typed, spoken) for tag in notebook.entry(each).tags] == ["calm", "calm"]


# --- Killed ----------------------------------------------------------------------------------------------------------

DONE = ["transcribing", "transcribed", "tagged", "settled"]


def worker(folder: Path, *place: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.journal.worker", str(folder), *place],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def kill_at(folder: Path, place: str) -> None:
    """Starts a worker and kills it once it stands still at ``place``."""
    process = worker(folder, place)
    steps = folder / "steps"
    while not (steps.exists() and "here" in steps.read_text().splitlines()):
        assert process.poll() is None, process.communicate()[0].decode()
        threading.Event().wait(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    steps.write_text(steps.read_text().replace("here\n", ""))


def finish(folder: Path) -> None:
    """Lets a worker do all that is left."""
    last = worker(folder)
    output, _ = last.communicate(timeout=LONGEST_WAIT_SECONDS)
    assert (last.returncode, output) == (0, b"")


def steps_done(folder: Path) -> list[str]:
    return (folder / "steps").read_text().splitlines()


@pytest.mark.parametrize("place", DONE)
def test_killed_anywhere_it_finishes_after_a_restart_without_repeating_what_is_done(
    place: str, tmp_path: Path, notebook: Notebook
) -> None:
    entry_id = recorded(notebook, CANARY)
    kill_at(tmp_path, place)
    before = steps_done(tmp_path)
    assert before == DONE[: DONE.index(place) + 1]
    finish(tmp_path)
    entry = notebook.entry(entry_id)
    assert (entry.state, entry.text) == (State.READY, CANARY)
    # The step that was cut off is repeated from its beginning, none before it.
    again = {"transcribing": "transcribing", "transcribed": "transcribing"}.get(place, place)
    if place == "settled":  # the entry was ready already, so the last worker may end before it says so again
        assert steps_done(tmp_path) in (DONE, [*DONE, "settled"])
    else:
        assert steps_done(tmp_path) == before + DONE[DONE.index(again) :]


def test_killed_again_and_again_it_finishes_in_the_end(tmp_path: Path, notebook: Notebook) -> None:
    ids = [recorded(notebook, f"number {number}") for number in range(2)]
    for place in ("tagged", "transcribed"):
        kill_at(tmp_path, place)
    finish(tmp_path)
    assert [notebook.entry(entry_id).text for entry_id in ids] == ["number 0", "number 1"]
    assert {notebook.entry(entry_id).state for entry_id in ids} == {State.READY}


def test_when_the_process_with_the_work_is_killed_the_one_that_waits_takes_over(
    tmp_path: Path, notebook: Notebook, processing_with: Callable[..., Processing]
) -> None:
    entry_id = recorded(notebook, CANARY)
    process = worker(tmp_path, "transcribing")
    while not (tmp_path / "steps").exists():
        assert process.poll() is None
        threading.Event().wait(0.02)
    with processing_with() as processing:
        assert not processing.holds_work
        process.kill()
        process.communicate()
        assert settled(processing, entry_id).text == CANARY
