"""Suggests tags by a small trained model, and by rules for the tags of this work that no public data has."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from core.errors import ModelDamaged
from journal.entry import Span, Tag, TagKind
from journal.meaning.minilm_encoder import MiniLmEncoder
from journal.tags import trained_model
from journal.tags.description import Part, Piece, Stretch, rest
from journal.tags.evidence import SHORTEST_CLAUSE_WORDS, Occlusion, Passage, Sure, stretches, trimmed
from journal.tags.lexicon_tagger import LexiconTagger
from journal.tags.prepared_text import PreparedText, prepared
from journal.tags.trained_model import FeelingReader, ThemeReader, TrainedModel

RULES_VERSION: Final = "4"
"""Goes up when rules or the word list change what a text gets."""

MOST_EVIDENCE: Final = 12

PLAIN_WORD: Final = 0.7
"""What the word list gives a strong word. A feeling that is named outright is suggested even where, among the entries
that were learned from, few authors ticked it."""


SAME_EMOTION: Final = {"gratitude": "grateful", "relief": "relieved", "remorse": "guilty", "optimism": "hopeful"}
"""Emotions of GoEmotions, and the feelings of this work that they are."""

_log = logging.getLogger(__name__)

SURE_DESPITE_DENIAL: Final = 0.5
"""Who says "I wasn't angry" is not suggested *angry*, unless the rest of the text speaks loudly of it."""


class TrainedTagger:
    """A :class:`~journal.tags.suggester.TagSuggester` over the shipped model.

    A text is read a passage at a time. A tag's confidence is its highest in any passage, and each passage that bears
    it gives a piece of evidence. Loaded at the first text.

    Args:
        folder: the model's files.
        threads: CPU threads of an encoder.
        meaning: the encoder of the search, if it is loaded for others as well.
    """

    def __init__(
        self, folder: Path = trained_model.FOLDER, threads: int = 2, meaning: MiniLmEncoder | None = None
    ) -> None:
        self._folder = folder
        self._threads = threads
        self._meaning = meaning or MiniLmEncoder(threads=threads)
        self._loading = threading.Lock()
        self._model: TrainedModel | None = None
        self._rules = LexiconTagger()

    @property
    def version(self) -> str:
        return f"trained-{trained_model.version(self._folder)}-{self._meaning.version}-{RULES_VERSION}"

    def warm(self) -> None:
        self._rules.warm()
        self.model().warm()

    def suggest(self, text: str) -> tuple[Tag, ...]:
        """See :class:`~journal.tags.suggester.TagSuggester`.

        Raises:
            ModelDamaged: a file of the model is missing or changed.
        """
        ready = prepared(text)
        if not ready.passages:
            return ()
        model = self.model()
        felt = _feelings(model, ready)
        by_heads = (*_by_heads("feeling", model.feelings, felt), *_themes_by_heads(model, ready))
        found = {tag.name: tag for tag in by_heads if tag.name not in ready.denied or _is_sure(tag)}
        trained = {*model.feelings.heads.names, *model.themes.heads.names}
        for tag in self._rules.suggest(ready.read):
            named = tag.kind == "feeling" and (tag.confidence or 0.0) >= PLAIN_WORD
            if tag.name not in found and (named or tag.name not in trained):
                found[tag.name] = tag
        for tag in _by_emotions(model, felt):
            if tag.name not in found and tag.name not in ready.denied:
                found[tag.name] = tag
        shown = (
            _in_the_words_of(text, ready.felt if tag.kind == "feeling" else ready.read, tag) for tag in found.values()
        )
        return tuple(sorted(shown, key=lambda tag: (-(tag.confidence or 0.0), tag.name)))

    def confidences(self, text: str) -> dict[str, float]:
        """How sure the heads are of each of their tags, given or not: its highest in any passage. For measuring."""
        ready = prepared(text)
        if not ready.passages:
            return {}
        model = self.model()
        found: dict[str, float] = {}
        for reader, passages in ((model.feelings, _feelings(model, ready)), (model.themes, _themes(model, ready))):
            if passages:
                found |= dict(zip(reader.heads.names, map(float, _sure(reader, passages)[0].max(0)), strict=True))
        return found

    def model(self) -> TrainedModel:
        """The model, read at the first call."""
        with self._loading:
            if self._model is None:
                self._model = trained_model.load(self._folder, self._threads, self._meaning)
            return self._model


def _by_emotions(model: TrainedModel, passages: Sequence[Passage]) -> Iterable[Tag]:
    """Feelings of this work that are an emotion of GoEmotions, from the sentences in which it is seen."""
    seen = [
        (passage.piece.reading, one, part.emotions)
        for passage in passages
        for one, part in zip(passage.piece.sentences, passage.parts, strict=True)
    ]
    for emotion, name in SAME_EMOTION.items():
        at = model.emotions.names.index(emotion)
        bearing = [
            (_span(reading, *trimmed(reading, one.start, one.end)), float(sure[at]))
            for reading, one, sure in seen
            if sure[at] > model.emotions.threshold[at]
        ]
        if bearing:
            evidence = tuple(span for span, _ in bearing[:MOST_EVIDENCE])
            confidence = round(max(sure for _, sure in bearing), 3)
            yield Tag(name=name, kind="feeling", confidence=confidence, evidence=evidence)


def _span(reading: str, start: int, end: int) -> Span:
    return Span(text=reading[start:end], start=start, end=end)


def _in_the_words_of(text: str, reading: str, tag: Tag) -> Tag:
    """The tag with evidence as it stands in the text, in pieces where a stretch goes over what was not read."""
    pieces = dict.fromkeys(piece for span in tag.evidence for piece in _pieces(text, reading, span.start, span.end))
    evidence = tuple(_span(text, start, end) for start, end in sorted(pieces))
    return tag.model_copy(update={"evidence": evidence[:MOST_EVIDENCE]})


def _pieces(text: str, reading: str, start: int, end: int) -> list[tuple[int, int]]:
    read = "".join(
        one if one == other else "\0" for one, other in zip(text[start:end], reading[start:end], strict=True)
    )
    found = [trimmed(text, start + each.start(), start + each.end()) for each in re.finditer(r"[^\0]+", read)]
    found = [(first, last) for first, last in found if any(map(str.isalpha, text[first:last]))]
    # A word or two between clauses of others is no reason; but something has to be shown.
    telling = [(first, last) for first, last in found if len(text[first:last].split()) >= SHORTEST_CLAUSE_WORDS]
    return telling or sorted(found, key=lambda piece: piece[0] - piece[1])[:1]


def _is_sure(tag: Tag) -> bool:
    return (tag.confidence or 0.0) >= SURE_DESPITE_DENIAL


def _feelings(model: TrainedModel, ready: PreparedText) -> list[Passage]:
    """The passages as read for feelings: without the sentences of which no letter is left."""
    pieces = [Piece(ready.felt, passage) for passage in ready.felt_passages]
    describer = model.feelings.describer

    def rests(piece: Piece, within: Sequence[Stretch]) -> list[Part]:
        left = [rest(piece, stretch) for stretch in within]
        parts = dict(zip(filter(None, left), describer.parts([text for text in left if text]), strict=True))
        return [parts.get(text, describer.nothing) for text in left]

    found = zip(pieces, describer.read(pieces), stretches(pieces), strict=True)
    return [Passage(piece, parts, within, partial(rests, piece, within)) for piece, parts, within in found]


def _themes(model: TrainedModel, ready: PreparedText) -> list[Passage]:
    """The passages as read for themes."""
    pieces = [Piece(ready.read, passage) for passage in ready.passages]
    within = stretches(pieces)
    found: list[Passage] = []
    for piece, parts, asked in zip(pieces, model.themes.describer.read(pieces, within), within, strict=True):
        whole, left = parts[: len(piece.sentences)], parts[len(piece.sentences) :]
        found.append(Passage(piece, whole, asked, lambda left=left: left))  # type: ignore[misc]
    return found


def _themes_by_heads(model: TrainedModel, ready: PreparedText) -> list[Tag]:
    """None if the encoder of the search can't be used: feelings need the other one only."""
    try:
        return list(_by_heads("theme", model.themes, _themes(model, ready)))
    except ModelDamaged as fault:
        _log.error("themes are not suggested: %s", fault.code)
        return []


