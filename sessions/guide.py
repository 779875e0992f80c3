"""The guide: what sessions there are, and a session made ready to be heard. Called by the command line and the web."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from audio import beds, files
from audio.clip import AudioClip
from audio.devices import Speaker
from core.errors import BadScript, BadValue, UnreadableAudio, UnreadableFile
from core.settings import Guidance
from sessions import breathing, performing
from sessions.events import Event
from sessions.performing import SessionControl
from sessions.recorded_lines import recorded_line, recorded_seconds
from sessions.rendering import SAMPLE_RATE_HZ, render
from sessions.script import Bell, Breathe, Line, Minutes, Play, Script, Section
from sessions.script_files import Library, SessionSummary
from sessions.timeline import Timeline, plan, require_length
from sessions.words import Words, spoken_texts
from voice.narrator import Narrator

BREATHE_INVITATION = "Breathe in as the tone rises, and out as it falls."
BREATHE_LONGEST_MINUTES = 60.0
BREATHE_SHORTEST_MINUTES = 0.5

WRITING_THREADS = 2
"""A file is there the sooner the more lines are spoken side by side; a voice takes as many as it can."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Performance:
    """A session at one length, with one voice and bed: planned to the frame, not yet rendered."""

    timeline: Timeline
    voice: str
    bed: str
    narrator: Narrator
    recording: Callable[[str], AudioClip]

    @property
    def frames(self) -> int:
        """Length at ``sessions.rendering.SAMPLE_RATE_HZ``."""
        return self.timeline.frames

    @property
    def duration_seconds(self) -> float:
        return self.timeline.duration_seconds

    def blocks(self, start_frame: int = 0, given_up: Callable[[], bool] = lambda: False) -> Iterator[AudioClip]:
        """The sound from ``start_frame`` on, mono, in blocks of half a second, rendered as they are taken.

        ``given_up`` is asked while a slow voice speaks its first lines, before any sound.

        Raises:
            BadValue: a start outside the session.
        """
        return render(self.timeline, self.narrator, self.bed, start_frame, self.recording, given_up)

    @property
    def lines(self) -> tuple[str, ...]:
        """What the voice says, each line once, in the order in which they first come."""
        return tuple(dict.fromkeys(cue.text for cue in self.timeline.cues if cue.spoken))

    @property
    def lines_ready(self) -> int:
        """How many of them were spoken before and are kept."""
        return sum(map(self.narrator.is_ready, self.lines))

    def spoken_ahead(self) -> Iterator[str]:
        """Has the lines spoken that are not ready, one by one as they are taken, so that the session starts at once.

        Raises:
            ModelMissing, ModelDamaged: the voice cannot speak.
        """
        for line in self.lines:
            if not self.narrator.is_ready(line):
                self.narrator.line(line)
                yield line

    def write(self, path: Path, on_progress: Callable[[float], None] | None = None) -> None:
        """Writes the whole session in the format of the file's ending; nothing half-written is left on failure.

        Args:
            on_progress: told after each block how many seconds are done.

        Raises:
            UnknownAudioFormat, UnwritableFile: as ``expect_writable``.
        """
        blocks = render(self.timeline, self.narrator, self.bed, recording=self.recording, threads=WRITING_THREADS)
        files.encode(_counted(blocks, on_progress or (lambda _: None)), path, path.suffix)


