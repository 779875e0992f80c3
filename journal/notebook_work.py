"""What background work does with entries: it brings them from a recording to their words and tags."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from sqlalchemy import select

from core.transcript import Transcript, Word
from journal import entry_rows, lessons, recovery, tag_rows
from journal.entry import Answer, Failure, State, Tag
from journal.meaning.encoder import TextEncoder
from journal.meaning.passages import passages
from journal.readable_notebook import ReadableNotebook
from journal.recordings import Recordings
from journal.schema.tables import entries
from journal.search import SearchIndex
from journal.store import Store
from journal.tags.spoken_times import timed
from journal.tags.suggester import TagSuggester
from journal.tags.taught_tagger import after_lessons
from journal.written_text import cleaned

LONGEST_EMBEDDED_AT_ONCE_CHARACTERS = 5_000
"""About 900 words, six minutes of speech, a tenth of a second of work."""

_log = logging.getLogger(__name__)


class NotebookWork(ReadableNotebook):
    """The part of the notebook between a recording and its entry. Every method may be repeated."""

    def __init__(
        self,
        store: Store,
        recordings: Recordings,
        index: SearchIndex,
        tagger: TagSuggester,
        encoder: TextEncoder | None = None,
    ) -> None:
        super().__init__(store, recordings, index, encoder)
        self._tagger = tagger

    def warm(self) -> None:
        """Loads what tags and embeds, so that the first entry is not kept waiting; what fails now is told then."""
        for model in (self._tagger, self._encoder):
            try:
                if model is not None:
                    model.warm()
            except Exception as fault:  # noqa: BLE001 - nobody waits for it yet
                _log.warning("a model cannot be loaded ahead: %s", type(fault).__name__)

    def recover(self) -> tuple[str, ...]:
        """Ids of recordings without a living writer, which wait for their words now: those that were cut off are
        ``recovered``. See ``recovery``."""
        return recovery.recover(self._store, self._recordings, self._index)

    def erase_traces(self) -> None:
        """See ``Store.erase_traces``."""
        self._store.erase_traces()

    def file(self, entry_id: str, transcript: Transcript) -> None:
        """Keeps what was heard while it was said, with its tags: the entry is ready.

        What this leaves undone when it fails, or the program dies, the durable work does over again.
        """
        self.store_transcript(entry_id, transcript)
        if not transcript.no_speech:
            self.store_tags(entry_id)
            self.set_state(entry_id, State.READY)
            self._embed_if_short(entry_id, transcript.text)

    def store_transcript(self, entry_id: str, transcript: Transcript) -> None:
        """Keeps what was heard. The state becomes ``no_speech`` if it was nothing, else it stays as it is.

        Text that the person has corrected is not overwritten, only the original behind it.
        """
        heard = cleaned(transcript.text)
        with self._store.writing() as connection:
            row = entry_rows.row_of(connection, entry_id)
            text = heard if row.original_text is None else row.text
            answers = _answers(entry_rows.answers_of(row), transcript)
            with self._index.changing(connection, row.number):
                entry_rows.change(
                    connection,
                    row.number,
                    text=text,
                    original_text=None if text == heard else heard,
                    language=transcript.language,
                    duration_seconds=transcript.duration_seconds,
                    mostly_noise=transcript.mostly_noise,
                    answers=entry_rows.answers_json(answers),
                    **({"state": State.NO_SPEECH.value, "failure": None} if transcript.no_speech else {}),
                )
            entry_rows.put_words(connection, row.number, transcript.words)

    def store_tags(self, entry_id: str) -> bool:
        """Suggests tags for the text of an entry; the person's yes or no always wins.

        False if the tagger fails: the entry keeps the tags it has.
        """
        while True:
            entry = self.entry(entry_id)
            text = entry.text
            suggested, version = self._suggested(text)
            if version is None:
                return False
            with self._store.writing() as connection:
                row = entry_rows.row_of(connection, entry_id)
                if row.text == text:  # else it was corrected while tags were being found
                    with self._index.changing(connection, row.number):
                        tag_rows.put_suggestions(connection, row.number, timed(suggested, text, entry.words))
                        entry_rows.change(connection, row.number, tagged_by=version)
                    return True

    def not_tagged(self, limit: int) -> tuple[str, ...]:
        """Ids of entries that another version of the tagger read, or none, the newest first."""
        waiting = select(entries.c.id).where(
            entries.c.state == State.READY, entries.c.tagged_by.is_distinct_from(self._tagger.version)
        )
        with self._store.reading() as connection:
            return tuple(connection.execute(waiting.order_by(entries.c.number.desc()).limit(limit)).scalars())

    def _suggested(self, text: str) -> tuple[tuple[Tag, ...], str | None]:
        """What the tagger says, after what the person's own tags teach, and the version of the tagger.

        No tags and None if it fails, for the words are to be filed all the same; the background work tries again.
        """
        try:
            suggested = self._tagger.suggest(text)
        except Exception as fault:  # noqa: BLE001 - whatever a model throws, nothing that was said may be lost
            _log.error("no tags are suggested after %s", type(fault).__name__)
            return (), None
        return self._after_lessons(suggested, text), self._tagger.version

    def _after_lessons(self, suggested: tuple[Tag, ...], text: str) -> tuple[Tag, ...]:
        if self._encoder is None:
            return suggested
        with self._store.reading() as connection:
            taught = lessons.taught(connection, self._index)
        if taught is None:
            return suggested
        try:
            return after_lessons(suggested, text, self._encoder, taught)
        except Exception as fault:  # noqa: BLE001 - a broken encoder must not keep an entry from its tags
            _log.error("suggestions know nothing of the person's own tags after %s", type(fault).__name__)
            return suggested

    def embed(self, entry_id: str) -> None:
        """Finds out what an entry means, passage by passage; nothing happens without an encoder.

        Raises:
            ModelDamaged: the encoder cannot be used.
        """
        while self._encoder is not None:
            text = self.entry(entry_id).text
            vectors = self._encoder.vectors([text[start:end] for start, end in passages(text)])
            with self._store.writing() as connection:
                row = entry_rows.row_of(connection, entry_id)
                if row.text == text:  # else it was corrected in the meantime
                    self._index.put_meaning(connection, row.number, vectors)
                    return

    def not_embedded(self, limit: int) -> tuple[str, ...]:
        """Ids of entries whose meaning is still to be found out, or was by another version of the encoder."""
        if self._encoder is None:
            return ()
        with self._store.reading() as connection:
            return entry_rows.ids_of(connection, self._index.without_meaning(connection, limit))

    def _embed_if_short(self, entry_id: str, text: str) -> None:
        """Right away, if it takes no time that anybody notices; else the background work does it."""
        if len(text) > LONGEST_EMBEDDED_AT_ONCE_CHARACTERS:
            return
        try:
            self.embed(entry_id)
        except Exception as fault:  # noqa: BLE001 - it is filed, and found by its words
            _log.error("%s is found by its words only after %s", entry_id, type(fault).__name__)

    def set_state(self, entry_id: str, state: State, failure: Failure | None = None) -> None:
        """Moves an entry on; ``failure`` belongs to ``failed`` and goes with it."""
        with self._store.writing() as connection:
            number = entry_rows.number_of(connection, entry_id)
            kept = entry_rows.failure_json(failure)
            entry_rows.change(connection, number, state=state.value, failure=kept)


def _answers(answers: Sequence[Answer], transcript: Transcript) -> list[Answer]:
    """Each prompt with the words that were said to it. One that was still open when all ended goes on to the end."""
    closed = list(answers)
    if closed and closed[-1].end <= closed[-1].start:
        closed[-1] = closed[-1].model_copy(update={"end": max(closed[-1].start, transcript.duration_seconds)})
    return [answer.model_copy(update={"text": _said(transcript.words, answer)}) for answer in closed]


def _said(words: Sequence[Word], answer: Answer) -> str:
    """The words whose middle lies within an answer's time."""
    return " ".join(word.text for word in words if answer.start <= (word.start + word.end) / 2 < answer.end)
