"""Makes the tagger's model from the public data.

    python -m journal.tags.training DATA ORIGINAL WORK [--epochs 3]
    python -m journal.tags.training DATA --heads-only

DATA holds the files of LeMotif and GoEmotions, ORIGINAL the files of all-MiniLM-L6-v2, WORK keeps what fine-tuning
learned. The result goes into the package. What it needs to be installed: ``docs/tags.md``; the heads alone need only
scipy, and the encoder that is there.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from journal.meaning import encoder_files
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags import trained_model
from journal.tags.description import Describer, Emotions, FeelingDescriber, ThemeDescriber
from journal.tags.training import data, journal_heads, journal_sets
from journal.tags.training.emotion_head import emotions
from journal.tags.training.exporting import export_encoder
from journal.tags.training.fine_tuning import FineTuning


def main() -> None:
    """Fine-tunes, exports and fits the heads."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("data", type=Path)
    given.add_argument("original", type=Path, nargs="?")
    given.add_argument("work", type=Path, nargs="?")
    given.add_argument("--epochs", type=int, default=3)
    given.add_argument("--heads-only", action="store_true", help="those of feelings and themes, with all else as it is")
    given.add_argument("--into", type=Path, default=trained_model.FOLDER)
    asked = given.parse_args()
    if asked.heads_only:
        seen = trained_model.emotions_of(asked.into)
    elif asked.original and asked.work:
        seen = learn_emotions(asked.data, asked.original, asked.work, asked.into, asked.epochs)
    else:
        given.error("ORIGINAL and WORK are needed, but with --heads-only")
    fit_journal_heads(asked.data, MiniLmEncoder(asked.into, model=trained_model.NAME), seen, asked.into)
    trained_model.save_list(asked.into)


def learn_emotions(folder: Path, original: Path, work: Path, into: Path, epochs: int) -> Emotions:
    """Fine-tunes the encoder, exports it, and gives the head of emotions over it."""
    names = data.label_names(folder)
    learnt_from = data.part(data.comments(folder / data.GOEMOTIONS_TRAIN_FILE), held_out=False)
    FineTuning(original, learnt_from, len(names), names.index("neutral"), epochs).run(work)
    export_encoder(work, original, into)
    encoder_files.save_sums(into)
    encoder = MiniLmEncoder(into, model=trained_model.NAME)
    return emotions(names, work / "head.pt", encoder, data.comments(folder / data.GOEMOTIONS_DEV_FILE))


def fit_journal_heads(folder: Path, encoder: MiniLmEncoder, seen: Emotions, into: Path) -> None:
    """Fits the heads of feelings and themes on all of LeMotif and writes them."""
    describers: tuple[Describer, ...] = (FeelingDescriber(encoder, seen), ThemeDescriber(MiniLmEncoder()))
    feelings, themes = (
        journal_heads.fit(*journal_sets.examples(kind, folder, describer), kind.strength)
        for kind, describer in zip(journal_sets.KINDS, describers, strict=True)
    )
    trained_model.save_heads(into / trained_model.HEADS_FILE, seen, feelings, themes)


if __name__ == "__main__":
    main()
