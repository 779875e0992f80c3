"""How results look on a terminal, and as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Protocol

import typer
from pydantic import BaseModel

from core.errors import OutbreathError
from journal.entry import Entry

Language = Annotated[str | None, typer.Option(help="Code of the language spoken, such as en or de; see the settings.")]
SOUND_LOST = "The sound device went away. Plug it in again, then press space to go on."
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def print_json(value: Any) -> None:
    """One JSON document, indented on a terminal and on one line elsewhere."""
    indent = 2 if sys.stdout.isatty() else None
    typer.echo(json.dumps(_plain(value), ensure_ascii=False, indent=indent))


def print_json_line(value: Any) -> None:
    """One JSON object on one line, sent off at once, for results that come one by one."""
    typer.echo(json.dumps(_plain(value), ensure_ascii=False))
    sys.stdout.flush()


def tell_failure(file: Path, error: OutbreathError, as_json: bool) -> None:
    """What went wrong with one file of several."""
    if as_json:
        print_json_line({"file": str(file), "error": error.as_json()})
    typer.echo(f"{file}: {error.message}\n{error.next_step}", err=True)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value


def print_entry(entry: Entry) -> None:
    """A whole entry, for reading."""
    typer.echo(entry_line(entry))
    if entry.guide:
        typer.echo(f"Guide: {entry.guide}")
    if entry.failure:
        typer.echo(f"{entry.failure.message} {entry.failure.next_step}")
    if entry.answers:
        for answer in entry.answers:
            typer.echo(f"\n{answer.prompt}\n  {answer.text or '(skipped)'}")
    if entry.text:
        typer.echo(f"\n{entry.text}")
    unsure = [word.text for word in entry.words if word.uncertain and entry.text == entry.original_text]
    if unsure:
        typer.echo(f"\nNot sure of: {', '.join(unsure)}")
    if entry.mostly_noise:
        typer.echo("\nMost of this recording is noise; words may be missing.")
    if entry.tags:
        typer.echo()
    for tag in entry.tags:
        reason = ", ".join(f"“{span.text}”" for span in tag.evidence)
        typer.echo(
            f"{tag.name} ({tag.kind}{', yours' if tag.source == 'person' else ''}){': ' + reason if reason else ''}"
        )


def entry_line(entry: Entry) -> str:
    """An entry in one line: when, how long, in what state, under which id."""
    when = entry.spoken_at.strftime("%a %d %b %Y, %H:%M")
    length = f", {minutes_and_seconds(entry.duration_seconds)}" if entry.duration_seconds is not None else ""
    state = "" if entry.state == "ready" else f" [{entry.state.value.replace('_', ' ')}]"
    return f"{when}{length}{state}  {entry.id}"


def minutes_and_seconds(seconds: float) -> str:
    """`3 min 12 s`; below a minute just the seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class Progress(Protocol):
    """Told how much of the work is done."""

    def __call__(self, done: float, /) -> None: ...


@contextmanager
def progress_bar(label: str, total: float) -> Iterator[Progress]:
    """A progress bar on a terminal; nothing elsewhere, or where nothing is to be done.

    ``total`` is in the unit that progress is told in.
    """
    if not total or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label, total=total)
        yield lambda done: bar.update(task, completed=done)
