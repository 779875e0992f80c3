"""Words and meaning together; what narrows both; what else is like an entry; an index that forgets."""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql

from core.errors import BadValue, ModelDamaged, UnknownEntry
from core.transcript import Transcript, Word
from journal.cipher import DataKey
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.notebook import Notebook
from journal.recordings import Recordings
from journal.search import FEW
from journal.store import Store
from journal.word_index import WordIndex
from tests.fakes.encoder import FakeEncoder
from tests.journal.conftest import SteadyClock, WordTagger
from tests.journal.journals import opened
from tests.journal.test_privacy import decrypted

FILLER = " ".join(f"filler{number}" for number in range(20)) + ". "


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def notebook(store: Store, recordings: Recordings, encoder: FakeEncoder) -> Notebook:
    return with_encoder(store, recordings, encoder)


def with_encoder(store: Store, recordings: Recordings, encoder: FakeEncoder) -> Notebook:
    return Notebook(store, recordings, WordTagger(), SteadyClock(), 4, encoder)


def found(notebook: Notebook, query: str) -> dict[str, tuple[str, ...]]:
    return {result.entry.text: result.matched for result in notebook.search(query).results}


def test_what_means_the_same_is_found_in_other_words(notebook: Notebook) -> None:
    notebook.write("she was furious")
    notebook.write("the ward was quiet")
    assert found(notebook, "rage ") == {"she was furious": ("meaning",)}
    assert found(notebook, "furious ") == {"she was furious": ("words", "meaning")}


def test_both_reasons_come_before_one(notebook: Notebook) -> None:
    notebook.write("a rage of colours in the evening sky above the river and the hills beyond it all")
    notebook.write("furious")
    notebook.write("rage")
    assert next(iter(found(notebook, "rage "))) == "rage"
    assert len(found(notebook, "rage ")) == 3


@pytest.mark.parametrize("asked", ["terrifi", "terrifie", "terified "])
def test_what_has_the_word_comes_first_where_the_word_is_unfinished_or_a_slip(asked: str, tmp_path: Path) -> None:
    long = "We were all terrified when the alarm went off in the night and nobody of the team knew which room it was. "
    others = ("Ein guter Tag.", "Feierabend.", "ok", "Soup.", "Tired feet.", "Terraced houses.", "Fui al mar.")
    with opened(tmp_path, MiniLmEncoder()) as notebook:
        for text in (long + FILLER, *others):
            notebook.write(text)
        results = notebook.search(asked).results
    assert results[0].entry.text.startswith("We were all terrified")
    assert [result.score for result in results] == sorted((result.score for result in results), reverse=True)


def test_what_clearly_means_it_may_come_before_what_only_has_the_word(notebook: Notebook) -> None:
    notebook.write("furious")
    notebook.write("a rage of colours in the evening sky, says the label " + FILLER * 12)
    assert next(iter(found(notebook, "rage "))) == "furious"


def test_who_asks_for_exact_words_gets_no_others(notebook: Notebook) -> None:
    notebook.write("she was furious")
    notebook.write("her rage was cold")
    assert list(found(notebook, '"rage was"')) == ["her rage was cold"]


def test_what_has_nothing_to_do_with_it_is_not_found(notebook: Notebook) -> None:
    for number in range(3 * FEW):
        notebook.write(f"entry{number} about thing{number} and place{number}")
    assert len(found(notebook, "zebra accordion")) <= FEW
    assert notebook.search("??? !!!").total == 0


@pytest.mark.parametrize(
    ("narrowing", "texts"),
    [
        ("tag:sad", {"furious and sad"}),
        ("-tag:sad", {"furious on Monday", "furious on Tuesday"}),
        ("from:2026-11-24", {"furious on Tuesday"}),
        ("to:2026-11-23", {"furious on Monday", "furious and sad"}),
        ("on:2026-11-24", {"furious on Tuesday"}),
        ("from:2027", set()),
        ("guide:free", {"furious on Monday"}),
        ("-guide:free", {"furious and sad", "furious on Tuesday"}),
        ("kind:spoken", set()),
        ("kind:typed -monday", {"furious and sad", "furious on Tuesday"}),
        ("-tuesday -sad", {"furious on Monday"}),
    ],
)
def test_words_and_meaning_are_narrowed_alike(narrowing: str, texts: set[str], notebook: Notebook) -> None:
    # Shift days begin at four, so three in the night of Tuesday is Monday.
    notebook.write("furious on Monday", guide="free", spoken_at=datetime(2026, 11, 23, 20, tzinfo=UTC))
    notebook.write("furious and sad", spoken_at=datetime(2026, 11, 24, 3, tzinfo=UTC))
    notebook.write("furious on Tuesday", spoken_at=datetime(2026, 11, 24, 20, tzinfo=UTC))
    assert set(found(notebook, f"furious {narrowing}")) == texts
    assert set(found(notebook, f"rage {narrowing}")) == texts
    assert set(found(notebook, narrowing)) == texts
    assert {entry.text for entry in notebook.entries(query=f"furious {narrowing}").entries} == texts


