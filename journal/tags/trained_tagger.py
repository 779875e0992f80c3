"""Suggests tags by a small trained model, and by rules for the tags of this work that no public data has."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from journal.entry import Span, Tag, TagKind
from journal.meaning.sentences import Sentence
from journal.tags import trained_model
from journal.tags.description import Part
from journal.tags.evidence import Occlusion, Passage, trimmed
from journal.tags.lexicon_tagger import LexiconTagger
from journal.tags.prepared_text import PreparedText, plain, prepared
from journal.tags.trained_model import Reader, TrainedModel

RULES_VERSION: Final = "2"
"""Goes up when rules or the word list change what a text gets."""

MOST_EVIDENCE: Final = 12

PLAIN_WORD: Final = 0.7
"""What the word list gives a strong word. A feeling that is named outright is suggested even where, among the entries
that were learned from, few authors ticked it."""


SAME_EMOTION: Final = {"gratitude": "grateful", "relief": "relieved", "remorse": "guilty", "optimism": "hopeful"}
"""Emotions of GoEmotions, and the feelings of this work that they are."""

SURE_DESPITE_DENIAL: Final = 0.5
"""Who says "I wasn't angry" is not suggested *angry*, unless the rest of the text speaks loudly of it."""


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
        felt, read = _kept(ready, ready.felt), _kept(ready, ready.read)
        texts = list(dict.fromkeys(words for passage in felt + read for _, words in passage))
        parts = dict(zip(texts, model.feelings.describer.parts(texts), strict=True))
        by_heads = (
            *_by_heads("feeling", model.feelings, ready.felt, _passages(felt, parts)),
            *_by_heads("theme", model.themes, ready.read, _passages(read, parts)),
        )
        found = {tag.name: tag for tag in by_heads if tag.name not in ready.denied or _is_sure(tag)}
        trained = {*model.feelings.heads.names, *model.themes.heads.names}
        for tag in self._rules.suggest(ready.read):
            named = tag.kind == "feeling" and (tag.confidence or 0.0) >= PLAIN_WORD
            if tag.name not in found and (named or tag.name not in trained):
                found[tag.name] = tag
        for tag in _by_emotions(model, ready.felt, _passages(felt, parts)):
            if tag.name not in found and tag.name not in ready.denied:
                found[tag.name] = tag
        return tuple(sorted(found.values(), key=lambda tag: (-(tag.confidence or 0.0), tag.name)))

    def confidences(self, text: str) -> dict[str, float]:
        """How sure the heads are of each of their tags, given or not: its highest in any passage. For measuring."""
        ready = prepared(text)
        model = self.model()
        found: dict[str, float] = {}
        for reader, reading in ((model.feelings, ready.felt), (model.themes, ready.read)):
            describer, heads = reader
            parts = [describer.parts([words for _, words in passage]) for passage in _kept(ready, reading)]
            if parts:
                sure = heads.sure(np.stack([describer.row(passage) for passage in parts])).max(0)
                found |= dict(zip(heads.names, map(float, sure), strict=True))
        return found

    def model(self) -> TrainedModel:
        """The model; its encoder also gives embeddings for what is learned from the person."""
        with self._loading:
            if self._model is None:
                self._model = trained_model.load(self._folder, self._threads)
            return self._model


def _by_emotions(model: TrainedModel, reading: str, passages: Sequence[Passage]) -> Iterable[Tag]:
    """Feelings of this work that are an emotion of GoEmotions, from the sentences in which it is seen."""
    seen = [
        (one, part.emotions) for passage in passages for one, part in zip(passage.sentences, passage.parts, strict=True)
    ]
    for emotion, name in SAME_EMOTION.items():
        at = model.emotions.names.index(emotion)
        bearing = [(one, float(sure[at])) for one, sure in seen if sure[at] > model.emotions.threshold[at]]
        if bearing:
            evidence = tuple(_span(reading, one) for one, _ in bearing[:MOST_EVIDENCE])
            confidence = round(max(sure for _, sure in bearing), 3)
            yield Tag(name=name, kind="feeling", confidence=confidence, evidence=evidence)


def _span(reading: str, sentence: Sentence) -> Span:
    start, end = trimmed(reading, sentence.start, sentence.end)
    return Span(text=reading[start:end], start=start, end=end)


def _is_sure(tag: Tag) -> bool:
    return (tag.confidence or 0.0) >= SURE_DESPITE_DENIAL


Kept = list[list[tuple[Sentence, str]]]
"""Passages of sentences with their words in one reading of the text."""


def _kept(ready: PreparedText, reading: str) -> Kept:
    """The sentences of which a reading has any letter left, in their passages."""
    found = [[(one, plain(reading, one.start, one.end)) for one in passage] for passage in ready.passages]
    lettered = ([(one, words) for one, words in passage if any(map(str.isalpha, words))] for passage in found)
    return [passage for passage in lettered if passage]


def _passages(kept: Kept, parts: dict[str, Part]) -> list[Passage]:
    return [Passage(tuple(one for one, _ in passage), tuple(parts[words] for _, words in passage)) for passage in kept]


def _by_heads(kind: TagKind, reader: Reader, reading: str, passages: Sequence[Passage]) -> Iterable[Tag]:
    """The tags that the heads give to any passage, surest first."""
    if not passages:
        return
    describer, heads = reader
    sure = heads.sure(np.stack([describer.row(passage.parts) for passage in passages]))
    given = heads.given(sure, [sum(part.words for part in passage.parts) for passage in passages])
    occlusion = Occlusion(describer, heads, reading, passages)
    for at in np.argsort(-sure.max(0), kind="stable"):
        bearing = [number for number in np.argsort(-sure[:, at], kind="stable") if given[number, at]]
        spans = [span for number in bearing for span in occlusion.spans(int(number), int(at))][:MOST_EVIDENCE]
        if spans:
            evidence = tuple(Span(text=reading[start:end], start=start, end=end) for start, end in sorted(set(spans)))
            yield Tag(name=heads.names[at], kind=kind, confidence=round(float(sure[:, at].max()), 3), evidence=evidence)
