"""What a script's author should know before anybody plays it. Pure: no voice is asked and no recording opened.

Faults keep a script from being played; remarks say what may not sound as meant. How long words take is guessed from
their letters: a fault only where the quickest voice would be too slow, a remark where a usual one is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise

from core.errors import minutes_in_words
from sessions.line_lengths import quickest_seconds, usual_seconds
from sessions.plain_words import has_link, has_picture
from sessions.script import LONGEST_MINUTES, Ask, Breathe, Fault, Line, Play, Script, Step
from sessions.timeline import shortest_minutes

_SENTENCE_ENDS = ".!?…:;。！？।"
_CLOSING = "\"'”’)]»"

CanSpeak = Callable[[str], bool]
"""Whether the voice has sounds for the whole of a line."""

SecondsOf = Callable[[str], float]


def unheard(_: str) -> float:
    """For recordings that nobody has listened to: how long one is, its file alone knows."""
    return 0.0


def length_fault(script: Script, seconds_of_file: SecondsOf = unheard) -> Fault | None:
    """What is wrong if even the least guidance leaves more to say than the script may last.

    Args:
        seconds_of_file: how long the recorded line of that name takes.
    """
    needed = shortest_minutes(script, "less", quickest_seconds, seconds_of_file)
    minutes, line = script.minutes, script.minutes_line
    recordings = any(isinstance(step, Play) for step in script.steps())
    what = "words, pauses, breaths and recordings" if recordings else "words, pauses and breaths"
    if needed > minutes.max:
        problem = f"{what} need {minutes_in_words(needed)} or more, longer than max ({minutes.max:g})"
        hint = "raise max, or shorten what is said at every setting"
        return Fault(line, problem, hint if needed <= LONGEST_MINUTES else hint.removeprefix("raise max, or "))
    if needed > minutes.default:
        problem = f"{what} need {minutes_in_words(needed)} or more, longer than default ({minutes.default:g})"
        return Fault(line, problem, "raise default, or shorten what is said at every setting")
    return None


def remarks(script: Script, can_speak: CanSpeak, seconds_of_file: SecondsOf = unheard) -> tuple[Fault, ...]:
    """All that may not sound as meant, in order of its line."""
    found = (
        _silent_with_less(script),
        _long_with_normal(script, seconds_of_file),
        *_unspeakable(script, can_speak),
        *_not_words(script),
        *_broken_sentences(script),
    )
    return tuple(sorted((each for each in found if each), key=lambda remark: remark.line))


def _silent_with_less(script: Script) -> Fault | None:
    sounding = [step for step in script.steps() if _sounds(step)]
    if not sounding or any(step.importance.included("less") for step in sounding):
        return None
    hint = "put ! before the lines that matter most"
    return Fault(sounding[0].line_number, "with less guidance nothing is said at all", hint)


def _long_with_normal(script: Script, seconds_of_file: SecondsOf) -> Fault | None:
    needed, default = shortest_minutes(script, "normal", usual_seconds, seconds_of_file), script.minutes.default
    if needed <= default:
        return None
    line = next((step.line_number for step in script.steps() if isinstance(step, Line)), 1)
    problem = f"with normal guidance about {minutes_in_words(needed)} will be needed, more than default ({default:g})"
    return Fault(line, problem, "raise default, or put > before the lines that can be left out")


def _unspeakable(script: Script, can_speak: CanSpeak) -> Iterator[Fault]:
    for step in script.steps():
        text = step.text if isinstance(step, Line) else step.prompt if isinstance(step, Ask) else ""
        if not can_speak(text):
            hint = "choose a voice of that language; until then it is only shown"
            yield Fault(step.line_number, "the voice can't speak this line, or not all of it", hint)


def _not_words(script: Script) -> Iterator[Fault]:
    for step in script.steps():
        written = step.written if isinstance(step, Line | Ask) else ""
        if has_link(written):
            hint = "say in words what is meant; of a link only its text is spoken, and an address is spelled out"
            yield Fault(step.line_number, "nobody can follow a link while listening", hint)
        if has_picture(written):
            yield Fault(step.line_number, "an emoji is passed over, or spoken by its name", "take it out")


def _broken_sentences(script: Script) -> Iterator[Fault]:
    """Where an editor wrapped a line with a mark: what is below is a line of its own, with a mark of its own."""
    for above, below in pairwise(script.steps()):
        if not (isinstance(above, Line) and isinstance(below, Line)):
            continue
        directly = below.line_number == above.line_number + 1
        if directly and below.text[0].islower() and above.text.rstrip(_CLOSING)[-1:] not in _SENTENCE_ENDS:
            hint = "put the whole sentence on one line, so that its mark holds for all of it"
            yield Fault(below.line_number, "a sentence goes on below its line, without its mark", hint)


def _sounds(step: Step) -> bool:
    return isinstance(step, Line | Play | Breathe) or (isinstance(step, Ask) and bool(step.prompt))
