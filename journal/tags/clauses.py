"""Whose feeling a word is, and whether it is felt at all: simple rules over the words around it.

These are rules of thumb for English diaries: without a sign to the contrary a feeling is the writer's own, present and
real.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum
from typing import Final

from journal.tags import denial, long_ago, persons, senses, speech

# Words with inner apostrophes; runs of marks that end a sentence; marks that part clauses. Linear on any text.
_PIECE: Final = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*)|([.!?;…\n]+)|[,:()–—\"“”]+")

_REACH_WORDS: Final = 6
"""How far a "not" or a "wish to" reaches to its right."""


_LONGEST_CLAUSE_WORDS: Final = 30


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CONJUNCTIONS: Final = _set("but and because although though while whereas when so yet since until after before")


class Break(IntEnum):
    """What parts a word from the one before it."""

    NONE = 0
    CLAUSE = 1
    SENTENCE = 2


class Reading:
    """A text as words: casefolded with straight apostrophes, and where each begins and ends in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._parted: list[Break] = []
        self._read()
        self._said_by_others = {at for said in speech.of_others(text, self.words, self.starts) for at in said}
        self._own = self._owners()

    def felt(self, first: int, last: int, name: str = "") -> bool:
        """True when words ``first`` to ``last`` name a feeling the writer has or had on this occasion.

        Args:
            name: the feeling. Nostalgia is felt about a time that is over, and some have words with another sense.
        """
        start, end = self.clause(first, last)
        sentence = self._sentence(first, last)
        other_sense = senses.is_another(self.words, sentence, range(start, end + 1), first, last, name)
        if other_sense or self._of_another(first, last):
            return False
        if name != "nostalgic" and long_ago.is_over(self.words, sentence, first, last):
            return False
        if self._is_taken_back(start, first, last) or self._is_only_asked(sentence, first):
            return False
        return not any(
            denial.is_denied(self.words, at, first, last) or denial.is_imagined(self.words, at, first)
            for at in self._before(first, _REACH_WORDS)
        )

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """The first and the last word of the clause around words ``first`` to ``last``; a long one is cut."""
        start, end = first, last
        while first - start < _LONGEST_CLAUSE_WORDS and not self._parted[start]:
            start -= 1
        while end - last < _LONGEST_CLAUSE_WORDS and end + 1 < len(self.words) and not self._parted[end + 1]:
            end += 1
        return start, end

    def turned_at_writer(self) -> list[int]:
        """Where a feeling of another is turned at the writer: "furious with me", "proud of us"."""
        places = range(len(self.words) - 2)
        return [
            at
            for at in places
            if self.words[at + 2] in ("me", "us")
            and self.words[at + 1] in persons.TOWARDS
            and self.words[at] in persons.TURNED
        ]

    def clauses(self) -> list[tuple[int, int]]:
        """The first and the last word of every clause, in order."""
        begins = [at for at in range(len(self.words)) if not at or self._parted[at]]
        return [(start, end - 1) for start, end in zip(begins, [*begins[1:], len(self.words)], strict=True)]

    def _read(self) -> None:
        parted = Break.SENTENCE
        for piece in _PIECE.finditer(self.text):
            if piece[1] is None:
                abbreviated = piece[2] == "." and bool(self.words) and self.words[-1] in persons.ABBREVIATED
                if not abbreviated:
                    parted = max(parted, Break.CLAUSE if piece[2] is None else Break.SENTENCE)
                continue
            word = piece[1].casefold().replace("’", "'")
            # "anything but calm" is one clause
            if word in _CONJUNCTIONS and not (
                word == "but" and self.words and self.words[-1] in ("anything", "nothing")
            ):
                parted = max(parted, Break.CLAUSE)
            self.words.append(word)
            self.starts.append(piece.start())
            self.ends.append(piece.end())
            self._parted.append(parted)
            parted = Break.NONE

    def _before(self, first: int, reach: int) -> range:
        """Positions before ``first`` in its clause, nearest first, at most ``reach`` of them."""
        at = first
        while first - at < reach and not self._parted[at]:
            at -= 1
        return range(first - 1, at - 1, -1)

    def _sentence(self, first: int, last: int) -> range:
        """Positions around ``first`` to ``last`` that may say when it was; a bounded part of a very long sentence."""
        start, end = first, last + 1
        while first - start < long_ago.REACH_WORDS and self._parted[start] is not Break.SENTENCE:
            start -= 1
        while end < min(len(self.words), last + 1 + long_ago.REACH_WORDS) and self._parted[end] is not Break.SENTENCE:
            end += 1
        return range(start, end)

    def _of_another(self, first: int, last: int) -> bool:
        """E.g. "she was furious with me", "his anger", "an anxious client", "made my mother happy"."""
        if first in self._said_by_others:
            return True
        if not (persons.WRITER | persons.WRITER_AS_OBJECT).isdisjoint(self.words[first : last + 1]):
            return False
        following = self._following(last)
        if following and following[0] in persons.WRITER_AS_OBJECT and self.words[last].endswith(("s", "ed")):
            return False  # "her answer surprised me"
        if (
            self._describes_another(first, following)
            or self._is_moved_to(first)
            or self._is_of_a_named_one(first, last)
        ):
            return True
        for at in self._before(first, 2):
            if self.words[at] in persons.WRITER or self.words[at] in persons.WRITER_AS_OBJECT:
                return False
            if self.words[at] in persons.ANOTHERS or self.words[at].removesuffix("'s") in persons.PEOPLE:
                return True
        return not self._own[first] or self._of_a_described_person(first, last)

    def _of_a_described_person(self, first: int, last: int) -> bool:
        """E.g. "the old man in bed four is lonely": something with an article is what only persons can be."""
        if self.words[last] not in persons.OF_PERSONS and not self.words[last].endswith("ed"):
            return False
        clause = list(self._before(first, 2 * _REACH_WORDS))
        linking = next((at for at in clause[:3] if self.words[at] in persons.LINKING), None)
        if linking is None:
            return False
        subject = [self.words[at] for at in reversed(clause) if at < linking]
        if (
            not subject
            or subject[0] not in persons.DETERMINERS
            or not (persons.WRITER - {"my", "our"}).isdisjoint(subject)
        ):
            return False
        return len(subject) > 1 and persons.OF_THE_WRITER.isdisjoint(subject[:3])

    def _following(self, last: int) -> list[str]:
        """The next words of the clause, three at most."""
        end = last + 1
        while end < min(len(self.words), last + 4) and not self._parted[end]:
            end += 1
        return self.words[last + 1 : end]

    def _describes_another(self, first: int, following: Sequence[str]) -> bool:
        """E.g. "an anxious client", "a confused old man", "the disgusted look", "how lonely she is"."""
        nouns = [word for word in following if word not in persons.DESCRIBING]
        noun = nouns[0] if nouns else ""
        if noun in persons.PEOPLE or (noun == "couple" and nouns[1:2] != ["of"]):
            return True
        if following[:1] and following[0] in persons.FACES:
            return "my" not in self.words[max(0, first - 2) : first]
        how = first > 0 and self.words[first - 1] == "how" and not self._parted[first]
        return how and noun in persons.OTHERS

    def _is_moved_to(self, first: int) -> bool:
        """E.g. "told him to stay calm", "wanted the children to be happy"."""
        for at in self._before(first, 2 * _REACH_WORDS):
            between = self.words[at + 1 : first]
            if between and self.words[at] in persons.MOVING:
                moved = between[0] in persons.ANOTHERS or not persons.PEOPLE.isdisjoint(between[:3])
                to_feel = len(between) <= 2 or not {"to", "be", "feel", "stay"}.isdisjoint(between)
                return moved and to_feel and persons.WRITER.union(persons.WRITER_AS_OBJECT).isdisjoint(between)
        return False

    def _is_of_a_named_one(self, first: int, last: int) -> bool:
        """E.g. "Maria got angry": the sentence begins with a name, as far as one can tell."""
        before = self._before(first, 2 * _REACH_WORDS)
        start = before[-1] if before else first
        if start == first or self._parted[start] is not Break.SENTENCE or not self._is_name(start):
            return False
        if not (persons.WRITER | persons.WRITER_AS_OBJECT).isdisjoint(self.words[start:first]):
            return False
        if start + 1 == first:  # "Tom relieved me", "Maria cried"
            return self.words[last].endswith("ed") and bool(self._following(last))
        person = self.words[last] in persons.OF_PERSONS or self.words[last].endswith("ed")
        return person and self.words[start + 1] in persons.LINKING

    def _is_name(self, at: int) -> bool:
        word = self.text[self.starts[at] : self.ends[at]]
        return persons.may_be_a_name(word, self.words[at + 1] if at + 1 < len(self.words) else "")

    def _is_taken_back(self, start: int, first: int, last: int) -> bool:
        """E.g. "Angry is not the word", with nothing but an article before it."""
        return start >= first - 1 and denial.is_not_the_word(self._following(last))

    def _is_only_asked(self, sentence: range, first: int) -> bool:
        """E.g. "Am I angry? No."."""
        at_end = sentence.stop == len(self.words)
        behind = len(self.text) if at_end else self.starts[sentence.stop]
        if "?" not in self.text[self.ends[sentence.stop - 1] : behind]:
            return False
        answer = "" if at_end else self.words[sentence.stop]
        return denial.is_only_asked(self.words[sentence.start : first], answer)

    def _owners(self) -> list[bool]:
        """For each word, whether the nearest person before it in its sentence is the writer (or nobody is)."""
        own = True
        owners: list[bool] = []
        told = self._reported()
        for at, word in enumerate(self.words):
            if self._parted[at] is Break.SENTENCE:
                own = True
            owners.append(own)
            if word in persons.WRITER:
                own = not self._leads_to_a_person(at)
            elif word in persons.WRITER_AS_OBJECT:
                own = own or self.words[at - 1] not in persons.TOWARDS
            elif (
                word in persons.OTHERS
                or self._is_or_feels(at)
                or (word in persons.YOU and told[at])
                or (word in persons.TITLES and self._parted[at] and self.text[self.starts[at]].isupper())
            ):
                own = False
        return owners

    def _reported(self) -> list[bool]:
        """For each word, whether somebody else says the sentence: "You must be exhausted, she told me."."""
        told = [False] * len(self.words)
        begin = 0
        for end in range(1, len(self.words) + 1):
            if end == len(self.words) or self._parted[end] is Break.SENTENCE:
                said = any(self.words[at] in speech.SAYING for at in range(begin + 1, end))
                said = said and not any(
                    self.words[at] in speech.SAYING and self.words[at - 1] in persons.WRITER
                    for at in range(begin + 1, end)
                )
                told[begin:end] = [said] * (end - begin)
                begin = end
        return told

    def _leads_to_a_person(self, at: int) -> bool:
        """E.g. "my mother was", "our new manager seemed": the person is the subject, not the writer."""
        reach = range(at + 1, min(at + 3, len(self.words) - 1))
        return self.words[at] in ("my", "our") and any(self._is_or_feels(person) for person in reach)

    def _is_or_feels(self, at: int) -> bool:
        """E.g. "the patient was", "my sister felt", and in the middle of a sentence "… that Maria seemed"."""
        after = at + 1
        if after >= len(self.words) or self._parted[after] or self.words[after] not in persons.LINKING:
            return False
        named = self.text[self.starts[at]].isupper() and not self._parted[at]
        return self.words[at] in persons.PEOPLE or (named and self.words[at] not in persons.WRITER)
