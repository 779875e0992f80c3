"""What the page on writing sessions shows can be written like that."""

from __future__ import annotations

import re

import pytest

from sessions.conversation import KEPT
from sessions.script_cues import RoundMark
from sessions.script_parser import parse
from tests.architecture.house import REPOSITORY

PAGE = (REPOSITORY / "docs" / "scripts.md").read_text(encoding="utf-8")
HEADER = "---\ntitle: Try\nkind: reflection\nminutes: {default: 3}\n---\n"


def test_the_example_is_read_whole() -> None:
    (example,) = re.findall(r"```\n(---\n.*?)```", PAGE, re.DOTALL)
    script = parse(example, "example")
    assert [section.title for section in script.sections] == ["Arriving", "Breathing"]
    spoken, cues = 4, 6
    assert len(list(script.steps())) == spoken + cues


MARKS = {f"{{{mark.value}}}" for mark in RoundMark}


@pytest.mark.parametrize("mark", sorted(MARKS))
def test_every_mark_of_rounds_is_shown(mark: str) -> None:
    assert f"`{mark}`" in PAGE


@pytest.mark.parametrize("cue", sorted(set(re.findall(r"`(\{\w+[^`]*\})`", PAGE)) - MARKS))
def test_every_cue_it_shows_is_read(cue: str) -> None:
    script = parse(HEADER + cue + "\nSpoken.\n{rest}\n", "try")
    assert len(list(script.steps())) == 3


@pytest.mark.parametrize(
    "word", ["Faults", "Remarks", "--voice", "--json", "isn't there", "breaks off", "`default` or `max`"]
)
def test_it_says_what_the_check_tells(word: str) -> None:
    assert word in PAGE


def test_it_quotes_what_is_said_at_the_end_of_a_reflection() -> None:
    assert f'"{KEPT}"' in PAGE
