"""Versions are locked with hashes, say nothing about where packages come from, and match pyproject.toml."""

from __future__ import annotations

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.architecture.house import REPOSITORY
from voice.model_store import KOKORO_STYLES
from voice.pinned_models import PINNED

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
KOKORO = PROJECT["project"]["optional-dependencies"]["kokoro"]
LOCKS = {
    "run": [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["build"]],
    "dev": [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"], *KOKORO],
    "kokoro": KOKORO,
}


def locked(lock: str) -> dict[str, list[Requirement]]:
    """The requirements of a lock by name; one name may have a version per Python version."""
    found: dict[str, list[Requirement]] = {}
    for block in re.split(r"\n(?=\S)", (REPOSITORY / f"requirements/{lock}.lock").read_text().strip()):
        first, *rest = block.splitlines()
        assert any("--hash=sha256:" in line for line in rest), f"{first} has no hash"
        requirement = Requirement(first.rstrip("\\ "))
        found.setdefault(canonicalize_name(requirement.name), []).append(requirement)
    return found


def version(requirement: Requirement) -> str:
    (specifier,) = requirement.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    text = (REPOSITORY / f"requirements/{lock}.lock").read_text()
    assert not re.search(r"https?:|file:|index-url|find-links|@ ", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_is_in_step_with_the_project(lock: str) -> None:
    versions = locked(lock)
    for wanted in map(Requirement, LOCKS[lock]):
        candidates = versions.get(canonicalize_name(wanted.name), [])
        assert candidates, f"{wanted.name} is not locked: run make lock"
        assert all(wanted.specifier.contains(version(one)) for one in candidates), f"{wanted}: run make lock"


def test_tests_run_with_the_versions_that_people_run() -> None:
    run, dev = {**locked("run"), **locked("kokoro")}, locked("dev")
    assert {name: sorted(map(str, run[name])) for name in run} == {
        name: sorted(map(str, dev.get(name, []))) for name in run
    }


def test_what_is_installed_for_kokoro_is_what_is_pinned() -> None:
    script = (REPOSITORY / "requirements/install").read_text()
    assert f"kokoro_style_sha256={PINNED['kokoro'][KOKORO_STYLES].sha256}\n" in script
    assert f"kokoro_style={KOKORO_STYLES} " in script


def test_a_telemetry_free_onnxruntime_is_locked() -> None:
    for requirement in locked("run")["onnxruntime"]:
        assert tuple(map(int, version(requirement).split("."))) < (1, 29)
