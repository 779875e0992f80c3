"""Leaving: the whole journal as a folder of plain files. See ``archive`` for its shape."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel, ConfigDict, Field

from core.errors import DamagedRecording, FolderNotEmpty, NoRecording, UnknownEntry, UnwritableFile
from journal import archive, markdown
from journal.archive import ArchivedEntry, ArchivedRecording
from journal.durable_files import OWNER_ONLY, disk_full_is_said, sync_folder
from journal.entry import Entry, State
from journal.listing import LONGEST_PAGE
from journal.notebook import Notebook
from journal.query import KINDS
from journal.recorded_sound import PlayableRecording
from journal.recordings import RecordingReader

BLOCK_BYTES = 256 * 1024


class ExportSummary(BaseModel):
    """What was written."""

    model_config = ConfigDict(frozen=True)

    entries: int
    recordings: int
    damaged: int = Field(description="Recordings of which only what lies before the damage could be written.")


def export(notebook: Notebook, folder: Path) -> ExportSummary:
    """Writes all entries to a new or empty folder, which appears whole or not at all. Nothing in it is encrypted.

    An entry that is being recorded right now comes with what was said so far.

    Raises:
        FolderNotEmpty: there is something in the folder, or a file of that name.
        UnwritableFile: the folder cannot be made.
        DiskFull: there is no room for it.
    """
    folder = folder.absolute()
    beside = folder.with_name(f".{folder.name}.{secrets.token_hex(8)}")
    try:
        with disk_full_is_said():
            if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
                raise FolderNotEmpty
            beside.mkdir(mode=0o700, parents=True)
            summary = _Writer(notebook, beside).write()
            with contextlib.suppress(FileNotFoundError):
                folder.rmdir()  # empty; not every system renames over it
            beside.rename(folder)
            sync_folder(folder.parent)
    except OSError:
        raise UnwritableFile from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return summary


class _Writer:
    """Writes one journal to one folder."""

    def __init__(self, notebook: Notebook, folder: Path) -> None:
        self._notebook = notebook
        self._folder = folder
        self._recordings = self._damaged = 0

    def write(self) -> ExportSummary:
        for name in (archive.ENTRIES_FOLDER, archive.AUDIO_FOLDER):
            (self._folder / name).mkdir(mode=0o700)
        entries = 0
        with _created(archive.index_of(self._folder)) as index:
            index.write(archive.BEGINNINGS[-1].encode())
            for archived in self._archived():
                index.write((b",\n" if entries else b"") + archived.model_dump_json().encode())
                entries += 1
            index.write(b"\n" + archive.LAST_LINE + b"\n")
        if words := self._notebook.vocabulary.words():
            with _created(self._folder / archive.VOCABULARY_FILE) as file:
                file.writelines(f"{word}\n".encode() for word in words)
        return ExportSummary(entries=entries, recordings=self._recordings, damaged=self._damaged)

    def _archived(self) -> Iterator[ArchivedEntry]:
        kinds = {entry_id: kind for kind in KINDS for entry_id in self._ids(kind)}
        for entry_id in sorted(kinds):
            with contextlib.suppress(UnknownEntry):  # deleted meanwhile
                entry = self._notebook.entry(entry_id)
                removed = self._notebook.removed_tags(entry_id)
                recording = self._recording(entry, spoken=kinds[entry_id] == "spoken")
                self._page(entry, recording)
                if entry.state is State.RECORDING:
                    entry = entry.model_copy(update={"state": State.RECOVERED})
                fields = {"entry": entry, "kind": kinds[entry_id], "removed_tags": removed, "recording": recording}
                forgotten = self._notebook.forgotten_tags(entry_id)
                yield ArchivedEntry.model_validate({**fields, "forgotten_tags": forgotten})

    def _ids(self, kind: str) -> Iterator[str]:
        cursor: str | None = None
        while True:
            page = self._notebook.entries(kind=kind, cursor=cursor, limit=LONGEST_PAGE)
            yield from (entry.id for entry in page.entries)
            cursor = page.next_cursor
            if cursor is None:
                return

    def _page(self, entry: Entry, recording: ArchivedRecording | None) -> None:
        with _created(self._folder / archive.ENTRIES_FOLDER / f"{archive.file_stem(entry)}.md") as file:
            file.write(markdown.page(entry, f"../{recording.file}" if recording else None).encode())

    def _recording(self, entry: Entry, *, spoken: bool) -> ArchivedRecording | None:
        try:
            reader = self._notebook.recording(entry.id)
        except (NoRecording, DamagedRecording):
            self._damaged += spoken  # that a typed entry has none is no damage
            return None
        with reader:
            return self._copied(entry, reader)

    def _copied(self, entry: Entry, reader: RecordingReader) -> ArchivedRecording | None:
        """Copies a recording up to its end or its damage; None if not a byte of it can be read."""
        name = archive.audio_path(entry, reader.media_type)
        sound = PlayableRecording(reader)
        digest, size_bytes = hashlib.sha256(), 0
        with _created(self._folder / name) as file, contextlib.suppress(DamagedRecording):
            while block := sound.read(size_bytes, BLOCK_BYTES):
                file.write(block)
                digest.update(block)
                size_bytes += len(block)
        if size_bytes < sound.size_bytes:
            self._damaged += 1
            if size_bytes == 0:
                (self._folder / name).unlink()
                return None
        self._recordings += 1
        return ArchivedRecording(
            file=name,
            media_type=reader.media_type,
            size_bytes=size_bytes,
            sha256=digest.hexdigest(),
            complete=reader.complete,
        )


@contextlib.contextmanager
def _created(path: Path) -> Iterator[BinaryIO]:
    """A new file for its owner only, on disk when the block ends."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
