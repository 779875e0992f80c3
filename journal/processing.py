"""Turning recordings into entries, and finding out what entries mean: durable work that is finished however often the
program dies. The door to ``dbos``.

One process at a time does the work of a journal. It holds a lock that the kernel takes back when the process dies, so
whoever holds it may resume all unfinished work, whichever process had begun it. Others only enqueue and watch.
What is kept about the work are ids and yes or no, in an encrypted database of its own; never a word.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Self

from filelock import FileLock, Timeout

from core.errors import NotReady
from core.transcript import Transcript
from journal import work_database
from journal.cipher import DataKey
from journal.durable_files import OWNER_ONLY
from journal.entry import Entry, State
from journal.filing import PASSING, Filing
from journal.notebook import Notebook
from journal.recordings import RecordingReader
from journal.rounds import Rounds
from journal.store import storage_faults
from journal.work_database import make_sound, silence_dbos, work_engine
from journal.work_requests import WorkRequests

LOCK_FILE: Final = ".work.lock"

QUEUE_POLLING_SECONDS: Final = 0.4
"""Idle, this costs about 2 % of one CPU; dbos's own rounds, once a second, cost half of that."""

CATCHING_UP_POLLING_SECONDS: Final = 5.0
WAIT_POLLING_SECONDS: Final = 0.1
TAKE_OVER_SECONDS: Final = 1.0
SECOND_LOOK_SECONDS: Final = 60.0
"""How often whoever does the work looks for entries that were set aside, as when the disk was full."""

LONGEST_STOP_SECONDS: Final = 30.0

MOST_ATTEMPTS: Final = 10
"""Starts of the program after which a recording is given up that each time ended with the work on it cut off."""

_log = logging.getLogger(__name__)
# dbos allows one workflow engine per process.
_workflow_engine = threading.Lock()


