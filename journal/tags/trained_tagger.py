"""Suggests tags by a small trained model, and by rules for the tags of this work that no public data has."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from journal.entry import Span, Tag, TagKind
from journal.tags import trained_model
from journal.tags.description import Describer
from journal.tags.evidence import Occlusion, Passage
from journal.tags.lexicon_tagger import LexiconTagger
from journal.tags.passages import Sentence
from journal.tags.prepared_text import PreparedText, plain, prepared
from journal.tags.trained_model import Reader, TrainedModel

RULES_VERSION: Final = "2"
"""Goes up when rules or the word list change what a text gets."""

MOST_EVIDENCE: Final = 12

PLAIN_WORD: Final = 0.7
"""What the word list gives a strong word. A feeling that is named outright is suggested even where, among the entries
that were learned from, few authors ticked it."""


class TrainedTagger:
    """A :class:`~journal.tags.suggester.TagSuggester` over the shipped model.

    A text is read a passage at a time. A tag's confidence is its highest in any passage, and each passage that bears
    it gives a piece of evidence. Loaded at the first text.

    Args:
        folder: the model's files.
        threads: CPU threads of the encoder.
    """

    def __init__(self, folder: Path = trained_model.FOLDER, threads: int = 2) -> None:
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._model: TrainedModel | None = None
        self._rules = LexiconTagger()

    @property
    def version(self) -> str:
        return f"trained-{trained_model.version(self._folder)}-{RULES_VERSION}"

    def suggest(self, text: str) -> tuple[Tag, ...]:
        """See :class:`~journal.tags.suggester.TagSuggester`.

        Raises:
            ModelDamaged: a file of the model is missing or changed.
        """
        ready = prepared(text)
        if not ready.passages:
            return ()
        model = self.model()
        found: dict[str, Tag] = {}
        for tag in (
            *self._by_heads(ready, "feeling", model.feelings, ready.felt),
            *self._by_heads(ready, "theme", model.themes, ready.read),
        ):
            found[tag.name] = tag
        trained = {*model.feelings.heads.names, *model.themes.heads.names}
        for tag in self._rules.suggest(ready.read):
            named = tag.kind == "feeling" and (tag.confidence or 0.0) >= PLAIN_WORD
            if tag.name not in found and (named or tag.name not in trained):
                found[tag.name] = tag
        return tuple(sorted(found.values(), key=lambda tag: (-(tag.confidence or 0.0), tag.name)))

    def model(self) -> TrainedModel:
        """The model; its encoder also gives embeddings for what is learned from the person."""
        with self._loading:
            if self._model is None:
                self._model = trained_model.load(self._folder, self._threads)
            return self._model

    def _by_heads(self, ready: PreparedText, kind: TagKind, reader: Reader, reading: str) -> Iterable[Tag]:
        describer, heads = reader
        passages = _passages(ready, reading, describer)
        if not passages:
            return
        sure = heads.sure(np.stack([describer.row(passage.parts) for passage in passages]))
        given = heads.given(sure)
        occlusion = Occlusion(describer, heads, reading)
        for at in np.argsort(-sure.max(0), kind="stable"):
            bearing = [number for number in np.argsort(-sure[:, at], kind="stable") if given[number, at]]
            spans = [occlusion.span(passages[number], int(at)) for number in bearing[:MOST_EVIDENCE]]
            if spans:
                confidence = round(float(sure[:, at].max()), 3)
                yield Tag(name=heads.names[at], kind=kind, confidence=confidence, evidence=_evidence(ready, spans))


def _passages(ready: PreparedText, reading: str, describer: Describer) -> list[Passage]:
    """The passages that have any words left in a reading."""
    kept = [[one for one in passage if _words(reading, one)] for passage in ready.passages]
    parts = iter(describer.parts([_words(reading, one) for passage in kept for one in passage]))
    return [Passage(tuple(passage), tuple(next(parts) for _ in passage)) for passage in kept if passage]


def _words(reading: str, sentence: Sentence) -> str:
    """What a reading has of a sentence; nothing if no letter is left."""
    words = plain(reading, sentence.start, sentence.end)
    return words if any(map(str.isalpha, words)) else ""


def _evidence(ready: PreparedText, spans: Sequence[tuple[int, int]]) -> tuple[Span, ...]:
    return tuple(Span(text=ready.read[start:end], start=start, end=end) for start, end in sorted(set(spans)))
