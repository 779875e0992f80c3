"""What the page's scripts say stands on one page, to be read through and to be translated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.architecture.house import REPOSITORY

SCRIPTS = REPOSITORY / "api" / "static" / "js"
SENTENCE = re.compile(r"""(["'`])([A-Z][a-z']+(?: [a-z'][^"'`]*)+|[A-Z][^"'`]*[a-z]\.)\1""")


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.js")), ids=lambda script: script.name)
def test_only_the_page_of_messages_has_sentences(script: Path) -> None:
    code = "\n".join(line.split("//")[0] for line in script.read_text(encoding="utf-8").splitlines())
    found = [sentence for _, sentence in SENTENCE.findall(code)]
    if script.name == "messages.js":
        assert len(found) > 50, "the pattern finds sentences"
    else:
        assert not found
