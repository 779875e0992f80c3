"""Pages that are read off the code say what the code says."""

from __future__ import annotations

import re

import pytest

from core.settings import NOT_SETTINGS, Settings
from docs.reference import FOLDER, NOT_SETTINGS_MEAN, PAGES, command_names, said_errors
from tests.architecture.house import REPOSITORY, modules


@pytest.mark.parametrize("page", PAGES)
def test_a_generated_page_is_up_to_date(page: str) -> None:
    assert (FOLDER / page).read_text(encoding="utf-8") == PAGES[page](), "run: make fix"


def test_every_code_is_on_the_page_of_errors() -> None:
    page = (FOLDER / "errors.md").read_text(encoding="utf-8")
    assert not [kind.code for kind in said_errors() if f"| `{kind.code}` |" not in page]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_is_read_somewhere(name: str) -> None:
    places = [module for module in modules() if module.as_posix() != "core/settings.py"]
    reads = re.compile(rf"settings\.{name}\b")
    assert any(reads.search((REPOSITORY / module).read_text(encoding="utf-8")) for module in places)


@pytest.mark.parametrize("name", Settings.model_fields)
def test_a_setting_says_what_it_is_for(name: str) -> None:
    assert (Settings.model_fields[name].description or "").endswith(".")


def test_what_is_no_setting_is_explained() -> None:
    assert set(NOT_SETTINGS_MEAN) == NOT_SETTINGS


def test_the_readme_names_every_command() -> None:
    readme = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `outbreath ((?:script )?[a-z-]+)", readme, re.MULTILINE))
    assert named == set(command_names())
