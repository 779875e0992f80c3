"""The rooms and their modules, as the tests of the architecture see them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
ROOMS = ("core", "audio", "voice", "journal", "sessions", "api", "outbreath")


def modules(*rooms: str) -> list[Path]:
    """Python files of these rooms (all of them if none is named), relative to the repository."""
    return sorted(
        path.relative_to(REPOSITORY)
        for room in rooms or ROOMS
        for path in (REPOSITORY / room).rglob("*.py")
        if "__pycache__" not in path.parts
    )


@cache
def tree(module: Path) -> ast.Module:
    return ast.parse((REPOSITORY / module).read_text(encoding="utf-8"))


def imported(module: Path) -> Iterator[str]:
    """Top-level names that a module imports, inside functions too."""
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Call) and any(isinstance(name, ast.Constant) for name in node.args[:1]):
            yield from _imported_by_name(node)


def _imported_by_name(call: ast.Call) -> Iterator[str]:
    """A door may hold an import behind a function of its own, such as ``_pydub("pydub.silence")``."""
    name, function = ast.literal_eval(call.args[0]), ast.unparse(call.func).strip("_")
    if isinstance(name, str) and (function.endswith("import_module") or function == name.partition(".")[0]):
        yield name.partition(".")[0]


def dotted(module: Path) -> str:
    """``voice/narrator.py`` as ``voice.narrator``."""
    parts = module.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
