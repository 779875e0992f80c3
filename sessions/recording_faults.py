"""What keeps recorded lines from being played, told when the script is listed rather than when it is played."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from audio import files
from audio.editing import SILENCE_DBFS
from audio.levels import gain_of_db
from audio.wholeness import breaks_off
from core.errors import AudioError
from sessions.recorded_lines import LONGEST_SECONDS
from sessions.script import Fault, Play, Script

SAMPLE_RATE_HZ = 16_000
"""Enough to hear whether there is anything."""

LOST_SECONDS = 0.5
LOST_PART = 0.05
"""So much less than a file says it holds, and its end is missing; formats round what they say."""

Trouble = tuple[str, str]
"""What is wrong with a recording, and what to do."""


class RecordingFaults:
    """Listens into the recordings of scripts, into each again only once it has changed.

    Args:
        to_the_end: hears them whole, to notice one whose end is missing, or that is too long; else only until
            something sounds.
    """

    def __init__(self, to_the_end: bool = False) -> None:
        self._to_the_end = to_the_end
        self._heard: dict[Path, tuple[tuple[int, int], Trouble | None]] = {}

    def of(self, script: Script, path: Path) -> list[Fault]:
        """The faults of the recordings that a script at ``path`` plays; they come and go without it being saved."""
        plays = [step for step in script.steps() if isinstance(step, Play)]
        troubles = [(step, self._trouble(path.with_name(step.file))) for step in plays]
        return [
            Fault(step.line_number, f"{step.file} {trouble[0]}", trouble[1]) for step, trouble in troubles if trouble
        ]

    def _trouble(self, recording: Path) -> Trouble | None:
        try:
            if not recording.is_file():
                return "isn't there", "put the recording beside the script"
            if recording.resolve().parent != recording.parent.resolve():
                return "leads out of the folder", "put the recording itself beside the script, not a link to it"
            status = recording.stat()
            state = (status.st_mtime_ns, status.st_size)
            kept = self._heard.get(recording)
            if kept is None or kept[0] != state:
                kept = self._heard[recording] = (state, _heard(recording, self._to_the_end))
            return kept[1]
        except (OSError, ValueError):
            return "can't be opened", "check its name, and that you may read it"


def _heard(recording: Path, to_the_end: bool) -> Trouble | None:
    faintest = gain_of_db(SILENCE_DBFS)
    seconds, sounds = 0.0, False
    try:
        for block in files.decode(recording, SAMPLE_RATE_HZ):
            seconds += block.duration_seconds
            sounds = sounds or bool(np.max(np.abs(block.samples), initial=0.0) > faintest)
            if seconds > LONGEST_SECONDS:
                return "is too long", f"keep a recorded line below {LONGEST_SECONDS / 60:g} minutes"
            if sounds and not to_the_end:
                break
        promised_seconds = files.promised_seconds(recording) if to_the_end else None
    except AudioError:
        return "is no sound that can be read", "play it in another program; record it again as WAV, MP3 or M4A"
    if not sounds:
        return "is silent", "record it again, closer to the microphone"
    lost_seconds = (promised_seconds or 0.0) - seconds
    if breaks_off(recording) or lost_seconds > LOST_SECONDS + LOST_PART * seconds:
        return "breaks off: its end is missing", "copy it again from where it was recorded, or record it anew"
    return None
