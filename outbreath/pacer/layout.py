"""Where things stand on a screen of so many columns and rows. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LARGE_LETTERS_COLUMNS = 64
LARGE_LETTERS_ROWS = 20
LARGE_LETTERS_TAKE_ROWS = 4
LARGEST_CIRCLE_ROWS = 31
SMALLEST_CIRCLE_ROWS = 5
LONGEST_LINE_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class Layout:
    """Rows and columns from 0; what has no room is None."""

    width: int
    height: int
    words_row: int
    """The first of the rows that say what to do."""
    words_rows: int
    circle_row: int | None
    """The row of the circle's centre."""
    circle_rows: int
    bar_row: int | None
    """Where there is no room for a circle, a bar grows and shrinks."""
    progress_row: int | None
    keys_row: int | None

    @property
    def large_letters(self) -> bool:
        return self.words_rows >= LARGE_LETTERS_TAKE_ROWS

    @property
    def line_columns(self) -> int:
        return max(1, min(LONGEST_LINE_COLUMNS, self.width - 4 if self.width > 20 else self.width))


def layout(width: int, height: int) -> Layout:
    """The most that fits: the words first, then the progress, the keys, and the circle in what is left."""
    roomy, airy = height >= LARGE_LETTERS_ROWS, height >= 10
    keys_row = height - 1 if height >= 5 else None
    progress_row = height - (3 if roomy else 2 if keys_row else 1) if height >= 3 else None
    words_rows = LARGE_LETTERS_TAKE_ROWS if roomy and width >= LARGE_LETTERS_COLUMNS else 2 if airy else 1
    below = height if progress_row is None else progress_row - airy
    words_row = max(0, below - words_rows)
    above = words_row - roomy
    rows = min(above, (width - 1) // 2, LARGEST_CIRCLE_ROWS)
    rows -= rows % 2 == 0  # an odd number has a row in the middle
    has_circle = rows >= SMALLEST_CIRCLE_ROWS
    return Layout(
        width=width,
        height=height,
        words_row=words_row,
        words_rows=words_rows,
        circle_row=above // 2 if has_circle else None,
        circle_rows=rows if has_circle else 0,
        bar_row=words_row - 1 if not has_circle and words_row else None,
        progress_row=progress_row,
        keys_row=keys_row,
    )
