"""``speak``: a reflection at the microphone."""

from __future__ import annotations

from typing import Annotated

import typer

from outbreath import wiring
from outbreath.keyboard import presses
from outbreath.present import AsJson, Language, minutes_and_seconds, print_entry, print_json
from sessions.events import Closing, Event, Heard, Listening, LongSilence, Prompted, Saved


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(speak)


def speak(
    guide: Annotated[str, typer.Option(help="The reflection to follow; `free` asks nothing.")] = "free",
    words: Annotated[bool, typer.Option("--words", help="Show the words as they are understood.")] = False,
    language: Language = None,
    as_json: AsJson = False,
) -> None:
    """Records a reflection. Enter goes on, and ends it after the last question; so does Ctrl+C, and nothing is lost.

    On a terminal s skips a question, b goes back to the one before, q ends it all.
    """
    outbreath = wiring.from_environment(language=language)
    shown = _Shown(words, with_progress=not as_json)
    with presses() as pressed:
        entry = outbreath.reflections.speak(guide, pressed, shown.show)
    entry = outbreath.processing.work_until_settled(entry.id)
    if as_json:
        print_json(entry)
    else:
        typer.echo("Filed. Go gently.\n" if entry.failure is None else "Your recording is kept.\n")
        print_entry(entry)


class _Shown:
    """What a person sees meanwhile. It goes to standard error: standard output belongs to the result."""

    def __init__(self, with_words: bool, with_progress: bool) -> None:
        self._with_words = with_words
        self._with_progress = with_progress
        self._timebox = ""

    def show(self, event: Event) -> None:
        match event:
            case Prompted(turn=turn) if turn.prompt:
                typer.echo(f"\n{turn.prompt}", err=True)
            case Listening(timebox_seconds=timebox):
                self._timebox = f" of {minutes_and_seconds(timebox)}" if timebox else ""
                typer.echo("Listening. Press Enter to go on.", err=True)
            case Saved(seconds=seconds):
                self._progress(f"\rSafe: {minutes_and_seconds(seconds)}{self._timebox}.  ")
            case Heard(words=words) if self._with_words:
                typer.echo(f"\r{' '.join(word.text for word in words)}", err=True)
            case LongSilence():
                self._progress("\rStill listening.          ")
            case Closing(lines=lines):
                typer.echo("\n" + "\n".join(lines), err=True)

    def _progress(self, line: str) -> None:
        if self._with_progress:
            typer.echo(line, nl=False, err=True)
