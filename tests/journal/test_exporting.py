from __future__ import annotations

import json
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import yaml

from audio.clip import AudioClip
from core.errors import DiskFull, FolderNotEmpty, UnwritableFile
from core.transcript import Transcript
from journal import exporting
from journal.cipher import SEAL_BYTES
from journal.entry import Answer, State
from journal.exporting import export
from journal.importing import import_
from journal.notebook import Notebook
from journal.recorded_sound import MICROPHONE_MEDIA_TYPE, MICROPHONE_RATE_HZ, microphone_bytes
from journal.recording_format import HEAD_BYTES
from tests.journal.journals import heard, opened, recorded


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with opened(tmp_path / "journal") as notebook:
        yield notebook


def spoken(notebook: Notebook, sound: bytes, media_type: str, transcript: Transcript) -> str:
    entry, writer = notebook.begin(guide="free", media_type=media_type)
    writer.append(sound)
    writer.finish()
    notebook.finish_recording(entry.id, [Answer(prompt="What went well today?", start=0, end=3)])
    notebook.store_transcript(entry.id, transcript)
    notebook.store_tags(entry.id)
    notebook.set_state(entry.id, State.READY)
    return entry.id


def index(folder: Path) -> list[dict[str, object]]:
    return json.loads((folder / "outbreath.json").read_text(encoding="utf-8"))["entries"]  # type: ignore[no-any-return]


def test_an_entry_is_written_for_people_and_for_programs(notebook: Notebook, tmp_path: Path) -> None:
    entry_id = spoken(notebook, b"\xff\xfbsound", "audio/mpeg", heard("I was proud of Zoë: a quiet shift"))
    notebook.edit(entry_id, text="I was proud of Zoë.")
    notebook.tag(entry_id, "hand holding")
    entry = notebook.entry(entry_id)
    folder = tmp_path / "out"
    summary = export(notebook, folder)
    assert (summary.entries, summary.recordings, summary.damaged) == (1, 1, 0)

    (archived,) = index(folder)
    assert archived["entry"] == entry.model_dump(mode="json")
    assert archived["kind"] == "spoken"
    (audio,) = (folder / "audio").iterdir()
    assert (audio.name, audio.read_bytes()) == (f"{entry.shift_day}-{entry_id}.mp3", b"\xff\xfbsound")

    (page,) = (folder / "entries").iterdir()
    _, header, body = page.read_text(encoding="utf-8").split("---\n", 2)
    values = yaml.safe_load(header)
    assert values["id"] == entry_id
    assert "hand holding" in values["tags"]
    assert (page.parent / values["audio"]).resolve() == audio.resolve()
    assert "I was proud of Zoë.\n" in body
    assert "## What went well today?\n\nI was proud\n" in body
    assert "a quiet shift" in body  # as it was first written down


def test_a_microphone_recording_becomes_a_wav_file(notebook: Notebook, tmp_path: Path) -> None:
    samples = np.sin(np.arange(8000) / 10).astype(np.float32)
    sound = microphone_bytes(AudioClip(samples, MICROPHONE_RATE_HZ))
    spoken(notebook, sound, MICROPHONE_MEDIA_TYPE, heard("hello"))
    export(notebook, tmp_path / "out")
    (audio,) = (tmp_path / "out" / "audio").iterdir()
    with wave.open(str(audio)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, MICROPHONE_RATE_HZ)
        assert file.readframes(file.getnframes()) == sound


