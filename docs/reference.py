"""Writes the pages that are read off the code: errors, settings, commands. ``make fix`` runs it, a test compares."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer

from api.errors import status_of
from core import errors
from core.settings import NOT_SETTINGS, PREFIX, Settings
from outbreath.cli import app, exit_code

FOLDER = Path(__file__).parent

# What stands for an argument of an error's constructor, by its annotation; a name in angle brackets where it is text.
EXAMPLES: dict[str, Callable[[str], Any]] = {
    "str": lambda name: f"<{name}>",
    "int": lambda _: 1,
    "int | None": lambda _: None,
    "float": lambda _: 3.0,
    "bool": lambda _: True,
    "Sequence[str]": lambda name: (f"<{name}>",),
    "Sequence[tuple[int, str, str]]": lambda _: ((7, "<what is wrong>", "<hint>"),),
}


def error_classes() -> tuple[type[errors.OutbreathError], ...]:
    """All classes of errors, in the order of their page."""
    members = vars(errors).values()
    return tuple(one for one in members if isinstance(one, type) and issubclass(one, errors.OutbreathError))


def said_errors() -> tuple[type[errors.OutbreathError], ...]:
    """Those with a sentence of their own; the others are families and are never said."""
    return tuple(one for one in error_classes() if "__init__" in vars(one) and one is not errors.OutbreathError)


def errors_page() -> str:
    """Every error with its code, status, exit code, sentence and next step."""
    rows = [
        "# Everything that can go wrong",
        "",
        "Each error has a code that never changes, a sentence and a next step. The command line prints the sentence",
        'and the next step; HTTP gives `{"error": {"code", "message", "next_step"}}`. The classes: `core/errors.py`.',
        "",
        "| Code | HTTP | Exit | What is said | Next step |",
        "|---|---|---|---|---|",
    ]
    for kind in said_errors():
        error = example(kind)
        rows.append(
            f"| `{error.code}` | {status_of(error).value} | {exit_code(error)} "
            f"| {_cell(error.message)} | {_cell(error.next_step)} |"
        )
    return "\n".join(rows) + "\n"


def settings_page() -> str:
    """Every setting with its default and what it is for."""
    rows = [
        "# Settings",
        "",
        "A setting is looked for in this order, and the last one found wins:",
        "",
        "1. its default,",
        "2. the file `config.toml`,",
        f"3. the environment variable that is called `{PREFIX}` and its name in capitals,",
        "4. the flag of a command.",
        "",
        "`outbreath config` names the file, and shows each value and where it came from.",
        "",
        "| Setting | Default | For |",
        "|---|---|---|",
    ]
    for name, field in Settings.model_fields.items():
        default = "unset" if field.default is None else f"`{field.default!r}`".replace("'", '"')
        default = {"`True`": "`true`", "`False`": "`false`"}.get(default, default)
        rows.append(f"| `{name}` | {default} | {_cell(field.description or '')} |")
    rows += [
        "",
        "Never in the file, never shown:",
        "",
        *(f"- `{name}`: {NOT_SETTINGS_MEAN[name]}" for name in sorted(NOT_SETTINGS)),
    ]
    return "\n".join(rows) + "\n"


NOT_SETTINGS_MEAN = {
    "OUTBREATH_HOME": "one folder for everything that Outbreath keeps: data, settings, cache.",
    "OUTBREATH_PASSPHRASE": "the passphrase of a journal that is closed with one, for use without a terminal.",
}


def commands_page() -> str:
    """Every command with its arguments and options."""
    rows = ["# Commands", "", "What `outbreath COMMAND --help` says, on one page.", ""]
    for name, command in _commands():
        context = command.context_class(command, info_name=f"outbreath {name}")
        rows += [f"## {name}", "", inspect.cleandoc(command.help or ""), "", f"`{_usage(command, context)}`", ""]
        options = [record for one in command.get_params(context) if (record := one.get_help_record(context))]
        options = [(flags, text) for flags, text in options if "--help" not in flags]
        if options:
            rows += ["| Option | For |", "|---|---|"]
            rows += [f"| `{_cell(flags, code=True)}` | {_cell(text)} |" for flags, text in options]
            rows.append("")
    return "\n".join(rows).rstrip() + "\n"


def command_names() -> list[str]:
    """The names that follow ``outbreath`` on the command line."""
    return [name for name, _ in _commands()]


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
}


def _commands() -> Iterator[tuple[str, Any]]:
    yield from sorted(_commands_of(typer.main.get_command(app)))


def _commands_of(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Those of a group and of the groups in it, each with its whole name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands_of(command, f"{before}{name} ")
        elif not command.hidden:
            yield before + name, command


def _usage(command: Any, context: Any) -> str:
    return re.sub(r"\s+", " ", command.get_usage(context)).removeprefix("Usage: ").strip()


def example(kind: type[errors.OutbreathError]) -> errors.OutbreathError:
    """An error of this kind, with its arguments named in angle brackets."""
    parameters = inspect.signature(kind).parameters.values()
    return kind(*(EXAMPLES[one.annotation](one.name) for one in parameters))


def _cell(text: str, code: bool = False) -> str:
    """Text for a table; outside of code an angle bracket would begin a tag."""
    tidy = re.sub(r"\s+", " ", text).replace("|", "\\|").strip()
    return tidy if code else tidy.replace("<", "&lt;")


if __name__ == "__main__":
    for page, write in PAGES.items():
        (FOLDER / page).write_text(write(), encoding="utf-8")
