from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from audio import files
from core.errors import BadScript, UnknownSession
from sessions.script_files import LARGEST_FILE_BYTES, Library, examine_file, shipped_scripts
from sessions.script_names import slug_of
from tests.audio.sounds import sine
from tests.sessions.writing import CONTRACT_EXAMPLE

SHIPPED = {
    "morning-arrival": ("meditation", 10),
    "coherent-breathing": ("breathing", 5),
    "cyclic-sighing": ("breathing", 5),
    "evening-reflection": ("reflection", 15),
    "free": ("reflection", 10),
}

EVENING_QUESTIONS = (
    "What went well today?",
    "How did I feel during client interactions?",
    "What challenged me emotionally today?",
    "How did I show empathy?",
    "What can I do differently tomorrow?",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_the_library_ships_with_its_lengths(library: Library) -> None:
    shipped = {each.slug: (each.kind, each.minutes.default) for each in library.summaries()}
    assert shipped.items() >= SHIPPED.items()
    assert all(each.basis and not each.own and not each.faults for each in library.summaries())
    assert all(each.minutes.max == 60 for each in library.summaries())


def test_the_summary_is_the_public_form(library: Library) -> None:
    described = library.summary("morning-arrival").model_dump(mode="json")
    assert described["minutes"] == {"default": 10.0, "min": 3.0, "max": 60.0, "open": False}
    assert described.keys() >= {"slug", "title", "kind", "minutes", "basis", "bed", "warnings", "own", "faults"}


def test_the_evening_asks_its_five_questions_and_free_asks_none(library: Library) -> None:
    assert library.script("evening-reflection").prompts == EVENING_QUESTIONS
    assert library.script("free").prompts == ()
    assert library.summary("free").minutes.open


@pytest.mark.parametrize("slug", shipped_scripts())
def test_shipped_words_promise_nothing(slug: str) -> None:
    words = " ".join(getattr(step, "text", "") for step in shipped_scripts()[slug].steps())
    promised = r"(?i)\b(should|must|heal\w*|cure\w*|treat\w*|therapy|stress|anxiety|MBSR|will feel)\b"
    assert re.findall(promised, words) == []


@pytest.mark.parametrize("slug", shipped_scripts())
def test_who_may_close_their_eyes_is_warned_and_offered_open_ones(slug: str) -> None:
    script = shipped_scripts()[slug]
    words = " ".join(getattr(step, "text", "") for step in script.steps()).lower()
    if script.kind != "reflection":
        assert "Not while driving." in script.warnings
        assert "open" in words


def test_a_folder_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert len(Library(tmp_path / "none").summaries()) == len(shipped_scripts())


def test_an_own_script_appears_is_read_again_when_saved_and_goes(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "between-rounds.md"
    path.write_text(CONTRACT_EXAMPLE)
    assert library.summary("between-rounds").own
    assert library.script("between-rounds").title == "Between clients"
    path.write_text(CONTRACT_EXAMPLE.replace("Between clients", "Between rounds"))
    assert library.script("between-rounds").title == "Between rounds"
    path.unlink()
    with pytest.raises(UnknownSession):
        library.script("between-rounds")


def test_an_own_script_takes_the_place_of_a_shipped_one(library: Library, tmp_path: Path) -> None:
    (tmp_path / "free.md").write_text(CONTRACT_EXAMPLE)
    assert (library.script("free").title, library.summary("free").own) == ("Between clients", True)
    assert len(library.summaries()) == len(shipped_scripts())


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"\xff\xfe\x00", 1),
        (b"x" * (LARGEST_FILE_BYTES + 1), 1),
        (CONTRACT_EXAMPLE.replace("{bell}", "{bel}").encode(), 10),
        (CONTRACT_EXAMPLE.replace("your feet", "f\u00fc\u00dfe").encode("latin-1"), 15),
        (CONTRACT_EXAMPLE.replace("{bell}", "{play missing.wav}").encode(), 10),
    ],
)
def test_a_broken_script_is_listed_with_its_faults_and_breaks_nothing(
    library: Library, tmp_path: Path, content: bytes, line: int
) -> None:
    (tmp_path / "mine.md").write_bytes(content)
    summary = library.summary("mine")
    assert summary.own
    assert summary.faults[0].line == line
    assert len(library.summaries()) == len(shipped_scripts()) + 1
    with pytest.raises(BadScript) as refused:
        library.script("mine")
    assert refused.value.faults[0][0] == line