def test_a_result_leads_to_the_moment_in_the_recording(notebook: Notebook) -> None:
    said = (FILLER * 5 + "then my mother came in. " + FILLER * 5).split()
    words = tuple(Word(text=word, start=at / 2, end=at / 2 + 0.4, probability=0.9) for at, word in enumerate(said))
    entry, writer = notebook.begin(media_type="text/plain")
    writer.append(b" ")
    writer.finish()
    notebook.finish_recording(entry.id)
    heard = Transcript(text=" ".join(said), language="en", duration_seconds=len(said) / 2, words=words)
    notebook.file(entry.id, heard)
    (by_word,) = notebook.search('"mother came"').results
    assert by_word.at_seconds == said.index("mother") / 2
    assert "then my mother came in." in by_word.snippet
    (by_meaning,) = notebook.search("relative ").results
    assert by_meaning.matched == ("meaning",)
    assert by_meaning.at_seconds is not None
    # The passage in which it is said, half a minute at most before it.
    assert said.index("mother") / 2 - 40 <= by_meaning.at_seconds <= said.index("mother") / 2
    typed = notebook.write("mother")
    assert {result.entry.id: result.at_seconds for result in notebook.search("mother").results}[typed.id] is None


def test_a_long_text_waits_for_the_background_work_and_is_found_by_words_meanwhile(notebook: Notebook) -> None:
    long = notebook.write(FILLER * 60 + "furious")
    assert notebook.not_embedded(10) == (long.id,)
    assert notebook.search("furious ").total == 1
    assert notebook.search("rage ").total == 0
    notebook.embed(long.id)
    assert notebook.not_embedded(10) == ()
    assert notebook.search("rage ").total == 1


def test_a_correction_changes_what_an_entry_means(notebook: Notebook) -> None:
    entry = notebook.write("furious")
    assert notebook.search("rage ").total == 1
    notebook.edit(entry.id, text="awake")
    assert notebook.search("rage ").total == 0
    assert notebook.search("insomnia ").total == 1
    notebook.tag(entry.id, "night")  # a tag changes nothing of it
    assert notebook.not_embedded(1) == ()
    notebook.delete(entry.id)
    assert notebook.search("insomnia ").total == 0


def test_a_new_version_of_the_encoder_embeds_all_entries_anew(
    notebook: Notebook, store: Store, recordings: Recordings
) -> None:
    ids = [notebook.write(text).id for text in ("furious", "awake")]
    newer = with_encoder(store, recordings, FakeEncoder("fake 2"))
    assert newer.not_embedded(10) == tuple(reversed(ids))
    assert newer.search("rage ").total == 0
    for entry_id in newer.not_embedded(10):
        newer.embed(entry_id)
    assert newer.not_embedded(10) == ()
    assert newer.search("rage ").total == 1


def test_an_encoder_that_fails_leaves_words(notebook: Notebook, encoder: FakeEncoder) -> None:
    encoder.error = ModelDamaged("of the search")
    entry = notebook.write("furious")
    assert notebook.search("furious").total == 1
    assert notebook.not_embedded(1) == (entry.id,)
    encoder.error = None
    notebook.embed(entry.id)
    assert notebook.search("rage ").total == 1


def test_what_another_process_deletes_is_not_found(
    notebook: Notebook, encoder: FakeEncoder, folder: Path, key: DataKey
) -> None:
    first, second = notebook.write("furious one"), notebook.write("furious two")
    assert notebook.search("rage ").total == 2
    other = Store.open(folder / "journal.db", key)
    elsewhere = with_encoder(other, Recordings(folder / "recordings", key), encoder)
    elsewhere.delete(first.id)
    assert [result.entry.id for result in notebook.search("rage ").results] == [second.id]
    third = elsewhere.write("furious three")
    assert {result.entry.id for result in notebook.search("rage ").results} == {second.id, third.id}
    other.close()


