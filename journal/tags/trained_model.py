"""The files of the shipped model, checked against their sha256, as the parts that a tagger needs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from journal.meaning import encoder_files
from journal.meaning.encoder_files import ENCODER_FILES
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags.description import Describer, Emotions
from journal.tags.heads import Heads
from journal.tags.telling_words import TellingWords

FOLDER: Final = Path(str(files("journal.tags").joinpath("model")))
HEADS_FILE: Final = "heads.npz"
NAME: Final = "of the tagger"


class Reader(NamedTuple):
    """How one kind of tag is read off a passage: rows, and heads over them."""

    describer: Describer
    heads: Heads


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """All that was learned."""

    encoder: MiniLmEncoder
    emotions: Emotions
    feelings: Reader
    themes: Reader


def version(folder: Path = FOLDER) -> str:
    """Changes with any file of the model."""
    return encoder_files.version(folder)


def load(folder: Path = FOLDER, threads: int = 2) -> TrainedModel:
    """Reads the model; the encoder itself is checked and loaded when it is first used.

    Raises:
        ModelDamaged: a file is missing, or is not the one that was trained.
    """
    encoder_files.check(folder, (HEADS_FILE,), NAME)
    encoder = MiniLmEncoder(folder, threads, NAME)
    with np.load(folder / HEADS_FILE, allow_pickle=False) as arrays:
        emotions = Emotions(**_part(arrays, "emotions", Emotions))
        feelings, themes = (_reader(arrays, kind, encoder, emotions) for kind in ("feelings", "themes"))
    return TrainedModel(encoder, emotions, feelings, themes)


def save_heads(
    file: Path, emotions: Emotions, feelings: tuple[Heads, TellingWords], themes: tuple[Heads, TellingWords]
) -> None:
    """Writes all that is not the encoder as plain arrays."""
    arrays: dict[str, Any] = _arrays("emotions", emotions)
    for kind, (heads, telling) in (("feelings", feelings), ("themes", themes)):
        arrays |= _arrays(kind, heads)
        arrays |= {f"{kind}.vocabulary": np.array(telling.vocabulary), f"{kind}.rarity": telling.rarity}
    np.savez_compressed(file, **arrays)


def save_list(folder: Path) -> None:
    """Writes the sha256 of every file of the model."""
    encoder_files.save_sums(folder, (*ENCODER_FILES, HEADS_FILE))


def _reader(arrays: Any, kind: str, encoder: MiniLmEncoder, emotions: Emotions) -> Reader:
    vocabulary = [str(term) for term in arrays[f"{kind}.vocabulary"]]
    telling = TellingWords(vocabulary, arrays[f"{kind}.rarity"])
    return Reader(Describer(encoder, emotions, telling), Heads(**_part(arrays, kind, Heads)))


def _arrays(kind: str, part: Emotions | Heads) -> dict[str, Any]:
    return {f"{kind}.{field.name}": np.array(getattr(part, field.name)) for field in fields(part)}


def _part(arrays: Any, kind: str, wanted: type) -> dict[str, Any]:
    found = {field.name: arrays[f"{kind}.{field.name}"] for field in fields(wanted)}
    found["names"] = tuple(str(name) for name in found["names"])
    return found
