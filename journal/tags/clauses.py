"""Whose feeling a word is, and whether it is felt at all: simple rules over the words around it.

These are rules of thumb for English diaries: without a sign to the contrary a feeling is the writer's own, present and
real. A name at the very start of a sentence is not recognised as a person (it looks like any other first word).
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import Final

from journal.tags import long_ago

# Words with inner apostrophes; runs of marks that end a sentence; marks that part clauses. Linear on any text.
_PIECE: Final = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*)|([.!?;…\n]+)|[,:()–—\"“”]+")

_REACH_WORDS: Final = 6
"""How far a "not" or a "wish to" reaches to its right."""


_LONGEST_CLAUSE_WORDS: Final = 30


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_CONJUNCTIONS: Final = _set("but and because although though while whereas when so yet since until after before")
_NEGATIONS: Final = _set(
    "not never no none neither nor without hardly barely scarcely cannot nothing nobody isn't aren't wasn't weren't "
    "don't doesn't didn't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't ain't"
)
_NEGATING_PAIRS: Final = _set("instead-of rather-than far-from lack-of free-of free-from stopped-feeling stopped-being")
# "not only tired", "no wonder I was angry", "nothing but joy", "can't stop worrying": these deny nothing.
_NO_NEGATION_BEFORE: Final = _set("only just merely simply wonder doubt matter idea but stop stopped help")
_SUPERLATIVES: Final = _set("more so this that as")
_WISHES: Final = _set(
    "want wants wanted wish wishes wished try tries tried trying need needs needed hope hopes hoped hoping pretend "
    "pretended should supposed if"
)
_UNREAL_PAIRS: Final = _set(
    "would-be would-have would-feel could-be could-have might-be might-have might-feel will-be will-feel"
)
_BEING_USED_TO: Final = _set("am i'm is are we're was were be been get gets got getting")

_WRITER: Final = _set("i i'm i've i'd i'll we we're we've we'd we'll my our mine")
_WRITER_AS_OBJECT: Final = _set("me us myself ourselves")
_OTHERS: Final = _set(
    "he he's he'd he'll she she's she'd she'll they they're they've they'd they'll who who's his their himself herself "
    "themselves someone somebody everyone everybody anyone"
)
_ANOTHERS: Final = _set("him her them his their your")
_PERSONS: Final = _set(
    "patient client resident mother mum mom father dad sister brother son daughter husband wife partner boyfriend "
    "girlfriend friend colleague coworker nurse doctor manager boss supervisor lead matron consultant man woman boy "
    "girl child kid baby teenager family relative parent team staff people person lady gentleman neighbour neighbor "
    "grandmother grandfather grandma grandpa aunt uncle cousin teacher student guy crowd visitor twin registrar "
    "physiotherapist therapist psychologist psychiatrist surgeon paramedic porter receptionist pharmacist midwife "
    "carer caregiver trainee intern junior supervisee mentor director trainer volunteer victim survivor widow widower "
    "teen stepmother stepfather grandson granddaughter nephew niece fiancé lover ex inmate"
)
_PEOPLE: Final = _PERSONS | {person + "s" for person in _PERSONS} | _set("children men women families")
_LINKING: Final = _set(
    "is was are were feel feels felt seem seems seemed look looks looked sound sounds sounded get gets got become "
    "becomes became has had appeared made makes"
)
_DETERMINERS: Final = _set("the a an this that these those every each both all some most another one our my")
# "My heart was happy" is the writer's; so is what a day or a shift was like.
_OF_THE_WRITER: Final = _set("heart mind body head stomach soul mood day shift evening morning night week time whole")
_OF_PERSONS: Final = _set(
    "happy afraid angry proud lonely jealous grateful hopeful anxious nervous ashamed guilty furious glad thankful sad "
    "numb calm content optimistic envious curious livid fearful"
)
"""Feelings that only a person can be; of others, as "awkward" or "boring", a thing can be as well."""

_TURNED: Final = _set(
    "angry furious mad upset disappointed proud jealous worried annoyed frustrated cross irritated happy pleased"
)
_TOWARDS: Final = _set("at to with for on of from about by like")


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
        self._own = self._owners()

    def felt(self, first: int, last: int, *, ever: bool = False) -> bool:
        """True when words ``first`` to ``last`` name a feeling the writer has or had on this occasion (or ``ever``)."""
        if self._of_another(first, last):
            return False
        if not ever and long_ago.is_over(self.words, self._sentence(first, last), first, last):
            return False
        return not any(self._denies(at, first) or self._imagines(at, first) for at in self._before(first, _REACH_WORDS))

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
            if self.words[at + 2] in ("me", "us") and self.words[at + 1] in _TOWARDS and self.words[at] in _TURNED
        ]

    def clauses(self) -> list[tuple[int, int]]:
        """The first and the last word of every clause, in order."""
        begins = [at for at in range(len(self.words)) if not at or self._parted[at]]
        return [(start, end - 1) for start, end in zip(begins, [*begins[1:], len(self.words)], strict=True)]

    def _read(self) -> None:
        parted = Break.SENTENCE
        for piece in _PIECE.finditer(self.text):
            if piece[1] is None:
                parted = max(parted, Break.CLAUSE if piece[2] is None else Break.SENTENCE)
                continue
            word = piece[1].casefold().replace("’", "'")
            if word in _CONJUNCTIONS:
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

    def _denies(self, at: int, first: int) -> bool:
        """E.g. "I was not angry", "no longer sad", "far from calm", "didn't feel at all afraid"."""
        word, following = self.words[at], self.words[at + 1]
        if word not in _NEGATIONS:
            return f"{word}-{following}" in _NEGATING_PAIRS
        if following in _NO_NEGATION_BEFORE:
            return False
        between = self.words[at + 1 : first]
        if word == "never":  # "never been so proud"
            return _SUPERLATIVES.isdisjoint(between)
        could_not = word in ("couldn't", "can't", "cannot") or (word == "not" and self.words[at - 1] == "could")
        # "I couldn't be happier", "could not be more grateful"
        return not (could_not and "be" in between and ("more" in between or self.words[first].endswith("er")))

    def _imagines(self, at: int, first: int) -> bool:
        """E.g. "used to be angry", "I would have been sad", "I want to feel calm", "if I were afraid"."""
        word, following = self.words[at], self.words[at + 1]
        if word == "used" and following == "to":
            return at == 0 or self.words[at - 1] not in _BEING_USED_TO
        return f"{word}-{following}" in _UNREAL_PAIRS or (word in _WISHES and at + 1 < first)

    def _of_another(self, first: int, last: int) -> bool:
        """E.g. "she was furious with me", "his anger", "an anxious client", "made my mother happy"."""
        if not (_WRITER | _WRITER_AS_OBJECT).isdisjoint(self.words[first : last + 1]):
            return False
        after = last + 1
        if after < len(self.words) and not self._parted[after] and self.words[after] in _PEOPLE:
            return True
        for at in self._before(first, 2):
            if self.words[at] in _WRITER or self.words[at] in _WRITER_AS_OBJECT:
                return False
            if self.words[at] in _ANOTHERS or self.words[at].removesuffix("'s") in _PEOPLE:
                return True
        return not self._own[first] or self._of_a_described_person(first, last)

    def _of_a_described_person(self, first: int, last: int) -> bool:
        """E.g. "the old man in bed four is lonely": something with an article is what only persons can be."""
        if self.words[last] not in _OF_PERSONS and not self.words[last].endswith("ed"):
            return False
        clause = list(self._before(first, 2 * _REACH_WORDS))
        linking = next((at for at in clause[:3] if self.words[at] in _LINKING), None)
        if linking is None:
            return False
        subject = [self.words[at] for at in reversed(clause) if at < linking]
        if not subject or subject[0] not in _DETERMINERS or not (_WRITER - {"my", "our"}).isdisjoint(subject):
            return False
        return len(subject) > 1 and _OF_THE_WRITER.isdisjoint(subject[:3])

    def _owners(self) -> list[bool]:
        """For each word, whether the nearest person before it in its sentence is the writer (or nobody is)."""
        own = True
        owners: list[bool] = []
        for at, word in enumerate(self.words):
            if self._parted[at] is Break.SENTENCE:
                own = True
            owners.append(own)
            if word in _WRITER:
                own = not self._leads_to_a_person(at)
            elif word in _WRITER_AS_OBJECT:
                own = own or self.words[at - 1] not in _TOWARDS
            elif word in _OTHERS or self._is_or_feels(at):
                own = False
        return owners

    def _leads_to_a_person(self, at: int) -> bool:
        """E.g. "my mother was", "our new manager seemed": the person is the subject, not the writer."""
        reach = range(at + 1, min(at + 3, len(self.words) - 1))
        return self.words[at] in ("my", "our") and any(self._is_or_feels(person) for person in reach)

    def _is_or_feels(self, at: int) -> bool:
        """E.g. "the patient was", "my sister felt", and in the middle of a sentence "… that Maria seemed"."""
        after = at + 1
        if after >= len(self.words) or self._parted[after] or self.words[after] not in _LINKING:
            return False
        named = self.text[self.starts[at]].isupper() and not self._parted[at]
        return self.words[at] in _PEOPLE or (named and self.words[at] not in _WRITER)
