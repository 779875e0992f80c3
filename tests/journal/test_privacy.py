"""Nothing that was said can be found on disk by somebody without the key, nor by anybody once it is deleted."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from core.transcript import Transcript, Word
from journal.cipher import DataKey
from journal.entry import Answer, Failure, State
from journal.notebook import Notebook
from journal.store import Store

CANARY = "Heliotrope"


def on_disk(folder: Path) -> list[str]:
    """Files that hold the canary, in any case and in the two encodings a program might choose."""
    forms = [form for word in (CANARY, CANARY.lower()) for form in (word.encode(), word.encode("utf-16-le"))]
    return [
        str(path) for path in folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms)
    ]


def say_it_everywhere(notebook: Notebook) -> list[str]:
    """The canary through every door of the notebook."""
    typed = notebook.write(f"{CANARY} sad", guide=CANARY)
    notebook.edit(typed.id, text=f"{CANARY} again")
    notebook.tag(typed.id, CANARY)
    entry, writer = notebook.begin(guide=CANARY, media_type=CANARY)
    writer.append(CANARY.encode() * 100)
    writer.finish()
    notebook.finish_recording(entry.id, [Answer(prompt=CANARY, start=0, end=2)])
    words = (Word(text=CANARY, start=0, end=1, probability=0.5),)
    notebook.store_transcript(entry.id, Transcript(text=CANARY, language="en", duration_seconds=1, words=words))
    notebook.store_tags(entry.id)
    notebook.set_state(entry.id, State.FAILED, Failure(code="x", message=CANARY, next_step=CANARY))
    assert notebook.search(CANARY).total == 2
    assert notebook.entries(query=CANARY).total == 2
    return [typed.id, entry.id]


def test_nothing_that_was_said_is_on_disk_in_the_clear(
    notebook: Notebook, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    say_it_everywhere(notebook)
    assert {path.name for path in (tmp_path / "journal").iterdir()} >= {
        "journal.db",
        "journal.db-wal",
        "journal.db-shm",
    }
    assert on_disk(tmp_path) == []
    assert CANARY not in "".join(capfd.readouterr())
    assert [
        record.name for record in caplog.records if record.name.startswith("journal") and CANARY in record.getMessage()
    ] == []


def test_what_is_deleted_is_gone_even_for_somebody_with_the_key(
    notebook: Notebook, store: Store, folder: Path, key: DataKey
) -> None:
    notebook.write("something that stays")
    spoken_of = say_it_everywhere(notebook)
    store.erase_traces()
    assert CANARY.lower().encode() in decrypted(folder / "journal.db", key).lower()
    for entry_id in spoken_of:
        notebook.delete(entry_id)
    content = decrypted(folder / "journal.db", key).lower()
    assert b"something that stays" in content
    # The index has words by their stems, and without the letters they share with the word before.
    assert CANARY.lower()[3:-1].encode() not in content
    assert (folder / "journal.db-wal").stat().st_size == 0
    assert list((folder / "recordings").iterdir()) == []
    assert not any(entry_id.encode() in content for entry_id in spoken_of)


def decrypted(path: Path, key: DataKey) -> bytes:
    """All pages of the database, those in use and those that are free: AES-256-CBC, as SQLCipher 4 lays them out."""
    raw_key, content = key.derived("database"), path.read_bytes()
    pages = []
    for start in range(0, len(content), 4096):
        page = content[start + (16 if start == 0 else 0) : start + 4096]  # the file begins with its salt
        body, initial = page[:-80], page[-80:-64]
        decryptor = Cipher(algorithms.AES256(raw_key), modes.CBC(initial)).decryptor()
        pages.append(decryptor.update(body) + decryptor.finalize())
    return b"".join(pages)
