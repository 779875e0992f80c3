from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from core.errors import (
    DiskFull,
    JournalBusy,
    JournalUnreadable,
    OutbreathError,
)
from core.transcript import Transcript
from journal.entry import State
from journal.filing import Filing
from journal.notebook import Notebook
from journal.processing import Processing
from tests.journal.journals import recorded
from tests.journal.processing.working import CANARY, LONGEST_WAIT_SECONDS, settled


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