def test_an_empty_journal_exports_to_an_empty_list(notebook: Notebook, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    assert export(notebook, folder).entries == 0
    assert index(folder) == []


def test_more_entries_than_a_page_holds_all_come(
    notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "LONGEST_PAGE", 2)
    ids = [notebook.write(f"number {number}").id for number in range(5)]
    export(notebook, tmp_path / "out")
    assert [archived["entry"]["id"] for archived in index(tmp_path / "out")] == sorted(ids)  # type: ignore[index]


def test_what_is_being_recorded_comes_as_far_as_it_is(notebook: Notebook, tmp_path: Path) -> None:
    entry, writer = notebook.begin(media_type="audio/ogg")
    with writer:
        writer.append(b"so far")
        export(notebook, tmp_path / "out")
    (archived,) = index(tmp_path / "out")
    assert archived["entry"]["state"] == "recovered"  # type: ignore[index]
    assert (tmp_path / "out" / "audio" / f"{entry.shift_day}-{entry.id}.ogg").read_bytes() == b"so far"


@pytest.mark.parametrize(("media_type", "ahead"), [("audio/ogg", b""), (MICROPHONE_MEDIA_TYPE, b"RIFF")])
def test_of_a_damaged_recording_comes_what_lies_before_the_damage(
    media_type: str, ahead: bytes, notebook: Notebook, tmp_path: Path
) -> None:
    beginnings = {}
    for pieces in ((b"whole!", b"damaged"), (b"damaged",)):
        entry, writer = notebook.begin(media_type=media_type)
        for piece in pieces:
            writer.append(piece)
        writer.finish()
        path = tmp_path / "journal" / "recordings" / f"{entry.id}.rec"
        content = bytearray(path.read_bytes())
        content[-HEAD_BYTES - SEAL_BYTES - 1] ^= 1  # the last byte of the last block of sound
        path.write_bytes(content)
        beginnings[entry.id] = b"".join(pieces[:-1])
    summary = export(notebook, tmp_path / "out")
    assert (summary.entries, summary.damaged, summary.recordings) == (2, 2, 1)
    (audio,) = (tmp_path / "out" / "audio").iterdir()
    assert audio.read_bytes().startswith(ahead)
    assert audio.read_bytes().endswith(b"whole!")
    with opened(tmp_path / "other") as other:
        assert import_(other, tmp_path / "out").added == 2
        for entry_id, beginning in beginnings.items():
            assert other.has_recording(entry_id) == bool(beginning)
            if beginning:
                with other.recording(entry_id) as reader:
                    assert reader.read() == beginning


def test_a_recording_that_is_missing_is_counted_and_a_typed_entry_has_none_to_miss(
    notebook: Notebook, tmp_path: Path
) -> None:
    notebook.write("typed")
    entry_id = recorded(notebook, "hello")
    (tmp_path / "journal" / "recordings" / f"{entry_id}.rec").unlink()
    summary = export(notebook, tmp_path / "out")
    assert (summary.entries, summary.damaged, summary.recordings) == (2, 1, 0)


def test_nothing_that_is_there_is_written_over(notebook: Notebook, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    for target in (folder, folder / "mine.txt"):
        with pytest.raises(FolderNotEmpty):
            export(notebook, target)
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("mode", ["no room", "interrupted"])
def test_what_cannot_be_finished_leaves_nothing_behind(
    mode: str, notebook: Notebook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        notebook.write(f"number {number}")
    pages: list[str] = []

    def page(*_: object) -> str:
        pages.append("page")
        if len(pages) == 2:
            raise OSError(28, "No space left on device") if mode == "no room" else KeyboardInterrupt
        return "page"

    monkeypatch.setattr("journal.markdown.page", page)
    target = tmp_path / "elsewhere"
    target.mkdir()
    with pytest.raises(DiskFull if mode == "no room" else KeyboardInterrupt):
        export(notebook, target / "out")
    assert list(target.iterdir()) == []


def test_a_place_that_cannot_be_written_is_said(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnwritableFile):
        export(notebook, tmp_path / "file" / "out")


def test_it_is_readable_by_its_owner_only(notebook: Notebook, tmp_path: Path) -> None:
    notebook.write("private")
    export(notebook, tmp_path / "out")
    for path in [tmp_path / "out", *(tmp_path / "out").rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_a_page_holds_any_text(notebook: Notebook, tmp_path: Path) -> None:
    entry = notebook.write("---\n# not a header\n\u2028 \x07 𝄞")
    export(notebook, tmp_path / "out")
    (page,) = (tmp_path / "out" / "entries").iterdir()
    with page.open(encoding="utf-8", newline="") as file:
        assert entry.text in file.read()
