"""Turns a line of a script into the sound of that line, ready to be laid into a session."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from concurrent.futures import Future
from math import ceil
from typing import Final

from audio.clip import AudioClip, join
from audio.editing import trimmed
from audio.loudness import normalised
from audio.mixing import faded, fitted
from audio.resampling import resample
from voice.speech_cache import SpeechCache
from voice.spoken_text import written_out
from voice.text_to_speech import TextToSpeech

SENTENCE_GAP_SECONDS: Final = 0.45
SLOT_SECONDS: Final = 0.1
"""Lines take a whole multiple of this, so that a difference of a few milliseconds between machines moves no cue."""

SILENCE_DBFS: Final = -50.0
"""What is quieter at the ends of a sentence is the voice's own silence; the gap is ours to choose."""

KEPT_SECONDS: Final = 0.005
"""Of that silence this much stays, so that a line is heard within 20 ms of its cue."""

FADE_SECONDS: Final = 0.005
"""Fade at both ends of a sentence, and where a line has to be cut to its slot, so that nothing clicks."""

BELIEF_SECONDS: Final = 20.0
"""So much speech it takes until what was known of the voice's speed weighs half."""

RECIPE: Final = 3
"""Part of the cache key. Raise it whenever a line would sound different from the same sentences."""


class Narrator:
    """One voice, with a memory for what it has said.

    Args:
        tts: the voice.
        cache: where spoken lines are kept.
        sample_rate: Hz of the clips that ``line`` gives.
        planned_seconds: lengths that lines of shipped scripts are known to have with this voice, by line. A line
            that stands here takes exactly this long, spoken before or not, so that a plan never changes.
    """

    def __init__(
        self,
        tts: TextToSpeech,
        cache: SpeechCache,
        sample_rate: int,
        planned_seconds: Mapping[str, float] | None = None,
    ) -> None:
        self._tts = tts
        self._cache = cache
        self._sample_rate = sample_rate
        self._planned_seconds = planned_seconds or {}
        # Known also of lines that a full disk did not keep, and of those without a sound to keep.
        self._spoken_lengths: dict[str, float] = {}
        self._speaking = threading.Semaphore(tts.lines_at_once)
        self._asking = threading.Lock()
        self._coming: dict[str, Future[AudioClip]] = {}
        self._spoken_seconds = BELIEF_SECONDS
        self._working_seconds = BELIEF_SECONDS * tts.typical_real_time_factor

    @property
    def voice_name(self) -> str:
        return self._tts.name

    @property
    def sample_rate(self) -> int:
        return self._sample_rate

    @property
    def fingerprint(self) -> str:
        """Changes whenever the same line would sound different."""
        return f"{self._tts.fingerprint}/line={RECIPE}/rate={self._sample_rate}"

    @property
    def real_time_factor(self) -> float:
        """Seconds this voice takes for one second of speech here and lately."""
        return self._working_seconds / self._spoken_seconds

    def is_ready(self, text: str) -> bool:
        """Whether the line was spoken before, and is kept, or has no sound."""
        key = self._key(text)
        return self._cache.seconds(key) is not None or self._spoken_lengths.get(key) == 0.0

    def warm(self) -> None:
        """Loads the voice now, so that the first line comes without delay."""
        self._tts.warm()

    def known_seconds(self, text: str) -> float | None:
        """How long a line takes, if that is known without speaking it: a multiple of ``SLOT_SECONDS``.

        0 if the voice has no sound for it.
        """
        planned = self._planned_seconds.get(_tidy(text))
        if planned is not None:
            return planned
        key = self._key(text)
        kept = self._cache.seconds(key)
        return kept if kept is not None else self._spoken_lengths.get(key)

    def line(self, text: str) -> AudioClip:
        """The line as it sounds in a session: even loudness, no silence at its start, padded to its slot.

        Mono at ``sample_rate``; empty for a text without words.

        Raises:
            ModelMissing, ModelDamaged: the voice's files are not there or not whole.
        """
        clip = self._cache.get(self._key(text))
        if clip is None:
            clip = self._said_once(text)
        planned = self._planned_seconds.get(_tidy(text))
        return clip if planned is None else fitted(clip, round(planned * self._sample_rate))

    def _said_once(self, text: str) -> AudioClip:
        """What is being said already is waited for: two listeners of one session do not have it spoken twice."""
        key = self._key(text)
        with self._asking:
            said_elsewhere = self._coming.get(key)
            coming = self._coming.setdefault(key, Future())
        if said_elsewhere is None:
            try:
                coming.set_result(self._cache.get(key) or self._say(text))
            except BaseException as fault:  # noqa: BLE001  # whoever waits for the line is to hear of it
                coming.set_exception(fault)
            finally:
                del self._coming[key]
        return coming.result()

    def _say(self, text: str) -> AudioClip:
        with self._speaking:
            sentences = self._spoken(text)
        # Beside the next line, which may be spoken meanwhile.
        spoken = [clip for clip in (trimmed(each, SILENCE_DBFS, KEPT_SECONDS) for each in sentences) if clip.frames]
        if not spoken:
            self._spoken_lengths[self._key(text)] = 0.0
            return AudioClip.silence(0, self._sample_rate)
        clip = self._slotted(normalised(_with_gaps(spoken)))
        self._spoken_lengths[self._key(text)] = clip.duration_seconds
        self._cache.put(self._key(text), clip)
        # Through the same 16 bits as the cache, so that the first time sounds exactly like every other.
        return AudioClip.from_int16(clip.to_int16(), clip.sample_rate)

    def _spoken(self, text: str) -> list[AudioClip]:
        if not self._tts.loaded:
            self._tts.warm()  # how long loading takes says nothing of the voice's speed
        begun_at_seconds = time.monotonic()
        sentences = list(self._tts.speak(_tidy(text)))
        self._learn(sum(clip.duration_seconds for clip in sentences), time.monotonic() - begun_at_seconds)
        return sentences

    def _learn(self, spoken_seconds: float, working_seconds: float) -> None:
        """Half of what was known fades with every ``BELIEF_SECONDS`` of speech."""
        kept = 0.5 ** (spoken_seconds / BELIEF_SECONDS)
        self._spoken_seconds = self._spoken_seconds * kept + spoken_seconds
        self._working_seconds = self._working_seconds * kept + working_seconds

    def _slotted(self, clip: AudioClip) -> AudioClip:
        resampled = resample(clip, self._sample_rate)
        slot_frames = round(SLOT_SECONDS * self._sample_rate)
        return fitted(resampled, ceil(resampled.frames / slot_frames) * slot_frames)

    def _key(self, text: str) -> str:
        return f"{self.fingerprint}\n{_tidy(text)}"


def _tidy(text: str) -> str:
    """A line as it is said: neither how it was wrapped in the script nor how short it was written matters."""
    return written_out(" ".join(text.split()))


def _with_gaps(sentences: list[AudioClip]) -> AudioClip:
    rate = sentences[0].sample_rate
    gap = AudioClip.silence(round(SENTENCE_GAP_SECONDS * rate), rate)
    fade_frames = round(FADE_SECONDS * rate)
    pieces = [piece for clip in sentences for piece in (faded(clip, fade_frames, fade_frames), gap)]
    return join(pieces[:-1])