def test_a_recorded_line_is_found_beside_its_script_as_soon_as_it_is_there(library: Library, tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text(CONTRACT_EXAMPLE.replace("{bell}", "{play welcome.wav}"))
    assert library.summary("mine").faults
    files.encode([sine(440, 1.0)], tmp_path / "welcome.wav", "wav")
    assert not library.summary("mine").faults
    assert library.recording("mine", "welcome.wav") == tmp_path / "welcome.wav"


def test_folders_links_to_nowhere_and_other_files_are_passed_over(library: Library, tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "missing")
    (tmp_path / ".hidden.md").write_text(CONTRACT_EXAMPLE)
    (tmp_path / "notes.txt").write_text("x")
    os.mkfifo(tmp_path / "pipe.md")
    assert len(library.summaries()) == len(shipped_scripts())


@pytest.mark.parametrize("slug", ["", "..", "../free", "/etc/passwd", "free.md", "FREE", "free\x00", "x" * 10_000])
def test_no_slug_leads_anywhere_else(library: Library, tmp_path: Path, slug: str) -> None:
    with pytest.raises(UnknownSession) as refused:
        library.script(slug)
    assert "morning-arrival" in refused.value.next_step


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("between-clients", "between-clients"),
        ("My Session_2", "my-session-2"),
        ("--", "unnamed"),
        ("\ufe0f🙂", "unnamed"),
        ("Früh", "früh"),
        ("cafe\u0301", "caf\u00e9"),
        ("हिन्दी", "हिन्दी"),
        ("ภาษา ไทย นี้", "ภาษา-ไทย-นี้"),
        ("İst", "ist"),
        ("I\u0307st", "ist"),
    ],
)
def test_file_names_become_slugs(name: str, slug: str) -> None:
    assert slug_of(name) == slug


def test_what_is_no_file_is_a_fault_and_holds_nothing_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (fault,) = examine_file(tmp_path / "pipe.md").faults
    assert fault.problem == "this is no file"
    (fault,) = examine_file(tmp_path / "gone.md").faults
    assert fault.problem == "there is no such file"


@pytest.mark.parametrize("stored", ["caf\u00e9", "cafe\u0301"])
@pytest.mark.parametrize("typed", ["caf\u00e9", "cafe\u0301"])
def test_a_slug_is_found_however_its_letters_are_composed(
    library: Library, tmp_path: Path, stored: str, typed: str
) -> None:
    (tmp_path / f"{stored}.md").write_text(CONTRACT_EXAMPLE)
    assert library.script(typed).slug == "caf\u00e9"


@pytest.mark.parametrize("name", ["mine.MD", "mine.Md", "mine.txt"])
def test_a_script_is_known_by_other_endings_too(library: Library, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("\ufeff" * (name == "mine.txt") + CONTRACT_EXAMPLE, encoding="utf-8")
    assert library.script("mine").title == "Between clients"


@pytest.mark.parametrize("text", ["", "---\n", "Notes.\n---\nkind: words\n", "kind: meditation\n"])
def test_other_texts_are_no_scripts(library: Library, tmp_path: Path, text: str) -> None:
    (tmp_path / "mine.txt").write_text(text)
    assert len(library.summaries()) == len(shipped_scripts())


@pytest.mark.parametrize(
    ("shown", "hidden", "slug"),
    [
        ("ward-round.md", "Ward Round.md", "ward-round"),
        ("ward-round.md", "ward-round.txt", "ward-round"),
        ("Ward  round.md", "Ward Round.md", "ward-round"),
        ("---.md", "🙂.md", "unnamed"),
        ("free.md", "Free.md", "free"),
    ],
)
def test_of_two_scripts_with_one_name_the_hidden_one_is_listed_with_a_fault(
    library: Library, tmp_path: Path, shown: str, hidden: str, slug: str
) -> None:
    (tmp_path / hidden).write_text(CONTRACT_EXAMPLE.replace("Between clients", "Hidden"))
    (tmp_path / shown).write_text(CONTRACT_EXAMPLE.replace("Between clients", "Shown"))
    names = [name for name in (shown, hidden) if examine_file(tmp_path / name, scripts_folder=tmp_path).faults]
    by_title = {summary.title: summary for summary in library.summaries()}
    assert {"Shown", "Hidden"} <= set(by_title)
    assert [each.slug for each in by_title.values() if each.title in ("Shown", "Hidden") and not each.faults] == [slug]
    (listed,) = (each for each in by_title.values() if each.faults)
    assert listed.slug == f"{slug}-2"
    assert "takes its place" in listed.faults[0].problem
    assert names == [hidden]
    assert listed.title == "Hidden"
    assert not examine_file(tmp_path / hidden).faults
    with pytest.raises(BadScript):
        library.script(listed.slug)


def test_a_hidden_script_takes_no_other_ones_place(library: Library, tmp_path: Path) -> None:
    for name in ("a.md", "A.md", "A!.md", "a-2.md"):
        (tmp_path / name).write_text(CONTRACT_EXAMPLE.replace("Between clients", f'"{name}"'))
    own = {summary.slug: summary for summary in library.summaries() if summary.own}
    assert sorted(own) == ["a", "a-2", "a-3", "a-4"]
    assert (own["a"].title, own["a-2"].title) == ("a.md", "a-2.md")
