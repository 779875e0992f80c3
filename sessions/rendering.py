"""From a timeline to sound, block by block, from any frame on.

Lines are spoken on background threads a few ahead of the block that is being mixed, so the first block comes at once
and the last line may still be unspoken while the first is heard. Everything else (bells, breath tones, bed, fades,
limiter) depends on the frame number alone, so a render from the middle equals the tail of a whole one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from audio import beds, mixing, tones
from audio.clip import AudioClip, Samples
from audio.levels import gain_of_db
from core.errors import BadValue
from sessions.headroom import Due, lines_to_speak_first
from sessions.slots import SAMPLE_RATE_HZ
from sessions.speaking_ahead import SpeakingAhead
from sessions.timeline import Cue, Timeline

__all__ = ["BLOCK_FRAMES", "SAMPLE_RATE_HZ", "LineSource", "render"]

BLOCK_FRAMES = SAMPLE_RATE_HZ // 2

CEILING_DBFS = -2.0
"""Half a decibel under the promised true peak of -1.5 dBTP, for peaks that lie between samples."""

KNEE_DBFS = -3.5
"""Below this the limiter changes nothing."""

TONE_UNDER_WORDS_DB = -3.0
"""A breath tone is as loud as the voice, so it steps back where both sound."""

BED_RISE_SECONDS = 4.0
BED_FALL_SECONDS = 6.0
EDGE_SECONDS = 0.008
"""Soft edges of every spoken line, so that no join clicks."""


class LineSource(Protocol):
    """Gives the sound of a line; ``voice.narrator.Narrator`` does."""

    @property
    def real_time_factor(self) -> float:
        """Seconds it takes for one second of speech."""
        ...

    def is_ready(self, text: str) -> bool:
        """Whether the line was spoken before, and is kept."""
        ...

    def line(self, text: str) -> AudioClip:
        """Mono at ``SAMPLE_RATE_HZ``."""
        ...


@dataclass(frozen=True, slots=True)
class _Sound:
    """Something to be heard from ``start_frame`` on. ``slow`` ones are made on background threads."""

    start_frame: int
    end_frame: int
    make: Callable[[], Samples]
    slow: bool
    words: str = ""


def no_recordings(file: str) -> AudioClip:
    """For timelines that play no recorded line."""
    raise KeyError(file)


def render(
    timeline: Timeline,
    narrator: LineSource,
    bed: str,
    start_frame: int = 0,
    recording: Callable[[str], AudioClip] = no_recordings,
    given_up: Callable[[], bool] = lambda: False,
    threads: int = 1,
) -> Iterator[AudioClip]:
    """Yields the session from ``start_frame`` to its end in blocks of half a second, the last one shorter.

    Closing the iterator ends the background threads after the lines they are at.

    Args:
        bed: one of ``audio.beds.BED_NAMES``.
        recording: the sound of a recorded line by its file name, mono at ``SAMPLE_RATE_HZ``.
        given_up: asked while the first lines of a slow voice are spoken; once it is true there is no sound.
        threads: so many lines are made at a time. One is enough for a listener, and needs the least memory.

    Raises:
        BadValue: no such bed, or a start outside the session. Raised at once, not at the first block.
    """
    if bed not in beds.BED_NAMES:
        raise BadValue("bed", f"one of {', '.join(beds.BED_NAMES)}")
    if not 0 <= start_frame <= timeline.frames:
        raise BadValue("start", f"a frame from 0 to {timeline.frames}")
    sounds = [
        sound
        for cue in timeline.cues
        for sound in _sounds(cue, timeline.frames, narrator, recording)
        if sound.end_frame > start_frame
    ]
    slow = [sound for sound in sounds if sound.slow]

    def speak_first(spoken: SpeakingAhead[Samples]) -> bool:
        spoken.wait_for(_to_speak_first(slow, narrator, start_frame), given_up)
        return not given_up()

    return _blocks(timeline.frames, sounds, bed, start_frame, speak_first, threads)


def _to_speak_first(slow: list[_Sound], narrator: LineSource, start_frame: int) -> int:
    lines = [
        Due(
            (sound.start_frame - start_frame) / SAMPLE_RATE_HZ,
            (sound.end_frame - sound.start_frame) / SAMPLE_RATE_HZ,
            ready=not sound.words,
        )
        for sound in slow
    ]
    # A quick voice comes in time whatever is kept of it, so that nothing need be looked up.
    if not lines_to_speak_first(lines, narrator.real_time_factor):
        return 0
    known = [
        line._replace(ready=line.ready or narrator.is_ready(sound.words))
        for line, sound in zip(lines, slow, strict=True)
    ]
    return lines_to_speak_first(known, narrator.real_time_factor)


def _blocks(
    frames: int,
    sounds: list[_Sound],
    bed: str,
    start_frame: int,
    speak_first: Callable[[SpeakingAhead[Samples]], bool],
    threads: int,
) -> Iterator[AudioClip]:
    upcoming = iter(sounds)
    following = next(upcoming, None)
    playing: list[tuple[int, Samples]] = []
    with SpeakingAhead((sound.make for sound in sounds if sound.slow), threads) as spoken:
        if not speak_first(spoken):
            return
        for block_start in range(start_frame, frames, BLOCK_FRAMES):
            block_end = min(block_start + BLOCK_FRAMES, frames)
            while following is not None and following.start_frame < block_end:
                samples = spoken.take() if following.slow else following.make()
                playing.append((following.start_frame, samples))
                following = next(upcoming, None)
            block = np.zeros(block_end - block_start, dtype=np.float32)
            for starts_at, samples in playing:
                mixing.add(block, samples, starts_at - block_start)
            playing = [(starts_at, samples) for starts_at, samples in playing if starts_at + len(samples) > block_end]
            if bed != "none":
                block += _bed(bed, block_start, len(block), frames)
            clip = AudioClip(_limited(block), SAMPLE_RATE_HZ)
            # Not before: loading a voice would hold up the very first sound.
            spoken.begin()
            yield clip


def _sounds(cue: Cue, frames: int, narrator: LineSource, recording: Callable[[str], AudioClip]) -> Iterator[_Sound]:
    """What is heard from a cue on: nothing for silence, tone and words for a breath whose phase is spoken."""
    start, end = cue.start_frame, cue.end_frame
    phase, bell, file = cue.phase, cue.bell, cue.file
    if phase is not None:
        seconds = (end - start) / SAMPLE_RATE_HZ
        gain = gain_of_db(TONE_UNDER_WORDS_DB if cue.spoken else 0.0)
        yield _Sound(start, end, lambda: gain * tones.breath_tone(phase, seconds, SAMPLE_RATE_HZ).samples, slow=False)
    if bell is not None:
        # It rings on under the cues that follow, but not beyond the session.
        until = min(frames, start + round(tones.bell_seconds(bell) * SAMPLE_RATE_HZ))
        yield _Sound(start, until, lambda: _fitted(tones.bell(bell, SAMPLE_RATE_HZ), until - start), slow=False)
    if cue.spoken:
        yield _Sound(start, end, lambda: _fitted(narrator.line(cue.text), end - start), True, cue.text)
    if file is not None:
        yield _Sound(start, end, lambda: _fitted(recording(file), end - start), slow=True)


def _fitted(clip: AudioClip, frames: int) -> Samples:
    """At most ``frames`` frames, with soft edges. What is shorter is followed by silence anyway."""
    kept = AudioClip(clip.samples[:frames], clip.sample_rate)
    edge_frames = round(EDGE_SECONDS * SAMPLE_RATE_HZ)
    return mixing.faded(kept, edge_frames, edge_frames).samples


def _bed(name: str, start_frame: int, frames: int, session_frames: int) -> Samples:
    """The bed, rising at the session's start and falling at its end; both shorter in a session of a few seconds."""
    samples = beds.bed(name, start_frame, frames, SAMPLE_RATE_HZ).samples
    rise_frames = min(BED_RISE_SECONDS * SAMPLE_RATE_HZ, session_frames / 2)
    fall_frames = min(BED_FALL_SECONDS * SAMPLE_RATE_HZ, session_frames / 2)
    if start_frame >= rise_frames and start_frame + frames <= session_frames - fall_frames:
        return samples
    at = np.arange(start_frame, start_frame + frames)
    along = np.clip(np.minimum(at / rise_frames, (session_frames - 1 - at) / fall_frames), 0.0, 1.0)
    return samples * (0.5 - 0.5 * np.cos(np.pi * along)).astype(np.float32)


def _limited(samples: Samples) -> Samples:
    """Peaks bent softly below the ceiling. Each sample by itself, so that a block needs no memory of the last."""
    knee, ceiling = gain_of_db(KNEE_DBFS), gain_of_db(CEILING_DBFS)
    if np.max(samples, initial=0.0) <= knee and np.min(samples, initial=0.0) >= -knee:
        return samples
    levels = np.abs(samples)
    room = ceiling - knee
    bent = knee + room * np.tanh((levels - knee) / room)
    limited: Samples = np.where(levels <= knee, samples, np.copysign(bent, samples)).astype(np.float32)
    return limited
