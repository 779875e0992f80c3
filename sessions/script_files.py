"""The library: shipped scripts, and the person's own from a folder, which take the place of shipped ones of that name.

A slug is looked up among the files that are there and never becomes a path, so no slug leads out of the folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from itertools import count
from os.path import realpath
from pathlib import Path
from stat import S_ISREG
from types import MappingProxyType

from pydantic import BaseModel, ConfigDict, Field

from core.errors import AudioError, BadScript, UnknownSession
from sessions.recorded_lines import recorded_seconds
from sessions.recording_faults import RecordingFaults
from sessions.script import Fault, Kind, Minutes, Script
from sessions.script_advice import CanSpeak, length_fault, remarks
from sessions.script_names import ENDING, same_slug, script_paths, slug_of
from sessions.script_parser import LONGEST_SCRIPT_CHARACTERS, examine, parse

LARGEST_FILE_BYTES = 4 * LONGEST_SCRIPT_CHARACTERS + 1
"""A UTF-8 character has at most four bytes; what is larger is not even read."""

KIND_ORDER: tuple[Kind, ...] = ("meditation", "breathing", "reflection")


class SessionSummary(BaseModel):
    """One session of the library. Its JSON form is public."""

    model_config = ConfigDict(frozen=True)

    slug: str
    title: str
    kind: Kind
    minutes: Minutes
    basis: str = Field(description="What the session rests on, in its author's words.")
    bed: str = Field(description="Bed of sound if none is chosen.")
    warnings: tuple[str, ...] = Field(description="To be shown before it starts.")
    prompts: tuple[str, ...] = Field(description="The questions of a reflection.")
    own: bool = Field(description="True for a script from the person's own folder.")
    faults: tuple[Fault, ...] = Field(description="What keeps it from being played; empty if nothing does.")
    remarks: tuple[Fault, ...] = Field(description="What may not sound as its author meant; it can be played.")


@dataclass(frozen=True, slots=True)
class _Shelved:
    """A script as it was read. ``path`` is None for a shipped one."""

    script: Script
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()
    path: Path | None = None


def shipped_scripts() -> dict[str, Script]:
    """The scripts that come with Outbreath, by slug."""
    return {slug: _shipped_script(slug) for slug in _shipped_files()}


@cache
def _shipped_files() -> Mapping[str, Traversable]:
    files = (file for file in resources.files("sessions.library").iterdir() if file.name.endswith(ENDING))
    return MappingProxyType(dict(sorted((file.name.removesuffix(ENDING), file) for file in files)))


@cache
def _shipped_script(slug: str) -> Script:
    return parse(_shipped_files()[slug].read_text(encoding="utf-8"), slug)


class Library:
    """All scripts there are. A saved script is there at once; a broken one is listed with its faults.

    Args:
        scripts_folder: the person's own scripts; need not exist.
        can_speak: whether the voice of the settings can speak a line; what it can't is remarked on.
        to_the_end: hears recorded lines to their end to notice one that breaks off; else only how they begin.
    """

    def __init__(self, scripts_folder: Path, can_speak: CanSpeak = lambda _: True, to_the_end: bool = False) -> None:
        self._folder = scripts_folder
        self._can_speak = can_speak
        self._to_the_end = to_the_end
        self._recordings = RecordingFaults(to_the_end)
        self._read: dict[Path, tuple[tuple[int, int], _Shelved]] = {}

    def summaries(self) -> tuple[SessionSummary, ...]:
        """Every session: meditations, then breathing, then reflections, each by its slug."""
        ordered = sorted(self._shelf().items(), key=lambda item: (KIND_ORDER.index(item[1].script.kind), item[0]))
        return tuple(self._summary(shelved) for _, shelved in ordered)

    def summary(self, slug: str) -> SessionSummary:
        """One session.

        Raises:
            UnknownSession: there is none of that slug.
        """
        return self._summary(self._shelved(slug))

    def summary_of_file(self, path: Path) -> SessionSummary:
        """What a script file holds, wherever it lies, with every fault; not to be opened is one, too."""
        listed = self._own().values() if realpath(path.parent) == realpath(self._folder) else ()
        found = next((each for each in listed if each.path and each.path.name == path.name), None)
        return self._summary(found or self._shelved_file(path))

    def script(self, slug: str) -> Script:
        """The script of that slug.

        Raises:
            UnknownSession: there is none. BadScript: it has faults.
        """
        shelved = self._shelved(slug)
        faults = self._all_faults(shelved)
        if faults:
            raise BadScript(slug, [(fault.line, fault.problem, fault.hint) for fault in faults])
        return shelved.script

    def recording(self, slug: str, file: str) -> Path:
        """Where a recorded line of a script lies.

        Raises:
            UnknownSession: there is no such script, or it is a shipped one, which has none.
        """
        path = self._shelved(slug).path
        if path is None:
            raise UnknownSession(sorted(self._shelf()))
        return path.with_name(file)

    def _shelved(self, slug: str) -> _Shelved:
        own, slug = self._own(), same_slug(slug)
        if slug in own:
            return own[slug]
        if slug in _shipped_files():
            return _Shelved(_shipped_script(slug))
        raise UnknownSession(sorted({*own, *_shipped_files()}))

    def _shelf(self) -> dict[str, _Shelved]:
        return {slug: _Shelved(script) for slug, script in shipped_scripts().items()} | self._own()

    def _own(self) -> dict[str, _Shelved]:
        try:
            paths = script_paths(self._folder)
        except OSError:
            return {}
        own: dict[str, _Shelved] = {}
        hidden: list[_Shelved] = []
        for shelved in map(self._shelved_file, paths):
            if shelved.script.slug in own:
                hidden.append(shelved)
            else:
                own[shelved.script.slug] = shelved
        for shelved in hidden:
            _add_hidden(shelved, own)
        return own

    def _shelved_file(self, path: Path) -> _Shelved:
        """The script in a file, read again only when the file has changed."""
        slug = slug_of(path.stem)
        try:
            status = path.stat()
            if not S_ISREG(status.st_mode):
                return _unreadable(path, slug, Fault(1, "this is no file", "give the path of a text file"))
            state = (status.st_mtime_ns, status.st_size)
            kept = self._read.get(path)
            if kept is not None and kept[0] == state:
                return kept[1]
            shelved = self._read_file(path, slug, status.st_size)
        except FileNotFoundError:
            return _unreadable(path, slug, Fault(1, "there is no such file", "check its name"))
        except OSError:
            return _unreadable(path, slug, Fault(1, "the file can't be opened", "check that you may read it"))
        self._read[path] = (state, shelved)
        return shelved

    def _read_file(self, path: Path, slug: str, size_bytes: int) -> _Shelved:
        if size_bytes > LARGEST_FILE_BYTES:
            hint = f"keep it below {LONGEST_SCRIPT_CHARACTERS:,} characters, an hour of talking"
            return _unreadable(path, slug, Fault(1, "the script is too long", hint))
        # Bytes that are no UTF-8 become a mark that the parser reports with its line.
        script, faults = examine(path.read_text(encoding="utf-8", errors="replace"), slug)
        # What a script with faults would sound like, nobody can say.
        return _Shelved(script, faults, () if faults else remarks(script, self._can_speak), path)

    def _all_faults(self, shelved: _Shelved) -> tuple[Fault, ...]:
        recordings = self._recordings.of(shelved.script, shelved.path) if shelved.path else []
        found = tuple(sorted((*shelved.faults, *recordings), key=lambda fault: fault.line))
        if self._to_the_end and not found and (fault := length_fault(shelved.script, _seconds_beside(shelved.path))):
            return (fault,)
        return found

    def _all_remarks(self, shelved: _Shelved, faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
        if self._to_the_end and not faults:
            return remarks(shelved.script, self._can_speak, _seconds_beside(shelved.path))
        return shelved.remarks

    def _summary(self, shelved: _Shelved) -> SessionSummary:
        script, faults = shelved.script, self._all_faults(shelved)
        return SessionSummary(
            slug=script.slug,
            title=script.title,
            kind=script.kind,
            minutes=script.minutes,
            basis=script.basis,
            bed=script.bed,
            warnings=script.warnings,
            prompts=script.prompts,
            own=shelved.path is not None,
            faults=faults,
            remarks=self._all_remarks(shelved, faults),
        )


def examine_file(
    path: Path, can_speak: CanSpeak = lambda _: True, scripts_folder: Path | None = None
) -> SessionSummary:
    """What a script file holds, wherever it lies, with every fault and remark; its recordings are heard whole.

    Args:
        scripts_folder: if it lies there, a script of the same name that takes its place is a fault, too.
    """
    return Library(scripts_folder or path / "none", can_speak, to_the_end=True).summary_of_file(path)


def _seconds_beside(script: Path | None) -> Callable[[str], float]:
    """How long the recordings that lie beside a script take; one that can't be played is another fault."""

    def seconds(file: str) -> float:
        try:
            return recorded_seconds(script.with_name(file)) if script else 0.0
        except AudioError:
            return 0.0

    return seconds


def _add_hidden(shelved: _Shelved, own: dict[str, _Shelved]) -> None:
    """Lists a script whose slug another has, under the next free one, with what keeps it from being played."""
    slug = shelved.script.slug
    other = own[slug].path
    taken = {*own, *_shipped_files()}
    free = next(each for each in (f"{slug}-{number}" for number in count(2)) if each not in taken)
    hint = "rename one of them; capitals, spaces and signs make no difference"
    fault = Fault(1, f"{other.name if other else slug} takes its place: to the library both are {slug}", hint)
    own[free] = replace(shelved, script=replace(shelved.script, slug=free), faults=(fault, *shelved.faults), remarks=())


def _unreadable(path: Path, slug: str, fault: Fault) -> _Shelved:
    script, _ = examine("", slug)
    return _Shelved(script, (fault,), path=path)