class Processing:
    """The background work of one journal.

    Args:
        transcribe: see ``filing.Filing``.
    """

    def __init__(
        self, folder: Path, key: DataKey, notebook: Notebook, transcribe: Callable[[RecordingReader], Transcript]
    ) -> None:
        self._folder = folder
        self._key = key
        self._notebook = notebook
        self._filing = Filing(notebook, transcribe)
        self._lock = FileLock(folder / LOCK_FILE, timeout=0, mode=OWNER_ONLY, thread_local=False)
        self._changing = threading.RLock()
        self._rounds = Rounds(self._make_round, lambda: SECOND_LOOK_SECONDS if self.holds_work else TAKE_OVER_SECONDS)
        self._at_work = threading.Lock()
        self._engine = work_engine(folder, key)
        self._requests = WorkRequests(folder, self._engine)

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def holds_work(self) -> bool:
        """This process does the work of the journal."""
        return self._lock.is_locked

    # --- Starting and stopping -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Takes on the work, with what earlier processes left behind.

        If another process has it, takes over as soon as that one ends.

        Raises:
            DiskFull, JournalBusy, NoEncryption: the work cannot be kept safe now; that is tried again until ``stop``.
        """
        with self._changing:
            if self._rounds.started:
                return
            self._filing.resume()
            try:
                self._take_over()
            finally:
                self._rounds.start()  # what could not be begun now is begun as soon as it can

    def stop(self) -> None:
        """Lets go of the work; what is unfinished is resumed by whoever starts next. May be called at any time."""
        self._filing.interrupt()
        self._rounds.stop()
        with self._changing:
            if self.holds_work:
                self._halt()
            self._engine.dispose()

    def _take_over(self) -> None:
        """Starts working, if nobody else does, with what earlier processes left behind."""
        with self._changing:
            try:
                self._lock.acquire()
            except Timeout:
                return
            try:
                with storage_faults(self._folder):
                    self._launch()
            except BaseException:
                self._lock.release()
                raise
            try:
                self._notebook.recover()
                for entry_id in self._notebook.unfinished():
                    self._enqueue(entry_id)
                self._catch_up()
            except BaseException:
                self._halt()
                raise

    def _make_round(self) -> None:
        """Takes over as soon as it can; then begins anew with what trouble left, and erases what a reader kept."""
        if not self.holds_work:
            self._take_over()
        recovered = self._notebook.recover() if self.holds_work else ()
        for entry_id in (*self._filing.set_aside(), *recovered):
            self._enqueue(entry_id)
        if self.holds_work:
            self._catch_up()
            self._notebook.erase_traces()

    def _launch(self) -> None:
        from dbos import DBOS

        if not _workflow_engine.acquire(blocking=False):
            raise RuntimeError("this process does the work of another journal")
        silence_dbos()
        try:
            make_sound(self._folder, self._key)
            DBOS(
                config={
                    "name": work_database.NAME,
                    "system_database_engine": self._engine,
                    "application_version": work_database.VERSION,
                    "executor_id": work_database.EXECUTOR,
                    "notification_listener_polling_interval_sec": WAIT_POLLING_SECONDS,
                    "log_level": "CRITICAL",
                }
            )

            @DBOS.workflow(name=work_database.WORKFLOW, max_recovery_attempts=MOST_ATTEMPTS)
            def file_recording(entry_id: str) -> None:
                with self._at_work:
                    # A step that is done is not done again; one that was cut off is.
                    for step in self._filing.steps:
                        if not DBOS.run_step({"name": step.__name__}, step, entry_id):
                            return

            @DBOS.workflow(name=work_database.CATCHING_UP, max_recovery_attempts=MOST_ATTEMPTS)
            def catch_up() -> None:
                more = True
                while more:
                    with self._at_work:  # a few entries at a time, so that a recording need not wait for all of them
                        more = DBOS.run_step({"name": "catch_up"}, self._filing.catch_up)

            DBOS.launch()
            # Two recognitions at once would each take twice as long.
            DBOS.register_queue(work_database.QUEUE, worker_concurrency=1, polling_interval_sec=QUEUE_POLLING_SECONDS)
            DBOS.register_queue(
                work_database.CATCHING_UP, worker_concurrency=1, polling_interval_sec=CATCHING_UP_POLLING_SECONDS
            )
            self._forget_finished()
        except BaseException:
            _destroy_dbos()
            raise

    def _forget_finished(self) -> None:
        """Removes what is kept about work that is over, so that no id outlives its entry for long."""
        from dbos import DBOS

        given_up = DBOS.list_workflows(status="MAX_RECOVERY_ATTEMPTS_EXCEEDED", load_output=False)
        for workflow in given_up:
            for entry_id in workflow.input["args"] if workflow.input is not None else ():
                self._filing.give_up(entry_id)
        finished = DBOS.list_workflows(status=["SUCCESS", "ERROR"], load_input=False, load_output=False)
        DBOS.delete_workflows([workflow.workflow_id for workflow in given_up + finished])

    def _halt(self) -> None:
        if self._at_work.acquire(timeout=LONGEST_STOP_SECONDS):
            self._at_work.release()
        else:
            _log.warning("the work on an entry did not stop in time; it is resumed at the next start")
        _destroy_dbos()
        self._lock.release()

    # --- What is asked for ---------------------------------------------------------------------------------------

    def submit(self, entry_id: str) -> None:
        """Has a finished recording written down and tagged; asking twice is asking once. Returns at once.

        If no process does the work, it is done when one starts.

        Raises:
            UnknownEntry: there is none by that id.
            NotReady: it is still being recorded.
        """
        state = self._notebook.entry(entry_id).state
        if state is State.RECORDING:
            raise NotReady
        if not state.settled:
            self._enqueue(entry_id)

    def retry(self, entry_id: str) -> None:
        """Tries again to write down an entry that failed, or in which nothing was heard.

        Raises:
            UnknownEntry: there is none by that id.
            NoRecording: it was typed.
            NotReady: it is being recorded, or its words are there already.
        """
        if self._notebook.entry(entry_id).state is State.RECORDING:
            raise NotReady
        self._notebook.recording(entry_id).close()
        if self._notebook.entry(entry_id).state is State.READY:
            raise NotReady
        self._notebook.set_state(entry_id, State.TRANSCRIBING)
        # The work that failed may still be ending, and would pass for this.
        self._enqueue(entry_id, anew=True)

    def wait(self, entry_id: str, timeout_seconds: float | None = None) -> Entry:
        """The entry once nothing more happens to it by itself, or as it is when the time is over.

        Raises:
            UnknownEntry: there is none by that id, or it was deleted meanwhile.
            DiskFull, JournalBusy, JournalUnreadable: it could not be worked on; that is tried again by itself.
        """
        until = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        while True:
            entry = self._notebook.entry(entry_id)
            if entry.state.settled or (until is not None and time.monotonic() >= until):
                return entry
            self._filing.raise_trouble(entry_id)
            time.sleep(WAIT_POLLING_SECONDS)

    def work_until_settled(self, entry_id: str) -> Entry:
        """For programs that end with their work: does it, or waits for the process that does. Raises as ``wait``."""
        if self._rounds.started:
            return self.wait(entry_id)
        with self:
            return self.wait(entry_id)

    def _enqueue(self, entry_id: str, *, anew: bool = False) -> None:
        try:
            with self._changing:
                self._requests.ask(work_database.WORKFLOW, work_database.QUEUE, entry_id, anew=anew)
            if not self.holds_work:
                self._filing.take_up(entry_id)  # whoever does the work sees to it
        except PASSING as trouble:
            self._filing.put_aside(entry_id, trouble)

    def _catch_up(self) -> None:
        """Has entries looked at anew that came or changed without being understood, or before this version."""
        if self._filing.has_to_catch_up():
            with self._changing:
                self._requests.ask(work_database.CATCHING_UP, work_database.CATCHING_UP)


def _destroy_dbos() -> None:
    from dbos import DBOS

    try:
        DBOS.destroy(destroy_registry=True)
    finally:
        _workflow_engine.release()
