"""Changing ``config.toml`` and nothing else in it: comments and the order of lines are the person's."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping

Value = str | int | bool | None


def with_values(text: str, values: Mapping[str, Value]) -> str:
    """The content of a settings file with these values in it. None is written as an empty text, which means unset.

    Raises:
        tomllib.TOMLDecodeError: ``text`` is no TOML.
    """
    wanted = tomllib.loads(text) | {name: "" if value is None else value for name, value in values.items()}
    lines = text.splitlines()
    for name, value in values.items():
        line = f"{name} = {_toml(value)}"
        at = next((number for number, each in enumerate(lines) if _names(each, name)), None)
        if at is None:
            lines.append(line)
        else:
            lines[at] = line
    changed = "\n".join(lines) + "\n"
    return changed if _says(changed, wanted) else "".join(f"{name} = {_toml(wanted[name])}\n" for name in wanted)


def _names(line: str, name: str) -> bool:
    return re.match(rf"""\s*["']?{re.escape(name)}["']?\s*=""", line) is not None


def _says(text: str, wanted: Mapping[str, object]) -> bool:
    # A value over several lines, or a table, is not found line by line.
    try:
        return tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        return False


def _toml(value: object) -> str:
    # A text of JSON is a basic string of TOML too (TOML 1.0, String), but for this one character.
    return json.dumps("" if value is None else value, ensure_ascii=False).replace("\x7f", "\\u007f")
