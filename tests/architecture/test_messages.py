"""What the page says stands on one page for each language, to be read through and to be translated."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api import shell

SCRIPTS = sorted((shell.STATIC / "js").glob("*.js"))
# The documentation of the HTTP interface is written where its operations are.
PAGES = sorted(page for page in shell.TEMPLATES.glob("*.html") if page.name != "docs.html")
SENTENCES = tomllib.loads(shell.SENTENCES_FILE.read_text(encoding="utf-8"))

IN_SCRIPTS = re.compile(r"""(["'`])([A-Z][a-z']+(?: [a-z'][^"'`]*)+|[A-Z][^"'`]*[a-z]\.)\1""")
TEMPLATE_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CODE = re.compile(r"<(code|style|script)\b.*?</\1>", re.DOTALL)
SPOKEN_ATTRIBUTES = re.compile(r"""\b(?:alt|title|placeholder|aria-label|aria-description)="([^"]*)\"""")
WORD = re.compile(r"[A-Za-z]{2,}")
# Names stay as they are in every language.
NAMES = {"iPhone", "Android"}


def test_sentences_in_a_script_are_found() -> None:
    assert IN_SCRIPTS.findall('x = "Nothing is here."; y = `Not ${one} of them`;')


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_have_no_sentences(script: Path) -> None:
    code = "\n".join(line.split("//")[0] for line in script.read_text(encoding="utf-8").splitlines())
    assert not IN_SCRIPTS.findall(code)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_have_no_words(page: Path) -> None:
    markup = CODE.sub("", TEMPLATE_CODE.sub("", page.read_text(encoding="utf-8")))
    attributes = " ".join(SPOKEN_ATTRIBUTES.findall(markup))
    text = re.sub(r"<[^>]*>", " ", markup)
    assert set(WORD.findall(f"{text} {attributes}")) <= NAMES


def leaves(sentences: dict[str, Any], *above: str) -> Iterator[tuple[str, ...]]:
    for name, sentence in sentences.items():
        if isinstance(sentence, dict) and not {"one", "other"} <= sentence.keys():
            yield from leaves(sentence, *above, name)
        else:
            yield (*above, name)


def test_every_sentence_is_said_somewhere() -> None:
    """By its own name, or as one of a group that a script chooses from by a name of the machine's."""
    used = "\n".join(file.read_text(encoding="utf-8") for file in (*SCRIPTS, *PAGES))
    asked = set(re.findall(r"[.\s](\w+)\b", used))
    unused = [".".join(path) for path in leaves(SENTENCES) if not {path[-1], *path[1:-1]} & asked]
    assert not unused
