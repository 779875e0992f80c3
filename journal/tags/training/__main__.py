"""Makes the tagger's model from the public data.

    python -m journal.tags.training DATA ORIGINAL WORK [--epochs 3] [--heads-only]

DATA holds the files of LeMotif and GoEmotions, ORIGINAL the files of all-MiniLM-L6-v2, WORK keeps what fine-tuning
learned. The result goes into the package. What it needs to be installed: ``docs/tags.md``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags import trained_model
from journal.tags.description import Describer, Emotions
from journal.tags.training import data, journal_heads, journal_sets
from journal.tags.training.emotion_head import emotions
from journal.tags.training.exporting import export_encoder
from journal.tags.training.fine_tuning import FineTuning


def main() -> None:
    """Fine-tunes, exports and fits the heads."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("data", type=Path)
    given.add_argument("original", type=Path)
    given.add_argument("work", type=Path)
    given.add_argument("--epochs", type=int, default=3)
    given.add_argument("--heads-only", action="store_true", help="with what was learned before")
    given.add_argument("--into", type=Path, default=trained_model.FOLDER)
    asked = given.parse_args()
    names = data.label_names(asked.data)
    if not asked.heads_only:
        learnt_from = data.part(data.comments(asked.data / data.GOEMOTIONS_TRAIN_FILE), held_out=False)
        FineTuning(asked.original, learnt_from, len(names), names.index("neutral"), asked.epochs).run(asked.work)
    export_encoder(asked.work, asked.original, asked.into)
    encoder = MiniLmEncoder(asked.into)
    dev = data.comments(asked.data / data.GOEMOTIONS_DEV_FILE)
    seen = emotions(names, asked.work / "head.pt", encoder, dev)
    fit_journal_heads(asked.data, encoder, seen, asked.into)
    trained_model.save_list(asked.into)


def fit_journal_heads(folder: Path, encoder: MiniLmEncoder, seen: Emotions, into: Path) -> None:
    """Fits the heads of feelings and themes on all of LeMotif and writes them."""
    describer = Describer(encoder, seen)
    feelings, themes = (
        journal_heads.fit(*journal_sets.examples(kind, folder, describer), kind.strength) for kind in journal_sets.KINDS
    )
    trained_model.save_heads(into / trained_model.HEADS_FILE, seen, feelings, themes)


if __name__ == "__main__":
    main()
