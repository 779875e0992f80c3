"""The picture of a moment: a circle that breathes, its rim filling as time passes, and the words below it. Pure.

A cell of a terminal is about twice as high as wide, so it holds two square pixels: the upper half of a block in one
colour on a ground of the other.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
from rich.cells import cell_len

from outbreath.pacer.layout import Layout, layout
from outbreath.pacer.lettering import HEIGHT_PIXELS, lettering
from outbreath.pacer.moment import Moment

STILL_FULLNESS = 0.6
"""How open the circle is when it is not to move."""

SMALLEST_PART = 0.45
"""An empty breath's share of the largest circle."""

HALO_STRENGTH = 0.22
DETAILED_CIRCLE_ROWS = 13
"""From here on it has a halo, and the count stands in it in large digits."""

SHADES = 12
"""Fewer than the eye can tell apart at a rim, so that a picture changes only when there is something to see."""

HALF_BLOCK = "▀"

Colour = int
"""Red, green and blue as 0xRRGGBB."""

Pixels = npt.NDArray[np.float32]

_PLACES = np.array([1 << 16, 1 << 8, 1])


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of the page, by the same names."""

    ground: Colour
    ink: Colour
    quiet: Colour
    line: Colour
    tide: Colour


DUSK = Palette(ground=0x0B151F, ink=0xEFEBE2, quiet=0xA0ADB6, line=0x2E3945, tide=0x74B7C3)
DAWN = Palette(ground=0xF9F5EC, ink=0x162330, quiet=0x4D5D6B, line=0xDCD7CD, tide=0x17687D)

# For terminals of 256 colours, among which the nearest to those above are pink and green.
DUSK_OF_256 = Palette(ground=0x121212, ink=0xEEEEEE, quiet=0xA8A8A8, line=0x444444, tide=0x5FAFAF)
DAWN_OF_256 = Palette(ground=0xEEEEEE, ink=0x1C1C1C, quiet=0x585858, line=0xC6C6C6, tide=0x005F87)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters in one colour on one ground."""

    text: str
    ink: Colour
    ground: Colour


Row = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class View:
    """What the person chose, beside the moment."""

    palette: Palette = DUSK
    still: bool = False
    paused: bool = False
    notice: str = ""
    """What the person must know now; it takes the place of all other words."""
    keys: Sequence[str] = ()
    """What the keys do, in a few words each; those at the end are left out first."""


def picture(moment: Moment, width: int, height: int, view: View) -> tuple[Row, ...]:
    """The whole screen, row by row, each exactly ``width`` cells wide."""
    places, palette = layout(width, height), view.palette
    phase = "" if view.notice else "Paused" if view.paused else moment.phase
    words = textwrap.wrap(view.notice or ("" if phase else moment.line), places.line_columns)
    canvas = _Canvas(places, palette)
    # What is said must be readable: if there is little room, it takes that of the circle.
    circled = places.circle_row is not None and len(words) <= places.words_rows
    count = "" if moment.count is None or view.paused else str(moment.count)
    if circled:
        canvas.circle(STILL_FULLNESS if view.still else moment.fullness, moment.passed, count)
    elif places.bar_row is not None and not words:
        canvas.bar(STILL_FULLNESS if view.still else moment.fullness)
    if phase:
        canvas.phase(phase, "" if circled else count)
    else:
        canvas.lines(words)
    if places.progress_row is not None:
        canvas.write(places.progress_row, _fitting(_progress(moment), width), palette.quiet)
    if places.keys_row is not None:
        joined = ["   ".join(view.keys[:many]) for many in range(len(view.keys), 0, -1)]
        canvas.write(places.keys_row, _fitting(joined, width), palette.quiet)
    return canvas.rows()


def _progress(moment: Moment) -> list[str]:
    """The same in fewer and fewer words."""
    minutes, seconds = divmod(round(moment.left_seconds), 60)
    left = f"{minutes}:{seconds:02} left"
    if not moment.breaths:
        return [left]
    done = f"{moment.breaths_done} of {moment.breaths}"
    breaths = "breath" if moment.breaths == 1 else "breaths"
    return [f"{done} {breaths}   {left}", f"{done}   {left}", left]


def _fitting(texts: Sequence[str], width: int) -> str:
    return next((text for text in texts if cell_len(text) <= width), "")


