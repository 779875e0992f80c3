"""Links lead somewhere, places that are named exist, decisions are numbered without gaps."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.architecture.house import REPOSITORY, ROOMS

PAGES = sorted([*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")])


def pages() -> list[Path]:
    return [page.relative_to(REPOSITORY) for page in PAGES]


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    targets = (target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target)
    missing = [target for target in targets if target and not (REPOSITORY / page.parent / target).exists()]
    assert not missing


@pytest.mark.parametrize("page", pages(), ids=str)
def test_every_module_that_is_named_exists(page: Path) -> None:
    text = (REPOSITORY / page).read_text(encoding="utf-8")
    named = re.findall(rf"`((?:{'|'.join(ROOMS)}|tests|docs|benchmarks|requirements)/[\w./-]*)`", text)
    missing = [name for name in named if not (REPOSITORY / name).exists()]
    assert not missing


def test_decisions_are_numbered_without_gaps_and_complete() -> None:
    records = sorted((REPOSITORY / "docs" / "decisions").glob("*.md"))
    assert [record.name[:4] for record in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    for record in records:
        headings = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)
        assert headings == ["Context", "Decision", "Consequence"], record.name


def test_the_changelog_begins_with_this_version() -> None:
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## (\S+)", (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == version