def _sure(reader: FeelingReader | ThemeReader, passages: Sequence[Passage]) -> tuple[Sure, NDArray[np.bool_]]:
    """Probabilities, and which tags are given: a row per passage and a column per tag."""
    describer, heads = reader
    rows = [describer.rows(passage.parts, np.ones((1, len(passage.parts)), bool)) for passage in passages]
    sure = heads.sure(np.vstack(rows))
    given = heads.given(sure, [sum(part.words for part in passage.parts) for passage in passages])
    if isinstance(reader, FeelingReader):
        return sure, given
    # An entry may be about several things; how somebody feels is a matter of the whole.
    alone = np.stack([_alone(reader, passage) for passage in passages])
    return np.maximum(sure, alone), given | (alone > 0)


def _alone(reader: ThemeReader, passage: Passage) -> Sure:
    rows = reader.describer.rows(passage.parts, np.eye(len(passage.parts), dtype=bool))
    return reader.heads.alone(rows, [part.words for part in passage.parts])


def _by_heads(kind: TagKind, reader: FeelingReader | ThemeReader, passages: Sequence[Passage]) -> Iterable[Tag]:
    """The tags that the heads give to any passage, surest first."""
    if not passages:
        return
    describer, heads = reader
    reading = passages[0].piece.reading
    sure, given = _sure(reader, passages)
    occlusion = Occlusion(describer, heads, passages)
    for at in np.argsort(-sure.max(0), kind="stable"):
        bearing = [number for number in np.argsort(-sure[:, at], kind="stable") if given[number, at]]
        spans = [span for number in bearing for span in occlusion.spans(int(number), int(at))][:MOST_EVIDENCE]
        if spans:
            evidence = tuple(_span(reading, start, end) for start, end in sorted(set(spans)))
            yield Tag(name=heads.names[at], kind=kind, confidence=round(float(sure[:, at].max()), 3), evidence=evidence)
