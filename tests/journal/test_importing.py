from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadArchive, DiskFull, NoRecording
from core.transcript import Word
from journal.entry import LONGEST_TEXT_CHARACTERS, Answer, Entry, Failure, Span, State, Tag
from journal.exporting import export
from journal.ids import new_id
from journal.importing import import_
from journal.notebook import Notebook
from journal.recorded_sound import MICROPHONE_MEDIA_TYPE, sound_of
from journal.tags.names import FEELINGS
from tests.journal.journals import heard, opened, recorded


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with opened(tmp_path / "journal") as notebook:
        yield notebook


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Notebook]:
    with opened(tmp_path / "other") as notebook:
        yield notebook


def everything(notebook: Notebook) -> dict[str, Any]:
    """All that a journal holds, by id: entries, what was taken away from them, and their recordings."""
    whole = {}
    for kind in ("spoken", "typed"):
        for listed in notebook.entries(kind=kind, limit=500).entries:
            try:
                with notebook.recording(listed.id) as reader:
                    recording = (reader.media_type, reader.complete, reader.read())
            except NoRecording:
                recording = None
            whole[listed.id] = (kind, notebook.entry(listed.id), notebook.removed_tags(listed.id), recording)
    return whole


# --- The identity ----------------------------------------------------------------------------------------------------

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
SECONDS = st.floats(0, 1e5, allow_nan=False)
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TAGS = st.lists(
    st.builds(
        Tag,
        name=st.sampled_from(FEELINGS) | st.sampled_from(["hand holding", "ß", "🌙"]),
        kind=st.sampled_from(["feeling", "theme", "practice", "own"]),
        source=st.sampled_from(["suggested", "person"]),
        confidence=st.none() | st.floats(0, 1),
        evidence=st.lists(st.builds(Span, text=TEXTS, start=st.integers(0, 99), end=st.integers(0, 99)), max_size=2),
    ),
    max_size=4,
    unique_by=lambda tag: tag.name,
)
ENTRIES = st.builds(
    Entry,
    id=st.integers(0, 10**9).map(lambda second: new_id(datetime.fromtimestamp(second, UTC))),
    state=st.sampled_from([state for state in State if state is not State.RECORDING]),
    spoken_at=st.builds(
        lambda second, offset: datetime.fromtimestamp(second / 1e3, offset), st.integers(0, 10**13), OFFSETS
    ),
    shift_day=st.dates(date(1971, 1, 1), date(2200, 1, 1)),
    guide=st.none() | TEXTS,
    duration_seconds=st.none() | SECONDS,
    text=TEXTS,
    original_text=TEXTS,
    language=st.none() | st.sampled_from(["en", "de"]),
    answers=st.lists(st.builds(Answer, prompt=TEXTS, text=TEXTS, start=SECONDS, end=SECONDS), max_size=2),
    words=st.lists(st.builds(Word, text=TEXTS, start=SECONDS, end=SECONDS, probability=st.floats(0, 1)), max_size=3),
    tags=TAGS,
    mood_before=st.none() | st.integers(1, 5),
    mood_after=st.none() | st.integers(1, 5),
    goal_id=st.none() | TEXTS,
    failure=st.none() | st.builds(Failure, code=TEXTS, message=TEXTS, next_step=TEXTS),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(ENTRIES, st.none() | st.binary(max_size=50), st.booleans()),
        max_size=4,
        unique_by=lambda kept: kept[0].id,
    )
)
def test_what_was_exported_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, kept: list[tuple[Entry, bytes | None, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("round trip")
    with opened(folder / "journal") as notebook, opened(folder / "other") as other:
        for entry, sound, complete in kept:
            if sound is not None:
                with notebook.recordings.create(entry.id, MICROPHONE_MEDIA_TYPE if complete else "audio/x") as writer:
                    writer.append(sound)
                    if complete:
                        writer.finish()
            notebook.insert(entry, spoken=sound is not None or complete, removed_tags=["unwanted"] if complete else [])
        export(notebook, folder / "out")
        before = everything(notebook)
        assert import_(other, folder / "out").model_dump() == {"added": len(kept), "present": 0}
        assert everything(other) == before
        assert {entry.id for entry, _, _ in kept} == set(before)
        assert import_(other, folder / "out").model_dump() == {"added": 0, "present": len(kept)}
        assert everything(other) == before


def test_what_was_forgotten_stays_forgotten(notebook: Notebook, other: Notebook, tmp_path: Path) -> None:
    first, second = notebook.write("calm and proud"), notebook.write("calm")
    notebook.tag(first.id, "choir")
    notebook.untag(first.id, "calm")
    notebook.forget_lessons()
    notebook.untag(second.id, "calm")
    before = notebook.lessons()
    assert [(tag.name, tag.yes, tag.no) for tag in before] == [("calm", 0, 1)]
    export(notebook, tmp_path / "out")
    import_(other, tmp_path / "out")
    assert other.lessons() == before
    assert everything(other) == everything(notebook)
    assert other.forgotten_tags(first.id) == ("calm", "choir")


def test_an_export_of_the_first_version_comes_in(notebook: Notebook, other: Notebook, tmp_path: Path) -> None:
    notebook.tag(notebook.write("calm").id, "choir")
    notebook.write("proud")
    export(notebook, tmp_path / "out")
    index = tmp_path / "out" / "outbreath.json"
    written = json.loads(index.read_text())
    written["version"] = 1
    for archived in written["entries"]:
        del archived["forgotten_tags"]
    lines = ",\n".join(json.dumps(archived) for archived in written["entries"])
    for text in (json.dumps(written), f'{{"format": "outbreath-export", "version": 1, "entries": [\n{lines}\n]}}\n'):
        index.write_text(text)
        assert import_(other, tmp_path / "out").added == 2
        assert everything(other) == everything(notebook)
        assert other.lessons() == notebook.lessons()
        for entry_id in everything(other):
            other.delete(entry_id)


def test_a_real_recording_comes_back_bit_by_bit(
    notebook: Notebook, other: Notebook, tmp_path: Path, shared_data: Path
) -> None:
    source = next((shared_data / "speech" / "jfk").glob("*.*"))
    entry, writer = notebook.begin(media_type="audio/flac")
    writer.append(source.read_bytes())
    writer.finish()
    notebook.finish_recording(entry.id)
    notebook.store_transcript(entry.id, heard("ask not"))
    export(notebook, tmp_path / "out")
    import_(other, tmp_path / "out")
    assert everything(other) == everything(notebook)
    with other.recording(entry.id) as reader:
        assert reader.read() == source.read_bytes()
    with other.recording(entry.id) as reader:
        assert sum(block.frames for block in sound_of(reader)) > 16_000


def test_what_was_imported_is_found_again(notebook: Notebook, other: Notebook, tmp_path: Path) -> None:
    entry = notebook.write("I was grateful for the quiet ward.")
    notebook.untag(entry.id, "grateful")
    export(notebook, tmp_path / "out")
    import_(other, tmp_path / "out")
    assert [result.entry.id for result in other.search("quiet ward").results] == [entry.id]
    other.store_tags(entry.id)
    assert "grateful" not in {tag.name for tag in other.entry(entry.id).tags}


def test_entries_that_are_there_are_left_alone(notebook: Notebook, other: Notebook, tmp_path: Path) -> None:
    entry, second = notebook.write("as it was"), notebook.write("another")
    export(notebook, tmp_path / "out")
    notebook.edit(entry.id, text="as it is")
    notebook.delete(second.id)
    assert import_(notebook, tmp_path / "out").model_dump() == {"added": 1, "present": 1}
    assert notebook.entry(entry.id).text == "as it is"
    assert notebook.entry(second.id).text == "another"


def test_an_index_written_anew_by_another_program_is_read(notebook: Notebook, other: Notebook, tmp_path: Path) -> None:
    notebook.write("one")
    recorded(notebook, "two")
    export(notebook, tmp_path / "out")
    index = tmp_path / "out" / "outbreath.json"
    index.write_text(json.dumps(json.loads(index.read_text()), indent=4), encoding="utf-8")
    assert import_(other, tmp_path / "out").added == 2
    assert everything(other) == everything(notebook)


# --- Damaged and hostile ---------------------------------------------------------------------------------------------


@pytest.fixture
def archive(notebook: Notebook, tmp_path: Path) -> Path:
    """An export of a typed entry and a spoken one, which comes first in the index."""
    recorded(notebook, "sound")
    notebook.write("typed")
    folder = tmp_path / "archive"
    export(notebook, folder)
    (tmp_path / "secret").write_bytes(b"sound")
    return folder


def refused(archive: Path, other: Notebook) -> None:
    with pytest.raises(BadArchive):
        import_(other, archive)
    assert everything(other) == {}
    assert not list((archive.parent / "other").rglob("*.rec"))


def changed(archive: Path, change: Callable[[dict[str, Any]], object]) -> None:
    index = archive / "outbreath.json"
    content = json.loads(index.read_text(encoding="utf-8"))
    change(content)
    index.write_text(json.dumps(content), encoding="utf-8")


def first(name: str, value: object) -> Callable[[dict[str, Any]], object]:
    """Sets a field of the first entry; dots lead inside."""
    *outer, last = name.split(".")

    def change(content: dict[str, Any]) -> None:
        place = content["entries"][0]
        for step in outer:
            place = place[int(step) if step.isdigit() else step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.update(version=3),
        lambda content: content.update(version=0),
        lambda content: content.update(version="1"),
        lambda content: content.update(format="something else"),
        lambda content: content.update(entries={}),
        lambda content: content["entries"].append(content["entries"][0]),
        lambda content: content["entries"].append(None),
        lambda content: content["entries"][0].pop("recording"),
        lambda content: content["entries"][0].update(unknown=1),
        lambda content: content["entries"][1].update(recording=content["entries"][0]["recording"]),
        first("entry.id", "../../../../../../etc/passwd"),
        first("entry.id", 7),
        first("entry.state", "recording"),
        first("entry.state", "done"),
        first("entry.spoken_at", "2026-11-23T20:15:00"),
        first("entry.text", None),
        first("entry.text", "a\0b"),
        first("entry.text", "\ud800"),
        first("entry.text", "x" * (LONGEST_TEXT_CHARACTERS + 1)),
        first("entry.mood_before", 6),
        first("entry.duration_seconds", math.nan),
        first("entry.duration_seconds", math.inf),
        first("entry.words", [{"text": "x", "start": math.inf, "end": 1, "probability": 1}]),
        first("entry.tags", [{"name": " Not ONE ", "kind": "own"}]),
        first("entry.tags", [{"name": "twice", "kind": "own"}, {"name": "twice", "kind": "own"}]),
        first("removed_tags", ["a/b"]),
        first("forgotten_tags", ["calm"]),
        first("kind", "typed"),
        first("kind", "thought"),
        first("recording.file", "audio/missing.audio"),
        first("recording.file", "../secret"),
        first("recording.file", "audio/../../secret"),
        first("recording.file", "/etc/passwd"),
        first("recording.file", "audio/..\\..\\secret"),
        first("recording.file", "audio/"),
        first("recording.file", "outbreath.json"),
        first("recording.media_type", "x" * 1000),
        first("recording.media_type", "audio/\n"),
        first("recording.media_type", MICROPHONE_MEDIA_TYPE),
        first("recording.size_bytes", 4),
        first("recording.size_bytes", -1),
        first("recording.sha256", "0" * 64),
    ],
)
def test_an_index_that_lies_is_refused_before_anything_is_written(
    change: Callable[[dict[str, Any]], object], archive: Path, other: Notebook
) -> None:
    changed(archive, change)
    refused(archive, other)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"format": "outbreath-export"}', b"\0" * 100],
    ids=lambda content: repr(content[:10]),
)
def test_an_index_that_is_none_is_refused(content: bytes, archive: Path, other: Notebook) -> None:
    (archive / "outbreath.json").write_bytes(content)
    refused(archive, other)


