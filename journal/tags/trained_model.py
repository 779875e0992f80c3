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
from journal.tags.description import Emotions, FeelingDescriber, ThemeDescriber
from journal.tags.heads import Heads
from journal.tags.telling_words import TellingWords

FOLDER: Final = Path(str(files("journal.tags").joinpath("model")))
HEADS_FILE: Final = "heads.npz"
NAME: Final = "of the tagger"


class FeelingReader(NamedTuple):
    """How feelings are read off a passage: rows, and heads over them."""

    describer: FeelingDescriber
    heads: Heads


class ThemeReader(NamedTuple):
    """How themes are."""

    describer: ThemeDescriber
    heads: Heads


@dataclass(frozen=True, slots=True)
class TrainedModel:
    """All that was learned. ``encoder`` was fine-tuned for feelings, ``meaning`` is the one of the search."""

    encoder: MiniLmEncoder
    meaning: MiniLmEncoder
    emotions: Emotions
    feelings: FeelingReader
    themes: ThemeReader

    def warm(self) -> None:
        """Loads both encoders.

        Raises:
            ModelDamaged: a file is missing, or is not the one that was trained.
        """
        self.encoder.warm()
        self.meaning.warm()


def version(folder: Path = FOLDER) -> str:
    """Changes with any file of the model."""
    return encoder_files.version(folder)


def load(folder: Path = FOLDER, threads: int = 2, meaning: MiniLmEncoder | None = None) -> TrainedModel:
    """Reads the model; the encoders themselves are checked and loaded when they are first used.

    Args:
        meaning: the encoder of the search, if somebody has it already.

    Raises:
        ModelDamaged: a file is missing, or is not the one that was trained.
    """
    encoder_files.check(folder, (HEADS_FILE,), NAME)
    encoder = MiniLmEncoder(folder, threads, NAME)
    meaning = meaning or MiniLmEncoder(threads=threads)
    with np.load(folder / HEADS_FILE, allow_pickle=False) as arrays:
        emotions = Emotions(**_part(arrays, "emotions", Emotions))
        feelings = FeelingDescriber(encoder, emotions, _telling(arrays, "feelings"))
        themes = ThemeDescriber(meaning, _telling(arrays, "themes"))
        return TrainedModel(
            encoder,
            meaning,
            emotions,
            FeelingReader(feelings, Heads(**_part(arrays, "feelings", Heads))),
            ThemeReader(themes, Heads(**_part(arrays, "themes", Heads))),
        )


def emotions_of(folder: Path) -> Emotions:
    """The head of emotions alone, whatever the heads over it are.

    Raises:
        ModelDamaged: its file is missing, or is not the one that was trained.
    """
    encoder_files.check(folder, (HEADS_FILE,), NAME)
    with np.load(folder / HEADS_FILE, allow_pickle=False) as arrays:
        return Emotions(**_part(arrays, "emotions", Emotions))


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


def _telling(arrays: Any, kind: str) -> TellingWords:
    return TellingWords([str(term) for term in arrays[f"{kind}.vocabulary"]], arrays[f"{kind}.rarity"])


def _arrays(kind: str, part: Emotions | Heads) -> dict[str, Any]:
    return {f"{kind}.{field.name}": np.array(getattr(part, field.name)) for field in fields(part)}


def _part(arrays: Any, kind: str, wanted: type) -> dict[str, Any]:
    found = {field.name: arrays[f"{kind}.{field.name}"] for field in fields(wanted)}
    found["names"] = tuple(str(name) for name in found["names"])
    return found
