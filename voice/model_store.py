"""Where the models are: inside installed packages, joined into the models folder, or in a folder of the person's own.

Packages are found without importing them. Nothing is ever downloaded. Every file is checked before it is first used,
against the sha256 that `voice/pinned_models.py` has for it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import sys
from pathlib import Path
from typing import Final

from filelock import FileLock

from core.errors import (
    DiskFull,
    ModelDamaged,
    ModelMissing,
    OwnVoiceDamaged,
    UnclearVoiceFolder,
    UnknownModel,
    UnknownVoice,
    UnwritableModels,
    VoiceNotInstalled,
)
from voice.model_files import Checks, Progress, disk_is_full, join_files, sha256_of
from voice.pinned_models import NO_PACKAGE, OPTIONAL_VOICES, PINNED, SHIPPED_RECOGNISERS, SHIPPED_VOICES

WHISPER_FILES: Final = ("model.bin", "config.json", "tokenizer.json")
"""What a CTranslate2 Whisper folder must hold; without its tokenizer faster-whisper would try to download one."""

KOKORO_MODEL: Final = "kokoro-v1.0.int8.onnx"
KOKORO_STYLES: Final = "af_nicole.bin"
KOKORO_ALPHABET: Final = "vocab.json"

_JOINED_FOLDERS: Final = {"base": "whisper-base", "kokoro": "kokoro"}
"""Models that are joined, and the folder in the models folder that they are joined into."""


class ModelStore:
    """Finds models by name or path and answers with files that were checked."""

    def __init__(self, models_folder: Path) -> None:
        self._folder = models_folder
        self._checks = Checks(models_folder / "checked")

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the models whose packages are installed, or that were joined before."""
        return tuple(name for name in PINNED if all(self._found(name, file) for file in PINNED[name]))

    def whisper(self, name_or_path: str | Path, progress: Progress | None = None) -> Path:
        """The folder of a CTranslate2 Whisper model: ``base``, ``tiny.en`` or the person's own folder.

        The first call for ``base`` joins its halves, which takes about a second; ``progress`` follows that.

        Raises:
            ModelMissing: the packages of a shipped model are not installed.
            ModelDamaged: a file of a shipped model is not the pinned one.
            UnknownModel: neither a shipped name nor a folder with a model.
            DiskFull, UnwritableModels: the halves cannot be joined there.
        """
        name = str(name_or_path)
        if name == "base":
            return self._join(name, progress)
        if name == "tiny.en":
            return self._in_place(name, "model.bin").parent
        folder = Path(name).expanduser()
        if not name or not all((folder / file).is_file() for file in WHISPER_FILES):
            raise UnknownModel(SHIPPED_RECOGNISERS)
        return folder

    def piper(self, name_or_path: str | Path) -> Path:
        """The ``.onnx`` file of a Piper voice, its ``.onnx.json`` beside it: ``joe``, or one's own file or folder.

        Raises:
            ModelMissing, ModelDamaged: as for ``whisper``.
            UnknownVoice: neither a shipped name nor a folder nor a file with its settings beside it.
            UnclearVoiceFolder: a folder that doesn't hold exactly one.
        """
        if str(name_or_path) == "joe":
            return self._in_place("joe", "en_US-joe-medium.onnx")
        path = Path(name_or_path).expanduser()
        if str(name_or_path) and path.is_dir():
            return _only_voice(path)
        if path.suffix != ".onnx" or not _is_voice(path):
            raise UnknownVoice(SHIPPED_VOICES + OPTIONAL_VOICES)
        return path

    def hibari(self) -> Path:
        """The ``.onnx`` file of hibari's packaged voice.

        Raises:
            ModelMissing, ModelDamaged: as for ``whisper``.
        """
        return self._in_place("hibari", "hibari.onnx")

    def kokoro(self) -> Path:
        """The folder with ``KOKORO_MODEL``, ``KOKORO_STYLES`` and ``KOKORO_ALPHABET``. The first call joins the model.

        Raises:
            VoiceNotInstalled: a file of it is nowhere to be found.
            ModelDamaged, DiskFull, UnwritableModels: as for ``whisper``.
        """
        self.expect("kokoro")
        return self._join("kokoro", None)

    def expect(self, name: str) -> None:
        """Looks whether the files of an optional voice are there, without reading them.

        Raises:
            VoiceNotInstalled: they are not.
        """
        if not all(self._found(name, file) for file in PINNED[name]):
            raise VoiceNotInstalled(name)

    def identity(self, name_or_path: str | Path) -> str:
        """The first 16 digits of a voice's sha256: the pinned one, or those of the person's own file and its settings.

        Raises:
            UnknownVoice, UnclearVoiceFolder: as for ``piper``.
            OwnVoiceDamaged: one of the two files cannot be read.
        """
        name = str(name_or_path)
        if name in SHIPPED_VOICES + OPTIONAL_VOICES:
            return next(iter(PINNED[name].values())).sha256[:16]
        path = self.piper(name_or_path)
        place = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
        try:
            # The settings are small, and mended by hand: they are read each time.
            return f"{self._checks.sha256(f'own-{place}', path)[:16]}-{sha256_of(Path(f'{path}.json'))[:16]}"
        except OSError:
            raise OwnVoiceDamaged(path.stem) from None

    def _parts(self, name: str, file: str) -> list[Path] | None:
        """Where the parts of a file are, or None if one of them is missing."""
        found = [
            self._by_itself(inside) if package == NO_PACKAGE else find_packaged(package, inside)
            for package, inside in PINNED[name][file].parts
        ]
        return None if None in found else [path for path in found if path is not None]

    def _by_itself(self, file: str) -> Path | None:
        places = (self._folder, Path(sys.prefix) / "share" / "outbreath")
        return next((place / file for place in places if (place / file).is_file()), None)

    def _found(self, name: str, file: str) -> bool:
        joined = name in _JOINED_FOLDERS and (self._folder / _JOINED_FOLDERS[name] / file).is_file()
        return joined or self._parts(name, file) is not None

    def _in_place(self, name: str, main_file: str) -> Path:
        """The path of ``main_file`` where its package has it, once all files of the model were checked."""
        found = {file: parts[0] for file in PINNED[name] if (parts := self._parts(name, file))}
        if len(found) < len(PINNED[name]):
            raise ModelMissing(name)
        if not self._checks.whole(name, {path: PINNED[name][file].sha256 for file, path in found.items()}):
            raise ModelDamaged(name)
        return found[main_file]

    def _join(self, name: str, progress: Progress | None) -> Path:
        """The folder that all files of a model were joined into, and checked."""
        folder = self._folder / _JOINED_FOLDERS[name]
        joined = {folder / file: packaged.sha256 for file, packaged in PINNED[name].items()}
        if self._checks.whole(name, joined):
            return folder
        parts = {file: found for file in PINNED[name] if (found := self._parts(name, file))}
        if len(parts) < len(joined):
            raise ModelMissing(name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Two programs that start together join once; the second finds the work done.
            with FileLock(f"{folder}.lock"):
                if not self._checks.whole(name, joined):
                    self._join_all(name, joined, parts, progress)
        except OSError as fault:
            raise (DiskFull if disk_is_full(fault) else UnwritableModels)() from None
        return folder

    def _join_all(
        self, name: str, joined: dict[Path, str], parts: dict[str, list[Path]], progress: Progress | None
    ) -> None:
        for target, sha256 in joined.items():
            # The others are small.
            follow = progress if len(parts[target.name]) > 1 else None
            if not join_files(parts[target.name], target, sha256, follow):
                raise ModelDamaged(name)
        if not self._checks.whole(name, joined):
            raise ModelDamaged(name)


def _is_voice(path: Path) -> bool:
    return path.is_file() and Path(f"{path}.json").is_file()


def _only_voice(folder: Path) -> Path:
    """The one Piper voice that a folder holds.

    Raises:
        UnclearVoiceFolder: there is not exactly one.
    """
    voices = [path for path in folder.glob("*.onnx") if _is_voice(path)]
    if len(voices) != 1:
        raise UnclearVoiceFolder(len(voices))
    return voices[0]


def find_packaged(package: str, inside: str) -> Path | None:
    """A file inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    for place in (spec and spec.submodule_search_locations) or ():
        path = Path(place) / inside
        if path.is_file():
            return path
    return None
