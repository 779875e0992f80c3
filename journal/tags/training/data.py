"""The public labelled texts that the tagger learns from."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Final, NamedTuple

LEMOTIF_FILE: Final = "lemotif_dev.csv"
GOEMOTIONS_TRAIN_FILE: Final = "goemotions_train.tsv"
GOEMOTIONS_DEV_FILE: Final = "goemotions_dev.tsv"
GOEMOTIONS_LABELS_FILE: Final = "goemotions_labels.txt"
RENAMED: Final = {"god": "spirituality", "school": "study"}
"""Topics of LeMotif that have another name here."""

HELD_OUT_OF: Final = 10
"""One in so many comments of the training file is never trained on, but scored at the very end."""


class Comments(NamedTuple):
    """Short comments, each with the positions of its labels."""

    texts: list[str]
    labels: list[frozenset[int]]


class JournalText(NamedTuple):
    """One journal entry of LeMotif and what its author ticked."""

    text: str
    feelings: frozenset[str]
    themes: frozenset[str]


def label_names(folder: Path) -> list[str]:
    """The 27 emotions of GoEmotions and neutral, in the order of the label numbers."""
    return (folder / GOEMOTIONS_LABELS_FILE).read_text(encoding="utf-8").split()


def comments(file: Path) -> Comments:
    """Reads a file of GoEmotions: text, label numbers and id, parted by tabs, without quoting."""
    found = Comments([], [])
    for line in file.read_text(encoding="utf-8").splitlines():
        text, labels, _ = line.split("\t")
        found.texts.append(text)
        found.labels.append(frozenset(map(int, labels.split(","))))
    return found


def part(found: Comments, *, held_out: bool) -> Comments:
    """The comments that are held out of training, or the others. The text decides, so that a repeated one is in one."""
    chosen = [at for at, text in enumerate(found.texts) if _is_held_out(text) is held_out]
    return Comments([found.texts[at] for at in chosen], [found.labels[at] for at in chosen])


def journal_texts(file: Path) -> list[JournalText]:
    """Reads LeMotif's table of journal entries."""
    with file.open(encoding="utf-8", newline="") as table:
        return [JournalText(row["Answer"], _ticked(row, ".f1."), _ticked(row, ".t1.")) for row in csv.DictReader(table)]


def _is_held_out(text: str) -> bool:
    digest = hashlib.sha256(text.strip().casefold().encode()).digest()
    return int.from_bytes(digest[:4]) % HELD_OUT_OF == 0


def _ticked(row: dict[str, str], part_of_name: str) -> frozenset[str]:
    names = (column.split(".")[2] for column, value in row.items() if part_of_name in column and value == "TRUE")
    return frozenset(RENAMED.get(name, name) for name in names)
