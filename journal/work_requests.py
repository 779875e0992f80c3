"""Asking for durable work, in whichever process it is then done. With ``processing``, the door to ``dbos``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import Engine, inspect

from journal.store import storage_faults
from journal.work_database import NAME, VERSION, silence_dbos

if TYPE_CHECKING:
    from dbos import DBOSClient


class WorkRequests:
    """Requests in the database of the work, which lies in the journal's folder."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self._folder = folder
        self._engine = engine
        self._client: DBOSClient | None = None

    def ask(self, workflow: str, queue: str, *ids: str, anew: bool = False) -> None:
        """Enqueues work on an entry, or on all; asking twice for the same is asking once.

        ``anew``: not once, even if work on the same has not quite ended.

        Raises:
            DiskFull, JournalBusy, JournalUnreadable: it cannot be asked for now.
        """
        from dbos import DBOSClient

        silence_dbos()
        with storage_faults(self._folder):
            if not inspect(self._engine).has_table("workflow_status"):
                return  # nobody has begun to work; whoever does begins with the entries that wait
            if self._client is None:
                self._client = DBOSClient(system_database_engine=self._engine, application_name=NAME, lazy=True)
            self._client.enqueue(
                {
                    "workflow_name": workflow,
                    "queue_name": queue,
                    "app_version": VERSION,
                    "deduplication_id": uuid4().hex if anew else "".join(ids) or workflow,
                    "duplication_policy": "return-existing",
                },
                *ids,
            )
