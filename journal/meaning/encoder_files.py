"""The shipped files of a model, checked before they are used."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

from core.errors import PackagedModelDamaged

FOLDER: Final = Path(str(files("journal.meaning").joinpath("model")))
SUMS_FILE: Final = "sha256.json"
ENCODER_FILES: Final = ("config.json", "model.bin", "tokenizer.json", "vocabulary.json")


def version(folder: Path = FOLDER) -> str:
    """Changes with any file of the model; that of one that isn't there is no version of any other."""
    try:
        return hashlib.sha256((folder / SUMS_FILE).read_bytes()).hexdigest()[:12]
    except OSError:
        return "missing"


def check(folder: Path = FOLDER, names: Sequence[str] = ENCODER_FILES, model: str = "of the search") -> None:
    """Looks at every byte of files of a model.

    Args:
        names: which files.
        model: what to call the model if they are not sound.

    Raises:
        PackagedModelDamaged: a file is missing, or is not the one that was shipped.
    """
    try:
        expected: dict[str, str] = json.loads((folder / SUMS_FILE).read_text(encoding="utf-8"))
        sound = all(sha256_of(folder / name) == expected.get(name) for name in names)
    except (OSError, ValueError, AttributeError):
        sound = False
    if not sound:
        raise PackagedModelDamaged(model)


def save_sums(folder: Path, names: Sequence[str] = ENCODER_FILES) -> None:
    """Writes the sha256 of every file of the model."""
    sums = {name: sha256_of(folder / name) for name in sorted(names)}
    (folder / SUMS_FILE).write_text(json.dumps(sums, indent=1) + "\n", encoding="utf-8")


def sha256_of(file: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
