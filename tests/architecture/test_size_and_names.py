"""Modules that can be read in one sitting, with names that answer a question."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.house import REPOSITORY, modules, tree

LONGEST_MODULE_LINES = 300
# A catalogue is looked things up in, not read from top to bottom: all errors stand on one page on purpose.
CATALOGUES = {"core/errors.py": 700}
LONGEST_FUNCTION_LINES = 60
DRAWERS_FOR_ANYTHING = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "const", "constants"}


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_module_is_short(module: Path) -> None:
    lines = (REPOSITORY / module).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= CATALOGUES.get(module.as_posix(), LONGEST_MODULE_LINES)


@pytest.mark.parametrize("module", modules(), ids=str)
def test_a_function_fits_a_screen(module: Path) -> None:
    functions = (node for node in ast.walk(tree(module)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    long = [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION_LINES]
    assert not long


def test_no_module_is_a_drawer_for_anything() -> None:
    everything = modules("tests", "benchmarks", "docs") + modules()
    assert not [module for module in everything if DRAWERS_FOR_ANYTHING & {module.stem, *module.parts}]