def expect_writable(path: Path) -> None:
    """Looks whether a session can be written there, before it is planned: a slow voice speaks for minutes until then.

    Raises:
        UnknownAudioFormat: an ending that is not written. UnwritableFile: the place cannot be written to.
    """
    files.expect_writable(path, path.suffix)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A session as it is going to be, before it is known how long its words take."""

    script: Script
    minutes: float
    guidance: Guidance
    bed: str
    voice: str
    narrator: Narrator


class Guide:
    """Finds, plans and performs sessions.

    Args:
        narrator_for: the voice of a name, the same one each time.
        default_bed: bed under every session; None keeps each script's own.
    """

    def __init__(
        self,
        library: Library,
        narrator_for: Callable[[str], Narrator],
        default_voice: str,
        default_guidance: Guidance,
        default_bed: str | None,
    ) -> None:
        self._library = library
        self._narrator_for = narrator_for
        self.choose(default_voice, default_guidance, default_bed)

    def choose(self, voice: str, guidance: Guidance, bed: str | None) -> None:
        """What is taken from now on where a request says nothing; sessions that are planned stay as they are."""
        self._default_voice = voice
        self._default_guidance: Guidance = guidance
        self._default_bed = bed

    def sessions(self) -> tuple[SessionSummary, ...]:
        """The library."""
        return self._library.summaries()

    def session(self, slug: str) -> SessionSummary:
        """One session of the library.

        Raises:
            UnknownSession: there is none of that slug.
        """
        return self._library.summary(slug)

    def prepare(
        self,
        slug: str,
        minutes: float | None = None,
        guidance: str | None = None,
        bed: str | None = None,
        voice: str | None = None,
    ) -> Performance:
        """A session planned to the frame. What is None is the setting, or the script's own choice.

        Lines whose length is not known yet are spoken first; those of shipped sessions are known.

        Raises:
            UnknownSession, BadScript: there is no such session, or its script has faults.
            BadValue: a length, guidance or bed that does not exist. TooShort: the words need more time.
            UnknownVoice, ModelMissing, ModelDamaged: the voice cannot speak.
        """
        return self._planned(self._library.script(slug), minutes, guidance, bed, voice)

    def words(
        self,
        slug: str,
        minutes: float | None = None,
        guidance: str | None = None,
        bed: str | None = None,
        voice: str | None = None,
    ) -> Words:
        """All that the voice may say in a session of any length, to learn how long it takes before it is planned.

        Raises: as ``prepare``, except that nobody knows yet whether the length is too short.
        """
        chosen = self._chosen(self._library.script(slug), minutes, guidance, bed, voice)
        return Words(tuple(dict.fromkeys(spoken_texts(chosen.script, chosen.guidance))), chosen.narrator)

    def breathe(self, pattern: str, minutes: float, voice: str | None = None) -> Performance:
        """Paced breathing alone: a bell, one line, whole breaths for as long as asked, a bell.

        Args:
            pattern: a name of ``sessions.breathing.PATTERNS``, or seconds such as ``4-7-8-0``.

        Raises:
            BadValue, TooShort: no such pattern, or a length it cannot have.
            UnknownVoice, ModelMissing, ModelDamaged: the voice cannot speak.
        """
        return self._planned(_breathing_script(breathing.pattern(pattern)), minutes, None, "none", voice)

    def perform(
        self,
        performance: Performance,
        speaker: Speaker,
        control: SessionControl | None,
        on_event: Callable[[Event], None],
    ) -> None:
        """Plays a session and tells what happens; returns when it is over or stopped. See ``sessions.performing``.

        Raises:
            NoSoundCard: there is no device to begin with.
        """
        performing.perform(performance.timeline, performance.blocks, speaker, control, on_event)

    def _planned(
        self, script: Script, minutes: float | None, guidance: str | None, bed: str | None, voice: str | None
    ) -> Performance:
        chosen = self._chosen(script, minutes, guidance, bed, voice)

        # Found once: the script may get another name while its session plays.
        places = {step.file: self._library.recording(script.slug, step.file) for step in _recorded(script)}
        timeline = plan(
            script,
            chosen.minutes,
            chosen.guidance,
            lambda text: _seconds(chosen.narrator, text),
            lambda file: _planned_seconds(script, file, places[file]),
        )
        return Performance(timeline, chosen.voice, chosen.bed, chosen.narrator, lambda file: _still_there(places[file]))

    def _chosen(
        self, script: Script, minutes: float | None, guidance: str | None, bed: str | None, voice: str | None
    ) -> _Chosen:
        """What is left open, filled in; what can't be is refused."""
        chosen_minutes = script.minutes.default if minutes is None else minutes
        require_length(script, chosen_minutes)
        chosen_guidance = _guidance(guidance or self._default_guidance)
        chosen_bed = next(name for name in (bed, self._default_bed, script.bed) if name is not None)
        if chosen_bed not in beds.BED_NAMES:
            raise BadValue("bed", f"one of {', '.join(beds.BED_NAMES)}")
        chosen_voice = voice or self._default_voice
        narrator = self._narrator_for(chosen_voice)
        return _Chosen(script, chosen_minutes, chosen_guidance, chosen_bed, chosen_voice, narrator)


def _recorded(script: Script) -> Iterator[Play]:
    return (step for step in script.steps() if isinstance(step, Play))


def _planned_seconds(script: Script, file: str, path: Path) -> float:
    try:
        return recorded_seconds(path)
    except (UnreadableFile, UnreadableAudio):
        lines = [step.line_number for step in _recorded(script) if step.file == file]
        problem, hint = f"{file} can't be played", "use a recording of at most ten minutes with sound in it"
        raise BadScript(script.slug, [(line, problem, hint) for line in lines]) from None


def _still_there(path: Path) -> AudioClip:
    """The recording; silence if it went away since it was planned, for a session that plays goes on."""
    try:
        return recorded_line(path)
    except (UnreadableFile, UnreadableAudio):
        _log.warning("a recording of a session that plays went away")
        return AudioClip.silence(0, SAMPLE_RATE_HZ)


def _guidance(name: str) -> Guidance:
    levels: tuple[Guidance, ...] = get_args(Guidance)
    for level in levels:
        if name == level:
            return level
    raise BadValue("guidance", "less, normal or more")


def _seconds(narrator: Narrator, text: str) -> float:
    known = narrator.known_seconds(text)
    return known if known is not None else narrator.line(text).duration_seconds


def _breathing_script(pattern: breathing.BreathPattern) -> Script:
    steps = (Bell(), Line(text=BREATHE_INVITATION), Breathe(pattern=pattern), Bell(kind="end"))
    minutes = Minutes(default=2, min=BREATHE_SHORTEST_MINUTES, max=BREATHE_LONGEST_MINUTES)
    title = pattern.name.replace("-", " ").capitalize() if pattern.name in breathing.PATTERNS else pattern.name
    return Script(pattern.name, title, "breathing", minutes, "", "none", (), (Section("", steps),))


def _counted(blocks: Iterator[AudioClip], on_progress: Callable[[float], None]) -> Iterator[AudioClip]:
    frames = 0
    for block in blocks:
        yield block
        frames += block.frames
        on_progress(frames / SAMPLE_RATE_HZ)
