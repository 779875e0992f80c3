from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from outbreath.pacer.drawing import DAWN, DAWN_OF_256, DUSK, DUSK_OF_256, HALF_BLOCK, Palette, Row, View, picture
from outbreath.pacer.moment import Moment

BREATHING = Moment("Breathe in", 3, "", 0.5, 2, 11, 0.25, 72.4, True)
SPEAKING = replace(BREATHING, phase="", count=None, line="Let the breath be as it is, and the shoulders sink.")
KEYS = ("space pauses", "q stops", "n next section")
SIZES = [(width, height) for width in (1, 7, 20, 40, 64, 80, 200) for height in (1, 2, 3, 5, 8, 12, 20, 24, 60)]


def texts(rows: tuple[Row, ...]) -> list[str]:
    return ["".join(piece.text for piece in row).replace(HALF_BLOCK, " ").strip() for row in rows]


def shown(moment: Moment, width: int, height: int, view: View | None = None) -> list[str]:
    return texts(picture(moment, width, height, view or View(keys=KEYS)))


def coloured_cells(rows: tuple[Row, ...], colour: int) -> int:
    return sum(len(piece.text) for row in rows for piece in row if piece.ground == colour)


@pytest.mark.parametrize("moment", [BREATHING, SPEAKING, replace(SPEAKING, line="深呼吸 and a\x1b[2J\tword " * 30)])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_it_fills_a_screen_of_any_size_exactly(moment: Moment, width: int, height: int) -> None:
    rows = picture(moment, width, height, View(keys=KEYS))
    assert len(rows) == height
    assert {sum(cell_len(piece.text) for piece in row) for row in rows} == {width}
    assert all(piece.text.isprintable() for row in rows for piece in row)


@pytest.mark.parametrize(("width", "height"), [(40, 12), (50, 15), (20, 6), (24, 3)])
def test_small_screens_say_it_in_plain_words(width: int, height: int) -> None:
    said = " ".join(shown(BREATHING, width, height))
    assert "Breathe in" in said
    assert "3" in said
    assert "2 of 11" in said
    assert "1:12 left" in said


def test_a_roomy_screen_writes_the_phase_large() -> None:
    assert "Breathe in" not in " ".join(shown(BREATHING, 80, 24))
    large = picture(BREATHING, 80, 24, View())[16:20]
    assert any(piece.ink == DUSK.ink and HALF_BLOCK in piece.text for row in large for piece in row)


def test_a_phase_of_other_letters_is_written_small() -> None:
    assert "Ein" in shown(replace(BREATHING, phase="Ein"), 80, 24)[17]
    assert "Zum Fenster" in shown(replace(BREATHING, phase="Zum Fenster"), 80, 24)[17]


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (200, 60), (20, 6)])
def test_the_shape_grows_with_the_breath(width: int, height: int) -> None:
    sizes = [
        coloured_cells(picture(replace(BREATHING, fullness=fullness), width, height, View()), DUSK.tide)
        for fullness in (0.0, 0.25, 0.5, 0.75, 1.0)
    ]
    assert sizes == sorted(sizes)
    assert sizes[-1] > 1.8 * sizes[0]


@pytest.mark.parametrize(("width", "height"), [(40, 12), (80, 24), (20, 6)])
def test_with_reduced_motion_it_stays_and_words_say_the_rest(width: int, height: int) -> None:
    view = View(still=True)
    assert picture(replace(BREATHING, fullness=0.1), width, height, view) == picture(
        replace(BREATHING, fullness=0.9), width, height, view
    )


def test_the_rim_fills_as_time_passes() -> None:
    early, late = (picture(replace(BREATHING, passed=passed), 80, 24, View()) for passed in (0.1, 0.9))
    assert str(late[:15]).count(str(DUSK.quiet)) > 3 * str(early[:15]).count(str(DUSK.quiet))


def test_what_is_said_is_read_whole_even_where_there_is_little_room() -> None:
    assert " ".join(" ".join(shown(SPEAKING, 80, 24)).split()).startswith(SPEAKING.line)
    assert " ".join(" ".join(shown(SPEAKING, 40, 12)).split()).startswith(SPEAKING.line)
    assert coloured_cells(picture(SPEAKING, 40, 12, View()), DUSK.tide) > 0
    # With less room still it takes the place of the circle.
    long = replace(SPEAKING, line=SPEAKING.line * 3)
    assert " ".join(" ".join(shown(long, 30, 14)).split()).startswith(long.line)
    assert coloured_cells(picture(long, 30, 14, View()), DUSK.tide) == 0


def test_a_pause_and_what_must_be_known_take_the_place_of_the_phase() -> None:
    paused = shown(BREATHING, 60, 16, View(paused=True))
    assert "Paused" in paused
    assert "Breathe in" not in " ".join(paused)
    told = shown(BREATHING, 60, 16, View(paused=True, notice="The sound went away."))
    assert "The sound went away." in told
    assert "Paused" not in told


def test_keys_that_have_no_room_are_left_out_from_the_end() -> None:
    assert shown(BREATHING, 60, 16)[-1] == "space pauses   q stops   n next section"
    assert shown(BREATHING, 30, 16)[-1] == "space pauses   q stops"
    assert shown(BREATHING, 14, 16)[-1] == "space pauses"
    assert shown(BREATHING, 5, 16)[-1] == ""


def test_a_session_without_breaths_speaks_of_none() -> None:
    assert shown(replace(SPEAKING, breaths=0, breaths_done=0), 80, 24)[21] == "1:12 left"
    assert shown(replace(SPEAKING, breaths=1, breaths_done=0), 80, 24)[21] == "0 of 1 breath   1:12 left"


@pytest.mark.parametrize("palette", [DUSK, DAWN, DUSK_OF_256, DAWN_OF_256])
def test_words_can_be_read_on_their_ground(palette: Palette) -> None:
    for ink, ground in ((palette.ink, palette.ground), (palette.quiet, palette.ground), (palette.tide, palette.ground)):
        lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def _luminance(colour: int) -> float:
    """As WCAG 2 defines it."""
    channels = [(colour >> shift & 255) / 255 for shift in (16, 8, 0)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
