"""The full screen of the breath pacer. The door to textual, which is loaded only when this module is."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from outbreath.keyboard import signals_to
from outbreath.pacer import drawing, terminal
from outbreath.pacer.following import Follower
from outbreath.pacer.moment import Course, Moment
from outbreath.present import SOUND_LOST
from sessions.events import Event, SessionResumed, SoundLost
from sessions.performing import SessionControl
from sessions.timeline import Timeline

PICTURES_PER_SECOND = 12
REPAINT_SECONDS = 1
"""As often every row is drawn: one that was lost at the start, or overwritten by another program, returns."""

Play = Callable[[SessionControl, Callable[[Event], None]], None]
"""Plays the session until it ends or the control stops it, and tells what happens."""


def pace(timeline: Timeline, play: Play, still: bool) -> None:
    """Shows a session while it plays, and gives the terminal back as it was.

    Args:
        still: the circle does not move; words and numbers say it all.

    Raises:
        whatever ``play`` raises.
    """
    pacer = BreathPacer(timeline, play, terminal.palette(os.environ), still)
    with signals_to(pacer.control.stop):
        try:
            pacer.run(mouse=False)
        finally:
            pacer.finish()


class Picture(Widget):
    """What is drawn, row by row."""

    DEFAULT_CSS = "Picture { width: 100%; height: 100%; }"

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[drawing.Row, ...] = ()

    def show(self, rows: tuple[drawing.Row, ...]) -> None:
        """Draws anew only the rows that changed."""
        before, self._rows = self._rows, rows
        if len(before) != len(rows):
            self.refresh()
            return
        for at, (old, new) in enumerate(zip(before, rows, strict=True)):
            if old != new:
                self.refresh(Region(0, at, self.size.width, 1))

    def render_line(self, y: int) -> Strip:
        row = self._rows[y] if y < len(self._rows) else ()
        # Of another width for a moment, while the terminal changes its size.
        return Strip([Segment(piece.text, _style(piece)) for piece in row]).adjust_cell_length(self.size.width)


def _style(piece: drawing.Piece) -> Style:
    return Style(color=f"#{piece.ink:06x}", bgcolor=f"#{piece.ground:06x}")


class BreathPacer(App[None]):
    """The screen, and the thread that plays."""

    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pause_or_go_on"),
        Binding("n", "next_section"),
        Binding("q,escape,ctrl+c,ctrl+d", "quit", priority=True),
    ]

    def __init__(self, timeline: Timeline, play: Play, palette: drawing.Palette, still: bool) -> None:
        super().__init__()
        self.control = SessionControl()
        self.failure: BaseException | None = None
        self._play = play
        self._course = Course(timeline)
        self._follower = Follower(time.monotonic)
        self._palette = palette
        self._still = still
        self._notice = ""
        self._over = False
        self._picture = Picture()
        self._hung_up = terminal.hang_up()
        # A daemon, so that nothing that hangs in a sound card keeps the program from ending.
        self._playing = threading.Thread(target=self._perform, daemon=True)

    def compose(self) -> ComposeResult:
        yield self._picture

    def on_mount(self) -> None:
        self.screen.styles.background = f"#{self._palette.ground:06x}"
        self._playing.start()
        self.set_interval(1 / PICTURES_PER_SECOND, self._look)
        self.set_interval(REPAINT_SECONDS, self._repaint)

    def on_resize(self) -> None:
        self.call_after_refresh(self._look)

    def finish(self) -> None:
        """Stops what still plays, and raises what went wrong."""
        self.control.stop()
        if self._playing.is_alive():
            self._playing.join()
        if self.failure is not None:
            raise self.failure
        if self.return_code:
            raise RuntimeError("textual broke off")

    def action_pause_or_go_on(self) -> None:
        (self.control.resume if self.control.paused else self.control.pause)()
        self._look()

    def action_next_section(self) -> None:
        # What is not offered does nothing: behind the last section lies the end.
        if self._moment().section_follows:
            self.control.skip()

    async def action_quit(self) -> None:
        # The screen stays until the sound has faded.
        self.control.stop()

    def _perform(self) -> None:
        try:
            self._play(self.control, self._listen)
        except BaseException as failure:  # noqa: BLE001 - raised again by ``finish``, in the thread that waits for it
            self.failure = failure
        finally:
            self._over = True

    def _listen(self, event: Event) -> None:
        """Called by the thread that hands the sound over, so it takes no time."""
        if isinstance(event, SoundLost | SessionResumed):
            self._notice = SOUND_LOST if isinstance(event, SoundLost) else ""

    def _look(self) -> None:
        if self._over:
            self.exit()
            return
        try:
            self._picture.show(self._drawn())
        except Exception as bug:  # noqa: BLE001 - raised again by ``finish``: textual would print it, words and all
            self.failure = bug
            self.exit()

    def _repaint(self) -> None:
        if self._hung_up():
            self.control.stop()
        self._picture.refresh()

    def _moment(self) -> Moment:
        return self._course.at(self._follower.seconds(self.control.heard_seconds))

    def _drawn(self) -> tuple[drawing.Row, ...]:
        moment, paused = self._moment(), self.control.paused
        keys = ["space goes on" if paused else "space pauses", "q stops"]
        if moment.section_follows:
            keys.append("n next section")
        view = drawing.View(self._palette, self._still, paused, self._notice, keys)
        return drawing.picture(moment, *self.size, view)
