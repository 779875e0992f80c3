"""Every shipped session, at every length and guidance, with every voice that has a name."""

from __future__ import annotations

import re
from collections import Counter
from itertools import product

import pytest

from core.settings import Guidance
from sessions.durations import planned_seconds
from sessions.script import Breathe, Line, Script
from sessions.script_files import shipped_scripts
from sessions.timeline import SAMPLE_RATE_HZ, plan
from tests.sessions.test_rounds import longest_silence
from voice.voices import NAMED

SLUGS = {
    "morning-arrival", "body-scan", "self-compassion-break", "loving-kindness", "between-clients", "sleep-after-nights",
    "coherent-breathing", "cyclic-sighing", "extended-exhale", "box-breathing", "four-seven-eight",
    "evening-reflection", "going-home", "three-good-things", "before-supervision", "free",
}  # fmt: skip
SCRIPTS = shipped_scripts()
MEDITATIONS = [slug for slug, script in SCRIPTS.items() if script.kind == "meditation"]
GUIDANCE: tuple[Guidance, ...] = ("less", "normal", "more")
MORE_MINUTES = (3, 7.5, 10, 20, 33.3, 45, 60)

# Words that promise, lecture, or belong to a profession rather than to a tired person.
UNWANTED = re.compile(
    r"\b(should|must|heal\w*|cure\w*|mindful\w*|guarantee\w*|proven|MBSR|chakra|energy|journey|"
    r"nervous system|vagus|trauma\w*|somatic)\b|!",
    re.IGNORECASE,
)


def _has_holds(script: Script) -> bool:
    paced = (step.pattern for step in script.steps() if isinstance(step, Breathe))
    return any(phase.phase == "hold" for pattern in paced for phase in pattern.phases)


def test_the_library_is_whole() -> None:
    assert set(SCRIPTS) == SLUGS
    for script in SCRIPTS.values():
        assert script.basis
        assert script.minutes.max == 60


@pytest.mark.parametrize("voice", NAMED)
@pytest.mark.parametrize("slug", SCRIPTS)
def test_a_session_has_exactly_the_asked_length_at_any_guidance(slug: str, voice: str) -> None:
    script = SCRIPTS[slug]
    lengths = (script.minutes.min, *(each for each in MORE_MINUTES if each > script.minutes.min))
    for minutes, guidance in product(lengths, GUIDANCE):
        timeline = plan(script, minutes, guidance, planned_seconds(voice).__getitem__)
        assert timeline.cues[-1].end_frame == timeline.frames == round(minutes * 60 * SAMPLE_RATE_HZ)
        spoken = [cue for cue in timeline.cues if cue.kind == "line"]
        assert all(cue.end - cue.start >= planned_seconds(voice)[cue.text] - 1e-4 for cue in spoken)


@pytest.mark.parametrize("voice", NAMED)
@pytest.mark.parametrize("slug", MEDITATIONS)
def test_a_meditation_never_leaves_a_person_alone_for_long(slug: str, voice: str) -> None:
    script = SCRIPTS[slug]
    for minutes in (script.minutes.min, script.minutes.default, 15, 20, 30, 45, 60):
        timeline = plan(script, minutes, "normal", planned_seconds(voice).__getitem__)
        assert longest_silence(timeline) <= 90


@pytest.mark.parametrize("voice", NAMED)
@pytest.mark.parametrize("slug", SCRIPTS)
def test_more_guidance_says_more_at_any_length(slug: str, voice: str) -> None:
    script, seconds = SCRIPTS[slug], planned_seconds(voice)
    for minutes in (script.minutes.default, 20, 60):
        timelines = [plan(script, minutes, guidance, seconds.__getitem__) for guidance in GUIDANCE]
        talk_seconds = [sum(seconds[cue.text] for cue in each.cues if cue.kind == "line") for each in timelines]
        assert talk_seconds == sorted(talk_seconds)


@pytest.mark.parametrize("voice", NAMED)
@pytest.mark.parametrize("slug", SCRIPTS)
def test_even_an_hour_says_nothing_too_often(slug: str, voice: str) -> None:
    for guidance in GUIDANCE:
        timeline = plan(SCRIPTS[slug], 60, guidance, planned_seconds(voice).__getitem__)
        said = Counter(cue.text for cue in timeline.cues if cue.kind == "line")
        assert max(said.values()) <= 3


@pytest.mark.parametrize("slug", MEDITATIONS)
def test_a_line_of_a_long_session_does_not_come_back_soon(slug: str) -> None:
    for minutes, guidance in product((20, 30, 45, 60), GUIDANCE):
        timeline = plan(SCRIPTS[slug], minutes, guidance, planned_seconds("hibari").__getitem__)
        last_said: dict[str, float] = {}
        for cue in timeline.cues:
            # What is wished is a refrain.
            if cue.kind == "line" and not cue.text.startswith("May "):
                assert cue.start - last_said.get(cue.text, -3600) >= 12 * 60, cue.text
                last_said[cue.text] = cue.start


@pytest.mark.parametrize("slug", SCRIPTS)
def test_words_are_plain_and_promise_nothing(slug: str) -> None:
    lines = [step.text for step in SCRIPTS[slug].steps() if isinstance(step, Line)]
    for line in lines:
        assert not UNWANTED.search(line), line
        assert len(line.split()) <= 22, line
        for sentence in re.split(r"[.?]", line):
            assert len(sentence.split()) <= 18, sentence


@pytest.mark.parametrize("guidance", GUIDANCE)
@pytest.mark.parametrize("slug", SCRIPTS)
def test_open_eyes_are_offered_at_the_beginning_whatever_the_guidance(slug: str, guidance: Guidance) -> None:
    script = SCRIPTS[slug]
    for minutes in (script.minutes.min, script.minutes.default, 60):
        timeline = plan(script, minutes, guidance, planned_seconds("hibari").__getitem__)
        opening = [cue.text for cue in timeline.cues if cue.kind == "line"][:3]
        assert any(re.search(r"\bopen\b", line) for line in opening), opening


@pytest.mark.parametrize("slug", [slug for slug, script in SCRIPTS.items() if _has_holds(script)])
def test_holds_come_with_a_warning_and_with_leave_to_shorten_them(slug: str) -> None:
    script = SCRIPTS[slug]
    assert any("Go gently" in warning and "heart or lung" in warning for warning in script.warnings)
    timeline = plan(script, script.minutes.min, "less", planned_seconds("hibari").__getitem__)
    assert any(re.search(r"\bshorte[nr]\b", cue.text, re.IGNORECASE) for cue in timeline.cues if cue.kind == "line")
