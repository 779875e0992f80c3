"""What works on this machine, and the whole way once from a spoken line to an entry that is found."""

from __future__ import annotations

import logging
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterable
from importlib.metadata import version
from io import BytesIO
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from audio import files, soundcard
from audio.clip import AudioClip
from core.errors import OutbreathError
from core.paths import Places
from core.settings import Configuration
from outbreath.wiring import Outbreath

TRIED_LINE = "I felt calm after the meeting with my colleagues."
FREE_BYTES_WANTED = 1_000_000_000
BUG_NEXT_STEP = "Install Outbreath again: make run (or: pipx reinstall outbreath). Your journal stays as it is."

_log = logging.getLogger(__name__)


class Finding(BaseModel):
    """One thing that was looked at."""

    model_config = ConfigDict(frozen=True)

    name: str
    works: bool
    detail: str
    next_step: str | None = None
    optional: bool = False


def works(findings: Iterable[Finding]) -> bool:
    """Whether all works that has to; what is optional need not."""
    return all(finding.works or finding.optional for finding in findings)


def examine(outbreath: Outbreath, whole_way: bool) -> list[Finding]:
    """Looks at every part; one that fails does not keep the others from being looked at."""
    findings = [
        _look("python", lambda: f"Python {platform.python_version()}, Outbreath {version('outbreath')}"),
        _look("data folder", lambda: str(outbreath.places.data)),
        _look("models folder", lambda: str(outbreath.places.models)),
        _look("scripts folder", lambda: str(outbreath.places.scripts)),
        _look("disk", lambda: _free_space(outbreath.places)),
        _look("journal", lambda: _journal(outbreath)),
        _look("voice", lambda: _voice(outbreath)),
        _look("recogniser", lambda: _recogniser(outbreath)),
        _look("tags", lambda: _tags(outbreath)),
        _look("search", lambda: _search(outbreath)),
        _look("sessions", lambda: f"{len(outbreath.guide.sessions())} in the library"),
        _look("sound card", _sound_card, optional=True),
    ]
    if whole_way:
        findings.append(_look("whole way", lambda: _try_whole_way(outbreath)))
    return findings


def _look(name: str, test: Callable[[], str], optional: bool = False) -> Finding:
    try:
        return Finding(name=name, works=True, detail=test(), optional=optional)
    except OutbreathError as error:
        return Finding(name=name, works=False, detail=error.message, next_step=error.next_step, optional=optional)
    except Exception as bug:  # noqa: BLE001 - whoever asks what works wants to hear of the rest, whatever one part throws
        kind = type(bug).__name__
        _log.error("bug: %s", kind)
        detail = f"Something in this part of Outbreath is broken ({kind})."
        return Finding(name=name, works=False, detail=detail, next_step=BUG_NEXT_STEP, optional=optional)


def _free_space(places: Places) -> str:
    folder = next(parent for parent in (places.data, *places.data.parents) if parent.is_dir())
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES_WANTED:
        raise OutbreathError(f"Only {free / 1e9:.1f} GB are free.", "Free some space; an hour of speech takes 0.1 GB.")
    return f"{free / 1e9:.0f} GB free"


def _journal(outbreath: Outbreath) -> str:
    if outbreath.locked:
        return "locked with your passphrase"
    count = outbreath.notebook.entries(limit=1).total
    return f"encrypted, {count} entries, key kept by {outbreath.keys.protection}"


def _voice(outbreath: Outbreath) -> str:
    clip = outbreath.narrator().line("Hello.")
    return f"{outbreath.settings.voice} speaks ({clip.duration_seconds:.1f} s)"


def _recogniser(outbreath: Outbreath) -> str:
    outbreath.recogniser.recognise(AudioClip.silence(16_000, 16_000), outbreath.settings.language)
    return f"{outbreath.recogniser.name} listens"


def _tags(outbreath: Outbreath) -> str:
    found = outbreath.tagger.suggest("I was angry about the rota, and then I felt calm.")
    if not found:
        raise OutbreathError("A plain sentence gets no tags.", "Install Outbreath again; nothing you said is lost.")
    return f"tagger {outbreath.tagger.version.partition('-')[0]} suggests"


def _search(outbreath: Outbreath) -> str:
    outbreath.text_encoder.warm()
    return "finds by meaning"


def _sound_card() -> str:
    return ", ".join(soundcard.device_names())


def _try_whole_way(outbreath: Outbreath) -> str:
    """Speaks a line, hears it back, tags it, stores it and finds it, in a journal that is thrown away."""
    spoken = outbreath.narrator().line(TRIED_LINE)
    with tempfile.TemporaryDirectory(prefix="outbreath-doctor-") as folder:
        configuration = outbreath.configuration
        elsewhere = Configuration(
            configuration.settings.model_copy(update={"key_store": "file"}),
            configuration.sources,
            Places.under(Path(folder)),
        )
        with Outbreath(elsewhere, recogniser=outbreath.recogniser) as tried:
            entry = tried.reflections.add_stream(BytesIO(_as_wav(spoken)), "audio/wav")
            entry = tried.processing.work_until_settled(entry.id)
            if entry.failure:
                raise OutbreathError(entry.failure.message, entry.failure.next_step)
            found = tried.notebook.search("meeting colleagues")
            names = ", ".join(tag.name for tag in entry.tags)
            if not found.results or found.results[0].entry.id != entry.id or "calm" not in names:
                raise OutbreathError("A spoken line did not come back as it should.", "Run: make test")
    return f"spoken, heard, tagged ({names}), stored encrypted and found again"


def _as_wav(clip: AudioClip) -> bytes:
    return files.wav_header(clip.frames, clip.sample_rate, clip.channels) + clip.to_int16().astype("<i2").tobytes()
