"""Coming back: takes in a folder that ``exporting`` wrote. See ``archive`` for its shape."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from audio.files import wav_header
from core.errors import BadArchive, BadValue, OutbreathError, UnknownEntry
from journal import archive, entry_rows
from journal.archive import ArchivedEntry, ArchivedRecording
from journal.entry import LONGEST_TEXT_CHARACTERS, Entry, State
from journal.ids import checked
from journal.notebook import Notebook
from journal.recorded_sound import MICROPHONE_RATE_HZ
from journal.vocabulary import spelt
from journal.written_text import cleaned, tag_name

BLOCK_BYTES = 1 << 20
LONGEST_VOCABULARY_BYTES = 1 << 16
VERSIONS = range(1, archive.VERSION + 1)
WAV_HEADER_BYTES = len(wav_header(0, MICROPHONE_RATE_HZ, 1))


class ImportSummary(BaseModel):
    """What was taken in."""

    model_config = ConfigDict(frozen=True)

    added: int
    present: int
    """Were in the journal already and stay as they are there."""


def import_(notebook: Notebook, folder: Path) -> ImportSummary:
    """Takes in all entries of an exported folder that are not there yet, each as it was. All of them or none.

    Raises:
        BadArchive: no export, a damaged or hostile one, or one from a newer version; found before anything is written.
        DiskFull, JournalBusy: it could not be taken in; nothing of it was kept.
    """
    folder = folder.absolute()
    _check(folder)
    vocabulary = _vocabulary(folder)
    added: list[str] = []
    present = 0
    try:
        for archived in _entries(folder):
            if _is_present(notebook, archived.entry.id):
                present += 1
                continue
            added.append(archived.entry.id)
            _add(notebook, folder, archived)
        for word in vocabulary:
            with suppress(BadValue):  # there are as many as can be already; those that are here stay
                notebook.vocabulary.add(word)
    except BaseException as fault:
        for entry_id in added:
            with suppress(OutbreathError):
                notebook.recordings.delete(entry_id)
                notebook.delete(entry_id)
        if isinstance(fault, OSError):
            raise BadArchive from None  # it went away while it was read
        raise
    return ImportSummary(added=len(added), present=present)


def _is_present(notebook: Notebook, entry_id: str) -> bool:
    try:
        notebook.entry(entry_id)
    except UnknownEntry:
        return False
    return True


def _add(notebook: Notebook, folder: Path, archived: ArchivedEntry) -> None:
    entry, recording = archived.entry, archived.recording
    notebook.recordings.delete(entry.id)  # left behind if an earlier import was killed right here
    if recording is not None:
        with notebook.recordings.create(entry.id, recording.media_type) as writer:
            for block in _sound(folder, recording):
                writer.append(block)
            if recording.complete:
                writer.finish()
    spoken = archived.kind == "spoken"
    notebook.insert(entry, spoken=spoken, removed_tags=archived.removed_tags, forgotten_tags=archived.forgotten_tags)


def _sound(folder: Path, recording: ArchivedRecording) -> Iterator[bytes]:
    """The bytes of a recording as they were recorded."""
    with (folder / recording.file).open("rb") as file:
        if recording.from_microphone:
            file.seek(WAV_HEADER_BYTES)
        while block := file.read(BLOCK_BYTES):
            yield block


# --- Reading and checking ------------------------------------------------------------------------------------------


def _entries(folder: Path) -> Iterator[ArchivedEntry]:
    """The entries of an index, one at a time.

    Raises:
        BadArchive: it cannot be read.
    """
    try:
        for line in _lines(archive.index_of(folder)):
            yield ArchivedEntry.model_validate_json(line)
    except (OSError, ValueError, RecursionError):
        raise BadArchive from None


def _lines(index: Path) -> Iterator[bytes]:
    """Each entry of an index as JSON."""
    if not index.is_file():  # a pipe would be waited for
        raise BadArchive
    with index.open("rb") as file:
        if file.readline() not in map(str.encode, archive.BEGINNINGS):
            yield from _lines_of_any_layout(index)
            return
        line = b""
        for line in map(bytes.strip, file):
            if line and line != archive.LAST_LINE:
                yield line.removesuffix(b",")
        if line != archive.LAST_LINE:
            raise BadArchive  # it was cut off


def _lines_of_any_layout(index: Path) -> Iterator[bytes]:
    """The same when some other program has written the index anew; it is read as a whole."""
    match json.loads(index.read_bytes()):
        case {"format": archive.FORMAT, "version": int(version), "entries": [*entries]} if version in VERSIONS:
            yield from (json.dumps(entry).encode() for entry in entries)
        case _:
            raise BadArchive


def _vocabulary(folder: Path) -> list[str]:
    """The person's own words.

    Raises:
        BadArchive: they cannot be read.
    """
    path = folder / archive.VOCABULARY_FILE
    try:
        if not path.exists():
            return []
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LONGEST_VOCABULARY_BYTES:
            raise BadArchive
        return [spelt(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, ValueError, BadValue):
        raise BadArchive from None


def _check(folder: Path) -> None:
    """Raises BadArchive unless every entry and every recording can be taken in."""
    ids: set[str] = set()
    for archived in _entries(folder):
        recording = archived.recording
        if archived.entry.id in ids or not _is_sound(archived):
            raise BadArchive
        try:
            there = recording is None or _is_there(folder, recording)
        except OSError:
            there = False
        if not there:
            raise BadArchive
        ids.add(archived.entry.id)


def _is_sound(archived: ArchivedEntry) -> bool:
    """It could have been in a journal."""
    entry = archived.entry
    names = [tag.name for tag in entry.tags] + list(archived.removed_tags)
    try:
        checked(entry.id)
        entry_rows.moment("spoken_at", entry.spoken_at)
        usable_names = all(tag_name(name) == name for name in names) and len(set(names)) == len(names)
        finite = Entry.model_validate_json(entry.model_dump_json()) == entry  # NaN and infinity come back as null
    except (UnknownEntry, BadValue, ValidationError):
        return False
    texts = (entry.text, entry.original_text)
    usable_texts = all(len(text) <= LONGEST_TEXT_CHARACTERS and cleaned(text) == text for text in texts)
    decided = {*archived.removed_tags, *(tag.name for tag in entry.tags if tag.source == "person")}
    usable_names = usable_names and decided.issuperset(archived.forgotten_tags)
    settled = entry.state is not State.RECORDING and (archived.kind == "spoken" or archived.recording is None)
    return usable_names and finite and usable_texts and settled


def _is_there(folder: Path, recording: ArchivedRecording) -> bool:
    """Its file lies in the folder itself and is what was written."""
    path = folder / recording.file
    if path.is_symlink() or path.parent.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        if recording.from_microphone and not file.read(WAV_HEADER_BYTES).startswith(b"RIFF"):
            return False
        file.seek(0)
        whole = path.stat().st_size == recording.size_bytes
        return whole and hashlib.file_digest(file, "sha256").hexdigest() == recording.sha256
