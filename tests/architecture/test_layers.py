"""Arrows between rooms point down only; the arrows themselves are in pyproject.toml, for import-linter to check."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.architecture.house import REPOSITORY, dotted, modules

LINTER = Path(sys.executable).with_name("lint-imports")


def test_the_contracts_are_kept() -> None:
    run = subprocess.run([LINTER, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout


def test_every_module_of_the_front_door_stands_in_a_layer() -> None:
    contracts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    placed = {
        name.strip(" ()") for layer in contracts[0]["layers"] for part in layer.split("|") for name in part.split(":")
    }
    names = {".".join(dotted(module).split(".")[:2]) for module in modules("outbreath")} - {"outbreath"}
    assert names <= placed
