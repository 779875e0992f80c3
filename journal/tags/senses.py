"""Words that name a feeling and mean something else: numb fingers, a tender belly, an anxiety group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from journal.tags.persons import set_of

_BODILY: Final = frozenset(("numb", "tender"))
_ONE_PARTS: Final = set_of(
    "abdomen belly tummy stomach finger hand arm leg toe lip face jaw tooth gum tongue skin breast wrist knee ankle "
    "elbow shoulder neck scalp calf thigh hip rib chest spot wound scar joint muscle limb forearm heel cheek nose ear "
    "bottom bum side groin lump swelling site"
)
_PARTS: Final = _ONE_PARTS | {part + "s" for part in _ONE_PARTS} | set_of("feet teeth calves")

_NOUNS: Final = set_of(
    "anxiety anger stress grief panic depression fear rage burnout loneliness guilt shame happiness gratitude joy "
    "relief sadness bereavement worry frustration"
)
_THINGS: Final = set_of(
    "group groups clinic clinics management disorder disorders therapy therapies training course courses workshop "
    "workshops medication medications meds tablets scale scales score scores questionnaire questionnaires leaflet "
    "leaflets class classes ball balls team teams service services support counselling counseling counsellor "
    "counselor worker workers unit leave policy policies alarm alarms button chart assessment assessments screening "
    "programme program project module lecture seminar study research nurse nurses staff shift cover ward"
)
_PERSONS: Final = set_of("i i'm i've i'd we we're me us")
_BEING: Final = set_of(
    "am was were is are be been being felt feel feeling so very quite just also too and but more i'm we're"
)
_DONE_TO_OTHERS: Final = set_of(
    "surprised calmed frightened scared angered annoyed disappointed comforted embarrassed upset frustrated confused "
    "shocked amazed excited irritated overwhelmed disgusted saddened soothed terrified thrilled humiliated"
)
_OBJECTS: Final = set_of("the a an my him her them his their our someone everyone everybody somebody")


def is_another(words: Sequence[str], sentence: range, clause: range, first: int, last: int, name: str) -> bool:
    """True when words ``first`` to ``last``, within a clause of a sentence, are not about a feeling at all.

    Args:
        name: the feeling that they would name.
    """
    following = words[last + 1] if last + 1 in clause else ""
    if name in _BODILY:
        return following in _PARTS or _speaks_of_the_body(words[sentence.start : first])
    if words[last] == "hopefully":  # "Hopefully the rota comes out" is a wish; "I waited hopefully" ends with it
        return last + 1 in clause
    if following in _THINGS and words[last] in _NOUNS:
        return True
    before = words[first - 1] if first - 1 in clause else ""
    if words[last] == "relieved" and before and before not in _BEING and not before.endswith("ly"):
        return following in _OBJECTS or following in ("me", "us")  # "Tom relieved me at six"
    # "I relieved the night nurse", "we surprised the team"
    return words[last] in _DONE_TO_OTHERS and before in ("i", "we") and following in _OBJECTS


def _speaks_of_the_body(before: Sequence[str]) -> bool:
    """The last that was spoken of is a part of the body: "the abdomen is soft and tender"."""
    last = next((word for word in reversed(before) if word in _PARTS or word in _PERSONS), "")
    return last in _PARTS