def test_an_index_that_was_cut_off_anywhere_is_refused(archive: Path, other: Notebook) -> None:
    whole = (archive / "outbreath.json").read_bytes().rstrip()
    for length in {*range(0, len(whole), 97), len(whole) - 1, len(whole) - 2, len(whole) - 3}:
        (archive / "outbreath.json").write_bytes(whole[:length])
        refused(archive, other)


def test_a_recording_that_was_changed_is_refused(archive: Path, other: Notebook) -> None:
    (audio,) = (archive / "audio").iterdir()
    audio.write_bytes(b"wrong")
    refused(archive, other)


@pytest.mark.parametrize("what", ["file", "folder"])
def test_links_out_of_the_folder_are_not_followed(what: str, archive: Path, other: Notebook, tmp_path: Path) -> None:
    (audio,) = (archive / "audio").iterdir()
    if what == "file":
        audio.unlink()
        audio.symlink_to(tmp_path / "secret")
    else:
        (archive / "audio").rename(tmp_path / "audio")
        (archive / "audio").symlink_to(tmp_path / "audio")
    refused(archive, other)


@pytest.mark.parametrize("what", ["nothing", "file", "pipe", "folder"])
def test_a_place_that_holds_no_export_is_refused(what: str, other: Notebook, tmp_path: Path) -> None:
    folder = tmp_path / "place"
    if what == "file":
        folder.write_text("{}")
    elif what == "pipe":
        folder.mkdir()
        os.mkfifo(folder / "outbreath.json")
    elif what == "folder":
        (folder / "outbreath.json").mkdir(parents=True)
    refused(folder, other)


def test_when_there_is_no_room_nothing_is_kept_and_it_can_be_done_again(
    archive: Path, other: Notebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    insert = other.insert
    inserted: list[str] = []

    def full(entry: Entry, **rest: Any) -> bool:
        if inserted:
            raise DiskFull
        inserted.append(entry.id)
        return insert(entry, **rest)

    with monkeypatch.context() as patch:
        patch.setattr(other, "insert", full)
        with pytest.raises(DiskFull):
            import_(other, archive)
    assert everything(other) == {}
    assert not list((archive.parent / "other").rglob("*.rec"))
    assert import_(other, archive).added == 2


def test_an_import_that_was_killed_between_sound_and_entry_can_be_done_again(archive: Path, other: Notebook) -> None:
    spoken_id = json.loads((archive / "outbreath.json").read_text())["entries"][0]["entry"]["id"]
    with other.recordings.create(spoken_id, "audio/x") as writer:
        writer.append(b"half of")
    assert import_(other, archive).added == 2
    with other.recording(spoken_id) as reader:
        assert reader.read() == b"sound"
