"""The journal's use cases: what the command line and the page ask of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from core.clock import Clock, shift_day
from core.errors import BadValue, NothingLearned, NotReady, UnknownTag
from journal import entry_rows, lessons, recovery, tag_rows
from journal.entry import Answer, Entry, Mood, State, Tag, TagKind
from journal.ids import checked, new_id
from journal.meaning.encoder import TextEncoder
from journal.notebook_work import NotebookWork
from journal.recordings import Recordings, RecordingWriter
from journal.schema.tables import entries
from journal.search import SqliteIndex
from journal.store import Store
from journal.tags.spoken_times import timed
from journal.tags.suggester import TagSuggester
from journal.written_text import entry_text, new_tag_name, tag_name


class Notebook(NotebookWork):
    """Everything a person can do with what they said and wrote.

    Every method is one transaction: it happens wholly or not at all, also beside other processes on the same journal.
    Any of them may raise DiskFull, JournalBusy or JournalUnreadable; those with an id UnknownEntry.
    """

    def __init__(
        self,
        store: Store,
        recordings: Recordings,
        tagger: TagSuggester,
        clock: Clock,
        day_starts_at_hour: int,
        encoder: TextEncoder | None = None,
    ) -> None:
        index = SqliteIndex(encoder.version if encoder else "")
        super().__init__(store, recordings, index, tagger, encoder)
        self._clock = clock
        self._day_starts_at_hour = day_starts_at_hour

    # --- Speaking and writing ------------------------------------------------------------------------------------

    def begin(
        self,
        guide: str | None = None,
        spoken_at: datetime | None = None,
        media_type: str = "application/octet-stream",
        mood_before: int | None = None,
    ) -> tuple[Entry, RecordingWriter]:
        """A new entry in state ``recording``, on file before the first sound, and the writer of its recording.

        Finish the writer, then call ``finish_recording``. Should the process die, ``recover`` finds the entry.

        Raises:
            BadValue: ``spoken_at`` has no offset, or the mood is not from 1 to 5.
        """
        entry = self._new(State.RECORDING, guide, spoken_at).model_copy(update={"mood_before": _mood(mood_before)})
        writer = self._recordings.create(entry.id, media_type)
        try:
            with self._store.writing() as connection:
                self._add(connection, entry, spoken=True)
        except BaseException:
            writer.close()
            self._recordings.delete(entry.id)
            raise
        return entry, writer

    def answered(self, entry_id: str, answers: Sequence[Answer]) -> None:
        """Keeps what has been asked by now, so that a recording which is cut off still knows it.

        An answer that goes on has the same ``start`` and ``end``.
        """
        with self._store.writing() as connection:
            number = entry_rows.number_of(connection, entry_id)
            entry_rows.change(connection, number, answers=entry_rows.answers_json(answers))

    def finish_recording(self, entry_id: str, prompts: Sequence[Answer] = ()) -> Entry:
        """The recording is done: the entry waits for its transcript. ``prompts``: what was asked, and when.

        Raises:
            NotReady: the recording is still being written, or the entry was past this before.
        """
        if self._recordings.being_written(checked(entry_id)):
            raise NotReady
        with self._store.writing() as connection:
            row = entry_rows.row_of(connection, entry_id)
            if row.state not in (State.RECORDING, State.RECOVERED, State.TRANSCRIBING):
                raise NotReady
            entry_rows.change(
                connection, row.number, state=State.TRANSCRIBING.value, answers=entry_rows.answers_json(prompts)
            )
            return entry_rows.entry_of(connection, entry_id)

    def write(self, text: str, guide: str | None = None, spoken_at: datetime | None = None) -> Entry:
        """A typed entry, tagged and ready.

        Raises:
            EmptyText, TooMuchText: the text cannot be an entry.
            BadValue: ``spoken_at`` has no offset.
        """
        text = entry_text(text)
        suggested, tagged_by = self._suggested(text)
        written = {"text": text, "original_text": text, "tags": suggested}
        entry = self._new(State.READY, guide, spoken_at).model_copy(update=written)
        with self._store.writing() as connection:
            number = self._add(connection, entry, spoken=False)
            entry_rows.change(connection, number, tagged_by=tagged_by)
            written_down = entry_rows.entry_of(connection, entry.id)
        self._embed_if_short(entry.id, text)
        return written_down

    def insert(
        self, entry: Entry, *, spoken: bool, removed_tags: Sequence[str] = (), forgotten_tags: Sequence[str] = ()
    ) -> bool:
        """Takes in a whole entry as it is, such as one that was exported; False when its id is there already.

        Args:
            spoken: it has, or had, a recording. Its recording is created beforehand.
            removed_tags: what the person took away from it.
            forgotten_tags: those about which the person's decision is no example for suggestions.
        """
        with self._store.writing() as connection:
            if connection.execute(select(entries.c.id).where(entries.c.id == checked(entry.id))).scalar():
                return False
            number = self._add(connection, entry, spoken=spoken)
            for name in removed_tags:
                tag = Tag(name=name, kind=tag_rows.kind_of(connection, name), source="person", confidence=None)
                with self._index.changing(connection, number):
                    tag_rows.put(connection, number, tag, removed=True)
            lessons.forget_of_entry(connection, number, forgotten_tags)
            return True

    # --- Correcting ----------------------------------------------------------------------------------------------

    def edit(
        self,
        entry_id: str,
        text: str | None = None,
        mood_before: int | None = None,
        mood_after: int | None = None,
        *,
        guide: str | None = None,
        goal_id: str | None = None,
        spoken_at: datetime | None = None,
        clear: Collection[Mood] = (),
    ) -> Entry:
        """Corrects an entry; None leaves a thing as it is, ``clear`` takes moods away. The original text is kept.

        Raises:
            NotReady: its text is still being worked on.
            EmptyText, TooMuchText: the text cannot be an entry.
            BadValue: a mood is not from 1 to 5, or ``spoken_at`` has no offset.
        """
        given = {
            "mood_before": _mood(mood_before),
            "mood_after": _mood(mood_after),
            "guide": guide,
            "goal_id": goal_id,
            **self._when(spoken_at),
        }
        changes = {name: value for name, value in given.items() if value is not None or name in clear}
        suggested: tuple[Tag, ...] = ()
        if text is not None:
            text = changes["text"] = entry_text(text)
            suggested, changes["tagged_by"] = self._suggested(text)
        with self._store.writing() as connection:
            row = entry_rows.row_of(connection, entry_id)
            if text is not None and not State(row.state).settled:
                raise NotReady
            if text is not None:
                original = row.text if row.original_text is None else row.original_text
                changes["original_text"] = None if text == original else original
            with self._index.changing(connection, row.number) if text is not None else nullcontext():
                if changes:
                    entry_rows.change(connection, row.number, **changes)
                if text is not None:
                    words = entry_rows.entry_of(connection, entry_id).words
                    tag_rows.put_suggestions(connection, row.number, timed(suggested, text, words))
            edited = entry_rows.entry_of(connection, entry_id)
        if text is not None:
            self._embed_if_short(entry_id, text)
        return edited

    def _when(self, spoken_at: datetime | None) -> dict[str, Any]:
        """The columns that say when an entry was spoken; none if that is not to change."""
        if spoken_at is None:
            return {}
        at = entry_rows.moment("spoken_at", spoken_at)
        day = shift_day(at, self._day_starts_at_hour)
        return {
            "spoken_at_microseconds": entry_rows.microseconds_of(at),
            "spoken_at": at.isoformat(),
            "shift_day": day.isoformat(),
        }

    def delete(self, entry_id: str) -> None:
        """Deletes an entry everywhere: see ``recovery.remove``.

        Raises:
            NotReady: it is being recorded right now.
        """
        if self._recordings.being_written(checked(entry_id)):
            raise NotReady
        recovery.remove(self._store, self._recordings, self._index, entry_id)

    # --- Tags ----------------------------------------------------------------------------------------------------

    def tag(self, entry_id: str, name: str, kind: TagKind | None = None) -> Entry:
        """Gives an entry a tag, or says yes to a suggested one. ``kind`` counts for the person's own tags only.

        Raises:
            BadValue: the name cannot be a tag.
        """
        name = tag_name(name)
        with self._store.writing() as connection:
            row = entry_rows.row_of(connection, entry_id)
            if not tag_rows.is_known(connection, name):
                name = new_tag_name(name)
            kind = tag_rows.shipped_kind(name) or kind or tag_rows.kind_of(connection, name)
            with self._index.changing(connection, row.number):
                tag_rows.confirm(connection, row.number, name, kind)
            return entry_rows.entry_of(connection, entry_id)

    def untag(self, entry_id: str, name: str) -> Entry:
        """Takes a tag away for good: it is not suggested for this entry again, be it there now or not.

        Raises:
            BadValue: the name cannot be a tag.
            UnknownTag: neither is it in use nor one that is suggested.
        """
        name = tag_name(name)
        with self._store.writing() as connection:
            row = entry_rows.row_of(connection, entry_id)
            if not tag_rows.is_known(connection, name):
                raise UnknownTag
            with self._index.changing(connection, row.number):
                tag_rows.take_away(connection, row.number, name)
            return entry_rows.entry_of(connection, entry_id)

    def forget_lessons(self, name: str | None = None) -> int:
        """What the person decided about a tag, or about all, no longer changes suggestions; tells how many decisions.

        The tags themselves stay as they are.

        Raises:
            BadValue: the name cannot be a tag.
            NothingLearned: nothing was decided about this tag, or it is forgotten already.
        """
        with self._store.writing() as connection:
            forgotten = lessons.forget(connection, None if name is None else tag_name(name))
        if name is not None and not forgotten:
            raise NothingLearned
        return forgotten

    def _new(self, state: State, guide: str | None, spoken_at: datetime | None) -> Entry:
        now = self._clock.now()
        at = entry_rows.moment("spoken_at", spoken_at or now)
        return Entry(
            id=new_id(now),
            state=state,
            spoken_at=at,
            shift_day=shift_day(at, self._day_starts_at_hour),
            guide=guide,
        )

    def _add(self, connection: Connection, entry: Entry, *, spoken: bool) -> int:
        number = entry_rows.add(connection, entry, spoken=spoken)
        self._index.put(connection, number)
        return number


def _mood(mood: int | None) -> int | None:
    if mood is not None and (isinstance(mood, bool) or mood not in range(1, 6)):
        raise BadValue("the mood", "a whole number from 1 to 5")
    return mood
