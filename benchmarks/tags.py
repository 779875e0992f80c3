"""How good suggested tags are, as Markdown tables: beside authors' own tags, beside GoEmotions, and their reasons.

    python -m benchmarks.tags [--data FOLDER] [--goemotions-test FILE]

Emotions are scored on comments that training never saw: the file given, in the form of the training file, or the tenth
of the training file that was held out. Journal tags are scored by cross-validation, each entry by heads that have not
seen it (the encoder saw no entry at all). That needs scipy, as training does; without it only the others are scored.
Micro-F1 counts every tag alike; macro-F1 is the mean over tags, so that rare ones count as much as common.
"""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

from benchmarks import tag_emotions, tag_reasons, tag_themes
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags.trained_tagger import TrainedTagger

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "emotion"


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--data", type=Path, default=DATA)
    given.add_argument("--goemotions-test", type=Path)
    given.add_argument("--aside", action="store_true", help="score the sentences that were set aside, too")
    asked = given.parse_args()
    encoder = MiniLmEncoder()
    tagger = TrainedTagger(meaning=encoder)
    model = tagger.model()
    print(tag_emotions.table(asked.data, asked.goemotions_test, model))
    print(tag_themes.table(asked.data, model) if find_spec("scipy") else "Journal tags need scipy; not measured here.")
    print(tag_reasons.table(asked.data, tagger, encoder, aside=asked.aside))


if __name__ == "__main__":
    main()
