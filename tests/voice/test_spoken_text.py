from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.durations import shipped_lines
from voice.spoken_text import number_words, written_out

SPOKEN = {
    # Titles and abbreviations, whose point ends no sentence.
    "Dr. Okafor waits.": "Doctor Okafor waits.",
    "Mr. and Mrs. Lee, Ms Grey": "Mister and Missus Lee, Miz Grey",
    "Prof. Adler of St. Mary's": "Professor Adler of Saint Mary's",
    "One thing, e.g. the feet, i.e. both.": "One thing, for example the feet, that is both.",
    "E.g., the hands.": "for example, the hands.",
    "Day vs. night, approx. 8 hours.": "Day versus night, about 8 hours.",
    "Hands, feet, etc. All of it.": "Hands, feet, et cetera. All of it.",
    "Hands, feet, etc. and more.": "Hands, feet, et cetera and more.",
    "Hands, feet, etc.": "Hands, feet, et cetera.",
    "Room no. 5, then No. 6.": "Room number 5, then number 6.",
    # Patterns of breath, ranges, fractions.
    "This is 4-7-8, then 4-0-6-0.": "This is four seven eight, then four zero six zero.",
    "Stay 5-10 minutes, or 3 – 4.5.": "Stay 5 to 10 minutes, or 3 to 4.5.",
    "Breathe 5-5.": "Breathe 5-5.",
    "1/2 of it, 2½ breaths, 1 3/4 hours": "one half of it, 2 and one half breaths, 1 and three quarters hours",
    "It's 24/7 work.": "It's twenty-four seven work.",
    "Since 2024-05-03, or 3/4/2025.": "Since 2024-05-03, or 3/4/2025.",
    # Amounts.
    "Stay for 10 min. Then rest for 30 sec.": "Stay for 10 minutes. Then rest for 30 seconds.",
    "10 min. of rest, 5 s, 1 min, 1.5 h.": "10 minutes of rest, 5 seconds, 1 minute, 1.5 hours.",
    "“Only 2 mins.” Good.": "“Only 2 minutes.” Good.",
    "Hold 3–4s, in the 90s or the 1990s.": "Hold 3 to 4 seconds, in the 90s or the 1990s.",
    "Half of 50%, and 20 % more.": "Half of 50 percent, and 20 percent more.",
    "Give 5 mg & wait.": "Give 5 milligrams and wait.",
    # Times of the day.
    "At 7:30 you go, at 20:15 you rest.": "At seven thirty you go, at twenty fifteen you rest.",
    "From 7:00 to 7:05.": "From seven o'clock to seven oh five.",
    "At 6:50 a.m. it is dark.": "At six fifty AM it is dark.",
    "At 6 a.m. and 9pm. Rest.": "At 6 AM and 9 PM. Rest.",
    "From 3.30 p.m. to 10.05pm; it cost 3.30.": "From three thirty PM to ten oh five PM; it cost 3.30.",
    # Marks.
    "Wait... and let go...now.": "Wait… and let go… now.",
    "Say “enough” and 'not now': it's done, isn't it?": "Say “enough” and 'not now': it's done, isn't it?",
}


@pytest.mark.parametrize(("written", "said"), SPOKEN.items(), ids=SPOKEN)
def test_what_is_short_on_paper_is_written_out(written: str, said: str) -> None:
    assert written_out(written) == said


@pytest.mark.parametrize("written", SPOKEN)
def test_what_was_written_out_stays(written: str) -> None:
    assert written_out(written_out(written)) == written_out(written)


@pytest.mark.parametrize(
    "plain",
    [
        "No. Not now.",
        "I am here. The doctor is not. Mr and Dr are titles.",
        "Call 555-1234 or ward 7B.",
        "There were 1,250 nurses in 2024, version 1.2.3.",
        "The minute hand, the sec-retary, h and s.",
    ],
)
def test_what_is_plain_stays(plain: str) -> None:
    assert written_out(plain) == plain


def test_no_line_of_the_library_is_touched() -> None:
    """Their lengths were measured as they are written."""
    assert [line for line in shipped_lines() if written_out(line) != line] == []


@given(st.text(max_size=200))
def test_any_text_can_be_written_out(text: str) -> None:
    assert isinstance(written_out(text), str)


@pytest.mark.parametrize(("number", "words"), [(0, "zero"), (13, "thirteen"), (40, "forty"), (99, "ninety-nine")])
def test_numbers_below_a_hundred_have_words(number: int, words: str) -> None:
    assert number_words(number) == words
