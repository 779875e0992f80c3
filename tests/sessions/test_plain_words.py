"""Marks of Markdown are neither spoken nor shown."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.plain_words import plain
from sessions.script import Ask, Line
from sessions.script_files import shipped_scripts
from sessions.script_parser import examine
from tests.sessions.writing import written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Feel** your *feet*.", "Feel your feet."),
        ("_Feel_ your __feet__.", "Feel your feet."),
        ("***Both*** at once, **_nested_** and **bold *inner* bold**.", "Both at once, nested and bold inner bold."),
        ("Say `nothing` ~~now~~.", "Say nothing now."),
        ("See [this page](https://example.org/a_b) later.", "See this page later."),
        ("Sit down.\\", "Sit down."),
        ("Sit\\\ndown.", "Sit down."),
        ("**Feel\nyour** feet.", "Feel your feet."),
        (r"A \*star\*.", "A *star*."),
        ("**Feel", "Feel"),
    ],
)
def test_only_the_words_are_left(text: str, words: str) -> None:
    assert plain(text) == words


@pytest.mark.parametrize(
    "text",
    ["3*4", "3 * 4 * 5", "3*4*5", "2**3", "a_file_name", "I am ___.", "[softly] (twice)", "it’s 50% – or so", "'tis"],
)
def test_what_is_no_mark_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("slug", shipped_scripts())
def test_shipped_words_hold_no_marks(slug: str) -> None:
    for step in shipped_scripts()[slug].steps():
        if isinstance(step, Line | Ask):
            assert (step.text if isinstance(step, Line) else step.prompt) == " ".join(step.written.split())


@given(st.text(st.sampled_from("ab1 *_`~[]()\\!.\n"), max_size=60))
def test_any_text_gives_words_on_one_line(text: str) -> None:
    assert "\n" not in plain(text)
    assert [letter for letter in plain(text) if letter == "b"] <= [letter for letter in text if letter == "b"]


def test_a_paragraph_of_signs_is_read_quickly() -> None:
    for body in ("*a " * 19_000, "*a\n" * 19_000, "[" * 50_000, "_" * 50_000, "`" * 50_000):
        started = time.perf_counter()
        examine(f"---\ntitle: Try\nkind: meditation\nminutes: {{default: 5}}\n---\n{body}", "try")
        assert time.perf_counter() - started < 5


def test_lines_questions_and_headings_of_a_script_are_words() -> None:
    script = written(
        "# **Arriving**\n! **Feel** your\n\n*feet {pause 1s} and hands*.\n\n_One\ntwo_\n{ask How is *it*?}"
    )
    assert [section.title for section in script.sections] == ["Arriving"]
    assert [step.text for step in script.steps() if isinstance(step, Line)] == [
        "Feel your",
        "feet",
        "and hands.",
        "One two",
    ]
    assert [step.text for step in written("* One.\n* Two.\n! * Three.").steps() if isinstance(step, Line)] == [
        "One.",
        "Two.",
        "Three.",
    ]
    assert script.prompts == ("How is it?",)