class _Canvas:
    """Pixels, two to a cell, and characters that stand before them."""

    def __init__(self, places: Layout, palette: Palette) -> None:
        self._places = places
        self._palette = palette
        self._pixels = np.tile(_rgb(palette.ground), (2 * places.height, places.width, 1))
        self._written: dict[tuple[int, int], tuple[str, Colour]] = {}

    def circle(self, fullness: float, passed: float, count: str) -> None:
        row, rows = self._places.circle_row, self._places.circle_rows
        assert row is not None
        top, left = 2 * row - rows + 1, self._places.width // 2 - rows
        away, turned = _polar(rows)
        detailed = rows >= DETAILED_CIRCLE_ROWS
        rim = rows - 1.0
        radius = (rim - 1.5 - (rows / 10 if detailed else 0)) * (
            SMALLEST_PART + (1 - SMALLEST_PART) * _from_0_to_1(fullness)
        )
        on_rim = np.clip(1.2 - abs(away - rim), 0, 1)
        self._paint(top, left, on_rim, self._palette.line)
        self._paint(top, left, on_rim * (turned < passed), self._palette.quiet)
        if detailed:
            self._paint(top, left, HALO_STRENGTH * np.clip(radius + rows / 10 - away, 0, 1), self._palette.tide)
        core = np.clip(radius - away + 0.5, 0, 1)
        self._paint(top, left, core, self._palette.tide)
        large = lettering(count) if detailed else None
        if large is not None:
            # Cut out of the circle, and filled in where they reach beyond it.
            down, right = rows - HEIGHT_PIXELS // 2, rows - large.shape[1] // 2
            behind = core[down : down + HEIGHT_PIXELS, right : right + large.shape[1]]
            self._paint(top + down, left + right, large * behind, self._palette.ground)
            self._paint(top + down, left + right, large * (1 - behind), self._palette.tide)
        elif count:
            self.write(row, count, self._palette.ground)

    def bar(self, fullness: float) -> None:
        row, width = self._places.bar_row, self._places.width
        assert row is not None
        from_middle = abs(np.arange(width) - (width - 1) / 2)
        covered = np.clip(width / 2 * _from_0_to_1(fullness) - from_middle + 0.5, 0, 1)
        self._paint(2 * row, 0, np.tile(covered, (2, 1)), self._palette.tide)

    def phase(self, phase: str, count: str) -> None:
        row = self._places.words_row
        large = lettering(phase) if self._places.large_letters else None
        if large is None or large.shape[1] > self._places.width:
            said = f"{phase}  {count}" if count else phase
            self.write(row + (self._places.words_rows - 1) // 2, said, self._palette.ink)
            return
        self._paint(2 * row, (self._places.width - large.shape[1]) // 2, large, self._palette.ink)

    def lines(self, words: Sequence[str]) -> None:
        """As many as there is room for above the progress; the first of them if there is too little."""
        bottom = self._places.words_row + self._places.words_rows
        fitting = words[:bottom]
        top = self._places.words_row if len(fitting) <= self._places.words_rows else (bottom - len(fitting)) // 2
        for row, line in enumerate(fitting, start=top):
            self.write(row, line, self._palette.ink)

    def write(self, row: int, text: str, ink: Colour) -> None:
        """Characters in the middle of a row; what has no room is cut off."""
        column = max(0, (self._places.width - cell_len(text) + 1) // 2)
        for character in filter(str.isprintable, text):
            cells = cell_len(character)
            if column + cells > self._places.width:
                return
            if cells:
                self._written[row, column] = (character, ink)
                # A wide one covers the next cell too.
                self._written |= {(row, column + more): ("", ink) for more in range(1, cells)}
            column += cells

    def rows(self) -> tuple[Row, ...]:
        packed = self._packed()
        upper, lower = packed[0::2], packed[1::2]
        inks, grounds = np.where(upper == lower, self._palette.ink, upper), lower.copy()
        characters = np.where(upper == lower, " ", HALF_BLOCK)
        for (row, column), (character, ink) in self._written.items():
            characters[row, column], inks[row, column] = character, ink
        return tuple(map(_pieces, characters, inks, grounds))

    def _paint(self, top: int, left: int, coverage: Pixels, colour: Colour) -> None:
        """Lays a colour over the pixels from there on, as far as they are covered, from 0 to 1."""
        shaded = (np.round(coverage * SHADES) / SHADES)[..., None]
        under = self._pixels[top : top + coverage.shape[0], left : left + coverage.shape[1]]
        under += shaded * (_rgb(colour) - under)

    def _packed(self) -> npt.NDArray[np.int64]:
        packed: npt.NDArray[np.int64] = np.round(self._pixels).astype(np.int64) @ _PLACES
        return packed


def _pieces(characters: npt.NDArray[np.str_], inks: npt.NDArray[np.int64], grounds: npt.NDArray[np.int64]) -> Row:
    edges = np.flatnonzero((np.diff(inks) != 0) | (np.diff(grounds) != 0)) + 1
    starts, ends = [0, *edges], [*edges, len(inks)]
    return tuple(
        Piece("".join(characters[start:end]), int(inks[start]), int(grounds[start]))
        for start, end in zip(starts, ends, strict=True)
    )


def _rgb(colour: Colour) -> Pixels:
    return np.array([colour >> 16, colour >> 8 & 255, colour & 255], dtype=np.float32)


def _from_0_to_1(number: float) -> float:
    return min(1.0, max(0.0, number))


@cache
def _polar(rows: int) -> tuple[Pixels, Pixels]:
    """Of each pixel of a square: its distance from the middle, and how far round it lies, from 0 at the top to 1.

    The middle is that of a cell: between two pixels downwards, and on one sideways.
    """
    down = (np.arange(2 * rows) - (rows - 0.5))[:, None]
    right = (np.arange(2 * rows + 1) - rows)[None, :]
    turned = np.arctan2(right, -down) / (2 * np.pi) % 1
    return np.hypot(down, right).astype(np.float32), turned.astype(np.float32)
