"""The person's own words: ward names, drugs, colleagues. The recogniser expects them more than it otherwise would.

Names of people are in it, so it lies in the encrypted journal and not in the settings.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.sqlite import insert

from core.errors import BadValue
from journal.schema.tables import vocabulary
from journal.store import Store
from journal.written_text import cleaned

LONGEST_WORD_CHARACTERS: Final = 40
MOST_WORDS: Final = 60
"""Whisper looks at about 220 tokens of what it is told beforehand, of which a name takes two to four."""


class Vocabulary:
    """Words and short names, oldest first. Any method may raise DiskFull, JournalBusy or JournalUnreadable."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def words(self) -> tuple[str, ...]:
        """All of them, as the person spelt them."""
        with self._store.reading() as connection:
            return tuple(connection.execute(select(vocabulary.c.word).order_by(vocabulary.c.number)).scalars())

    def add(self, word: str) -> tuple[str, ...]:
        """Expects a word from now on; gives all of them. A word that is there already stays where it is.

        Raises:
            BadValue: it is no word, or there are too many.
        """
        word = spelt(word)
        with self._store.writing() as connection:
            known = connection.execute(select(vocabulary.c.word).where(vocabulary.c.word == word)).scalar()
            count = connection.execute(select(func.count()).select_from(vocabulary)).scalar_one()
            if known is None and count >= MOST_WORDS:
                raise BadValue("the vocabulary", f"at most {MOST_WORDS} words: take one away before adding another")
            connection.execute(insert(vocabulary).values(word=word).on_conflict_do_nothing())
        return self.words()

    def remove(self, word: str) -> tuple[str, ...]:
        """Expects a word no longer; gives the others. Nothing happens when it is not there.

        Raises:
            BadValue: it is no word.
        """
        word = spelt(word)
        with self._store.writing() as connection:
            connection.execute(delete(vocabulary).where(vocabulary.c.word == word))
        self._store.erase_traces()
        return self.words()


def spelt(word: str) -> str:
    """A word as it is kept.

    Raises:
        BadValue: it is no word.
    """
    word = " ".join(cleaned(word).split())
    spoken = any(character.isalnum() for character in word)
    if not spoken or len(word) > LONGEST_WORD_CHARACTERS or not word.isprintable() or "," in word:
        raise BadValue("a word", f"a word or a name of at most {LONGEST_WORD_CHARACTERS} characters, without commas")
    return word
