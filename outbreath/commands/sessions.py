"""``sessions``, ``timeline``, ``render``, ``play``, ``breathe``: guided sessions in the terminal."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer

from core.errors import LinesNotKept
from outbreath import wiring
from outbreath.keyboard import ended_in_order, playback_keys
from outbreath.pacer import terminal
from outbreath.present import SOUND_LOST, AsJson, minutes_and_seconds, print_json, progress_bar
from sessions.events import CueStarted, Event, SoundLost
from sessions.guide import Performance, expect_writable
from sessions.performing import SessionControl
from sessions.timeline import Cue

LOOK_AGAIN_SECONDS = 3.0
"""Where nobody can press a key, a lost sound device is looked for again after this time."""

Slug = Annotated[str, typer.Argument(help="A session, as `outbreath sessions` names it.")]
Minutes = Annotated[float | None, typer.Option(help="Length in minutes; the script's own if not given.")]
Guidance = Annotated[str | None, typer.Option(help="How much is said: less, normal or more.")]
Bed = Annotated[str | None, typer.Option(help="Bed of sound: none, rain, ocean, brown or drone.")]
Voice = Annotated[str | None, typer.Option(help="Voice: joe, hibari, kokoro, or the path of a Piper voice.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    for command in (sessions, timeline, render, prepare, play, breathe):
        app.command()(command)


def sessions(as_json: AsJson = False) -> None:
    """The library: what can be played and spoken to."""
    library = wiring.from_environment().guide.sessions()
    if as_json:
        print_json(library)
        return
    for session in library:
        minutes = session.minutes
        lengths = "open" if minutes.open else f"{minutes.default:g} min ({minutes.min:g} to {minutes.max:g})"
        typer.echo(f"{session.slug:24} {session.kind:11} {lengths:20} {session.title}")
        for fault in session.faults:
            typer.echo(f"    line {fault.line}: {fault.problem} ({fault.hint})")


def timeline(
    slug: Slug,
    minutes: Minutes = None,
    guidance: Guidance = None,
    bed: Bed = None,
    voice: Voice = None,
    as_json: AsJson = False,
) -> None:
    """The cues of a session with their times."""
    performance = _prepared(wiring.from_environment(), slug, minutes, guidance, bed, voice)
    if as_json:
        print_json(performance.timeline)
        return
    for cue in performance.timeline.cues:
        typer.echo(f"{cue.start:9.3f} {cue.end:9.3f}  {cue.kind:9} {cue.text}")


def render(
    slug: Slug,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write: .wav .mp3 .ogg .opus .m4a .flac")],
    minutes: Minutes = None,
    guidance: Guidance = None,
    bed: Bed = None,
    voice: Voice = None,
    as_json: AsJson = False,
) -> None:
    """Writes a session to a sound file."""
    expect_writable(output)
    with ended_in_order():
        performance = _prepared(wiring.from_environment(), slug, minutes, guidance, bed, voice)
        with progress_bar("Rendering", performance.duration_seconds) as progress:
            performance.write(output, on_progress=progress)
    if as_json:
        print_json({"file": str(output), "duration_seconds": performance.duration_seconds})
    else:
        typer.echo(f"Written: {output}, {minutes_and_seconds(performance.duration_seconds)}.")


def prepare(
    slug: Slug,
    minutes: Minutes = None,
    guidance: Guidance = None,
    voice: Voice = None,
    as_json: AsJson = False,
) -> None:
    """Has a session spoken ahead, so that it starts at once later, also with a slow voice."""
    outbreath = wiring.from_environment()
    words = outbreath.guide.words(slug, minutes, guidance, None, voice)
    # Planning has lines spoken, too, whose length nobody knows yet.
    ready = set(filter(words.narrator.is_ready, words.lines))
    performance = _prepared(outbreath, slug, minutes, guidance, None, voice)
    lines = len(performance.lines)
    with progress_bar("Speaking", lines - performance.lines_ready) as progress:
        for done, _ in enumerate(performance.spoken_ahead(), 1):
            progress(done)
    spoken = sum(line not in ready and bool(words.narrator.known_seconds(line)) for line in performance.lines)
    missing = lines - performance.lines_ready
    if missing:
        raise LinesNotKept(missing)
    if as_json:
        print_json({"slug": slug, "lines": lines, "spoken_now": spoken})
    else:
        typer.echo(f"Ready: {lines} lines, {spoken} of them spoken now.")


def play(slug: Slug, minutes: Minutes = None, guidance: Guidance = None, bed: Bed = None, voice: Voice = None) -> None:
    """Plays a session on the sound card. Space pauses, n skips to the next section, q stops.

    A breathing session fills the terminal, as `outbreath breathe` does.
    """
    outbreath = wiring.from_environment()
    _perform(outbreath, _prepared(outbreath, slug, minutes, guidance, bed, voice))


def breathe(
    pattern: Annotated[str, typer.Argument(help="A breathing pattern such as coherent-breathing or 4-0-6-0.")],
    minutes: Annotated[float, typer.Option(help="Length in minutes.")] = 2.0,
    voice: Voice = None,
) -> None:
    """Paces the breath on the sound card and in the terminal. Space pauses, q stops.

    A circle fills the terminal and breathes along. Into a pipe, without colours (NO_COLOR) or on a dumb terminal there
    are lines to read instead; OUTBREATH_REDUCED_MOTION=true keeps the circle still.
    """
    outbreath = wiring.from_environment()
    _perform(outbreath, outbreath.guide.breathe(pattern, minutes, voice))


def _prepared(
    outbreath: wiring.Outbreath,
    slug: str,
    minutes: float | None,
    guidance: str | None,
    bed: str | None,
    voice: str | None,
) -> Performance:
    """A planned session. Of lines that no voice has said yet it is learnt how long they take, with a bar to watch."""
    words = outbreath.guide.words(slug, minutes, guidance, bed, voice)
    with progress_bar("Speaking for the first time", len(words.unknown)) as progress:
        for done, _ in enumerate(words.learned(), 1):
            progress(done)
    return outbreath.guide.prepare(slug, minutes, guidance, bed, voice)


def _perform(outbreath: wiring.Outbreath, performance: Performance) -> None:
    if performance.timeline.kind == "breathing" and terminal.shows_pictures(os.environ):
        from outbreath.pacer import screen  # brings textual, and only who looks at it waits for that

        screen.pace(
            performance.timeline,
            lambda control, listen: outbreath.guide.perform(performance, outbreath.speaker, control, listen),
            outbreath.settings.reduced_motion,
        )
        return
    with playback_keys() as control:
        outbreath.guide.perform(performance, outbreath.speaker, control, _Told(control))


class _Told:
    """What is said of a session line by line; what a device that stays away has sound again and again, once."""

    def __init__(self, control: SessionControl) -> None:
        self._control = control
        self._cue: Cue | None = None
        self._lost = False

    def __call__(self, event: Event) -> None:
        match event:
            case CueStarted(cue) if cue.text and cue != self._cue:
                typer.echo(cue.text)
                self._cue, self._lost = cue, False
            case SoundLost() if sys.stdin.isatty():
                typer.echo(SOUND_LOST, err=True)
            case SoundLost():
                if not self._lost:
                    typer.echo("The sound device went away. It goes on when there is one again.", err=True)
                self._lost = True
                threading.Timer(LOOK_AGAIN_SECONDS, self._control.resume).start()
