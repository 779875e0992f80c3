"""Scripts for tests: a header that is right, and bodies as hypothesis invents them."""

from __future__ import annotations

from hypothesis import strategies as st

from sessions.script import Script
from sessions.script_parser import parse

SLUG = "try"

CONTRACT_EXAMPLE = """---
title: Between clients
kind: meditation            # meditation | breathing | reflection
minutes: {default: 2, min: 1, max: 10}
basis: "Transition ritual; grounding through the feet and the breath"
bed: none
warnings: []
---
# Leaving the last room
{bell}
Let the last conversation stay where it is. {pause 4s}
> Nothing you heard needs an answer in the next minute.
{rest 2}
# Arriving
Feel your feet. {rest 3}
{breathe extended-exhale 4 breaths}
! When you are ready, open the door.
{bell end}
"""


def written(body: str, kind: str = "reflection", minutes: str = "{default: 10, min: 1}") -> Script:
    """The script of a body below a header that is right."""
    return parse(f"---\ntitle: Try\nkind: {kind}\nminutes: {minutes}\n---\n{body}\n", SLUG)


_TEXT = st.sampled_from(("Sit down.", "Feel your feet.", "Listen to the room for a while.", "One breath."))
_LINES = st.builds(lambda mark, text: mark + text, st.sampled_from(("", "> ", "! ")), _TEXT)
_PAUSES = st.builds(lambda seconds: f"{{pause {seconds:.2f}s}}", st.floats(0.01, 20))
_RESTS = st.builds(lambda weight: f"{{rest {weight:.2f}}}", st.floats(0.01, 9))
_COUNTED = st.builds(
    lambda pattern, amount: f"{{breathe {pattern} {amount}}}",
    st.sampled_from(("coherent-breathing", "cyclic-sighing", "4-7-8-0", "2.5-0-3.25-0")),
    st.sampled_from(("1 breath", "3 breaths", "45s", "1m")),
)
_STRETCHING = st.sampled_from(("{breathe box-breathing}", "{breathe 3.33-0-4.1-0.5}"))
_BELLS = st.sampled_from(("{bell}", "{bell low}", "{bell end}"))
_ASKED = st.sampled_from(("{ask What went well?}", "{ask}"))
_HEADINGS = st.sampled_from(("# Arriving", "# Leaving"))
_BODY_LINES = st.one_of(_LINES, _PAUSES, _RESTS, _COUNTED, _STRETCHING, _BELLS, _ASKED, _HEADINGS)

scripts = st.builds(
    # A default that holds whatever comes.
    lambda lines, last: written("\n\n".join([*lines, last]), minutes="{default: 30, min: 1}"),
    st.lists(_BODY_LINES, max_size=12),
    _LINES,
)