any_text = st.text(st.characters(codec=None, exclude_categories=()), max_size=60)
ODD = (
    "'; DROP TABLE entries; --",
    'tag:"',
    "from: to: on:2026-99",
    "-",
    '- -- -"',
    "kind:kind:typed",
    "\u200f\u202efurious\u202c",
    "\0\x01\x1b[31m",
    "NEAR(furious rage, 5) OR text:*",
    "x" * 1_000_000,
    " " * 1_000_000,
    "furious " * 125_000,
    "-furious " * 125_000,
    "tag:x " * 100_000,
    "\u202e" * 100_000,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(query=any_text)
def test_any_text_can_be_searched_for(query: str, notebook: Notebook) -> None:
    if not notebook.tags():
        notebook.write("sad and furious")
    result = notebook.search(query)
    assert len(result.results) == result.total
    result.model_dump_json()


@pytest.mark.parametrize("query", ODD, ids=lambda query: repr(query[:12]))
def test_no_query_is_too_odd_or_takes_long(query: str, notebook: Notebook) -> None:
    notebook.write("sad and furious")
    started = time.perf_counter()
    notebook.search(query).model_dump_json()
    notebook.entries(query=query)
    assert time.perf_counter() - started < 5


# --- Related ----------------------------------------------------------------------------------------------------------


def test_entries_about_the_same_are_related(notebook: Notebook) -> None:
    one = notebook.write("my mother was furious")
    same = notebook.write("a relative, such rage")
    notebook.write("the lift is broken again")
    (related, *others) = notebook.related(one.id).results
    assert related.entry.id == same.id
    assert related.matched == ("meaning",)
    assert all(other.score < related.score for other in others)
    assert one.id not in {result.entry.id for result in notebook.related(one.id).results}


def test_an_entry_that_is_not_understood_yet_has_none(notebook: Notebook, encoder: FakeEncoder) -> None:
    notebook.write("furious")
    encoder.error = ModelDamaged("of the search")
    assert notebook.related(notebook.write("furious").id).results == ()


def test_related_refuses_what_cannot_be(notebook: Notebook) -> None:
    with pytest.raises(UnknownEntry):
        notebook.related("nothing")
    with pytest.raises(BadValue):
        notebook.related(notebook.write("x").id, 0)


def test_a_tag_has_a_history(notebook: Notebook) -> None:
    days = [datetime(2026, 11, day, 20, tzinfo=UTC) for day in (1, 2, 8)] + [datetime(2026, 12, 1, 3, tzinfo=UTC)]
    written = [notebook.write("sad and proud" if at.day == 8 else "sad", spoken_at=at) for at in days]
    history = notebook.tag_history("Sad")
    assert (history.name, history.kind, history.count) == ("sad", "feeling", 4)
    # Three in the night of the first of December still belongs to November.
    assert [(period.since, period.count) for period in history.timeline] == [(date(2026, 11, 1), 4)]
    weeks = notebook.tag_history("sad", "week").timeline
    assert [(period.since, period.count) for period in weeks] == [
        (date(2026, 10, 26), 1),
        (date(2026, 11, 2), 2),
        (date(2026, 11, 30), 1),
    ]
    assert [(other.name, other.count) for other in history.together] == [("proud", 1)]
    notebook.untag(written[2].id, "proud")
    assert notebook.tag_history("sad").together == ()
    assert notebook.tag_history("nostalgic").count == 0
    with pytest.raises(BadValue):
        notebook.tag_history("a/b")


# --- An index that forgets --------------------------------------------------------------------------------------------


def terms(store: Store) -> list[tuple[str, int, int]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.execute(sql("SELECT term, doc, cnt FROM search_terms"))]


changes = st.lists(
    st.tuples(
        st.sampled_from(["write", "edit", "tag", "untag", "delete"]),
        st.integers(0, 3),
        st.sampled_from(["sad ward", "proud 🙂ward", "", "a b a", "tender " * 30]),
    ),
    max_size=12,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=changes)
def test_whatever_happens_the_index_is_the_one_that_would_be_made_anew(
    changes: list[tuple[str, int, str]], notebook: Notebook, store: Store
) -> None:
    ids: list[str] = []
    for change, which, text in changes:
        if change == "write" and text:
            ids.append(notebook.write(text).id)
        elif ids:
            entry_id = ids[which % len(ids)]
            if change == "edit" and text:
                notebook.edit(entry_id, text=text)
            elif change == "tag":
                notebook.tag(entry_id, "night shift")
            elif change == "untag":
                notebook.untag(entry_id, "sad")
            elif change == "delete":
                notebook.delete(entry_id)
                ids.remove(entry_id)
    before = terms(store)
    with store.writing() as connection:
        connection.execute(sql("INSERT INTO search (search) VALUES ('integrity-check')"))
        WordIndex().rebuild(connection)
    assert terms(store) == before
    for entry_id in ids:
        notebook.delete(entry_id)
    assert terms(store) == []


def test_a_change_that_went_past_the_index_is_noticed(
    notebook: Notebook, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    entry = notebook.write("the xylophone")
    other = notebook.write("the ward")
    with store.writing() as connection:
        connection.execute(sql("UPDATE entries SET text = 'the marimba'"))
    notebook.tag(entry.id, "music")
    assert "made anew" in caplog.text
    assert notebook.search('"xylophone"').total == 0
    assert {result.entry.id for result in notebook.search('"marimba"').results} == {entry.id, other.id}


def test_nothing_of_a_deleted_or_corrected_text_is_left_even_for_somebody_with_the_key(
    notebook: Notebook, store: Store, folder: Path, key: DataKey
) -> None:
    for number in range(40):
        notebook.write(f"an entry that stays, number {number}, with helicopters and helplines around it")
    deleted = notebook.write("the heliotrope was furious")
    edited = notebook.write("the heliotrope was awake")
    with store.reading() as connection:
        vectors = connection.execute(sql("SELECT vectors FROM meanings ORDER BY number DESC LIMIT 2")).scalars().all()
    store.erase_traces()
    assert vectors[0] in decrypted(folder / "journal.db", key)
    notebook.delete(deleted.id)
    notebook.edit(edited.id, text="nothing")  # what was first typed is kept, but not in the index
    assert not [term for term, *_ in terms(store) if "heliotrop" in term]
    notebook.delete(edited.id)
    store.erase_traces()
    content = decrypted(folder / "journal.db", key)
    assert b"helicopters" in content
    assert b"otrop" not in content.lower()
    assert not any(vector in content for vector in vectors)
    assert (folder / "journal.db-wal").stat().st_size == 0
    with store.engine.connect() as connection:
        connection.connection.driver_connection.execute("VACUUM")
    store.erase_traces()
    assert b"otrop" not in decrypted(folder / "journal.db", key).lower()
    notebook.search("heliotrope furious")  # searching writes nothing
    plain = [path for path in folder.rglob("*") if path.is_file() and b"heliotrop" in path.read_bytes().lower()]
    assert plain == []


@pytest.fixture(autouse=True)
def forgotten_at_the_end(store: Store) -> Iterator[None]:
    yield
    store.close()


def test_entries_of_an_older_journal_are_found_after_the_step_that_changed_the_index(store: Store) -> None:
    step = importlib.import_module("journal.schema.versions.0003_meaning")
    with store.writing() as connection:
        for table in ("search_terms", "search", "indexed", "meanings"):
            connection.execute(sql(f"DROP TABLE {table}"))
        connection.execute(sql("DROP INDEX entries_by_guide"))
        connection.execute(sql("CREATE VIRTUAL TABLE search USING fts5(text, tags)"))
        connection.execute(
            sql(
                "INSERT INTO entries (id, kind, state, spoken_at_microseconds, spoken_at, shift_day, text, answers)"
                " VALUES ('01m850t600426640g2pe1st04z', 'typed', 'ready', 0, '1970-01-01T00:00:00+00:00', '1970-01-01',"
                " 'an old xylophone', '[]')"
            )
        )
        with Operations.context(MigrationContext.configure(connection)):
            step.upgrade()
        found = connection.execute(sql("SELECT rowid FROM search WHERE search MATCH 'xylophones'")).scalars().all()
    assert found == [1]


def test_old_pictures_are_found_after_the_step_that_takes_them_in(store: Store, notebook: Notebook) -> None:
    step = importlib.import_module("journal.schema.versions.0005_pictures")
    entry = notebook.write("two 💊 and a sun ☀️")
    with store.writing() as connection:
        for table in ("search_terms", "search"):
            connection.execute(sql(f"DROP TABLE {table}"))
        tokenizer = "tokenize='porter unicode61 remove_diacritics 2'"
        connection.execute(sql(f"CREATE VIRTUAL TABLE search USING fts5(text, tags, content='', {tokenizer})"))
        connection.execute(sql("CREATE VIRTUAL TABLE search_terms USING fts5vocab(search, row)"))
        WordIndex().rebuild(connection)
    assert notebook.search("💊").total == 0
    with store.writing() as connection, Operations.context(MigrationContext.configure(connection)):
        step.upgrade()
    assert [result.entry.id for result in notebook.search("💊").results] == [entry.id]
    notebook.delete(entry.id)
    assert notebook.search("☀").total == 0
