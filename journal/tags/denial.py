"""Whether a feeling that is named is felt at all: "not angry", "anything but calm", "I will be sad", "Am I angry?"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import dropwhile, pairwise
from typing import Final

from journal.tags.persons import set_of

_NEGATIONS: Final = set_of(
    "not never no none neither nor without hardly barely scarcely cannot nothing nobody isn't aren't wasn't weren't "
    "don't doesn't didn't haven't hasn't hadn't can't couldn't won't wouldn't shouldn't ain't"
)
_NEGATING_PAIRS: Final = set_of(
    "instead-of rather-than far-from lack-of free-of free-from stopped-feeling stopped-being anything-but refuse-to "
    "refuses-to refused-to refusing-to failed-to fail-to unable-to too-tired-to"
)
# "not only tired", "no wonder I was angry", "nothing but joy", "can't stop worrying": these deny nothing.
_NO_NEGATION_BEFORE: Final = set_of("only just merely simply wonder doubt question matter idea but stop stopped help")
_CERTAIN: Final = set_of("doubt question exaggeration")
_SUPERLATIVES: Final = set_of("more so this that as")
_LOSING: Final = set_of("lost lose losing loses lacked lack lacking")
_ALL_OF: Final = set_of("all any my our the every much of that what little")
_WISHES: Final = set_of(
    "want wants wanted wish wishes wished try tries tried trying need needs needed hope hopes hoped hoping pretend "
    "pretended should supposed if"
)
_MODALS: Final = set_of("would could might may will shall i'll we'll i'd we'd it'll")
_BARE_VERBS: Final = set_of("be feel have")
_ADVERBS: Final = set_of("always just also still soon then perhaps maybe even")
_BEING_USED_TO: Final = set_of("am i'm is are we're was we were be been get gets got getting")
_REACH_OF_MORE_WORDS: Final = 5

_NOT_THE_WORD: Final = re.compile(r"(?:isn't|wasn't|(?:is|was) (?:not|hardly|never|no longer|the wrong))\b")
_ASKING: Final = set_of("am was were are is do did does have had should could would can")
_ASKED_FOR_A_REASON: Final = set_of("why how what when where who whom whose which")
_YES: Final = set_of("yes yeah yep very absolutely definitely completely totally indeed certainly oh")


def is_denied(words: Sequence[str], at: int, first: int, last: int) -> bool:
    """By the word ``at``, somewhere before words ``first`` to ``last``: "I was not angry", "far from calm"."""
    word, following = words[at], words[at + 1]
    between = words[at + 1 : first]
    if word in _LOSING:
        return _ALL_OF.issuperset(between)
    if word not in _NEGATIONS:
        return f"{word}-{following}" in _NEGATING_PAIRS
    if following in _NO_NEGATION_BEFORE or (word == "without" and not _CERTAIN.isdisjoint(between)):
        return False
    if "how" in between:  # "you won't believe how happy I was"
        return False
    if word == "never":  # "never been so proud"
        return _SUPERLATIVES.isdisjoint(between)
    if word in ("nothing", "nobody") and "than" in words[last + 1 : last + 1 + _REACH_OF_MORE_WORDS]:
        return False  # "nothing frustrates me more than …"
    could_not = word in ("couldn't", "can't", "cannot") or (word == "not" and at > 0 and words[at - 1] == "could")
    # "I couldn't be happier", "could not have been more grateful"
    could_not = could_not and not {"be", "been"}.isdisjoint(between)
    return not (could_not and ("more" in between or words[first].endswith("er")))


def is_imagined(words: Sequence[str], at: int, first: int) -> bool:
    """E.g. "used to be angry", "I will probably be sad", "I want to feel calm", "if I were afraid"."""
    word, following = words[at], words[at + 1]
    if word == "used" and following == "to":
        return at == 0 or words[at - 1] not in _BEING_USED_TO
    if word in _MODALS:
        verb = next(dropwhile(lambda other: other in _ADVERBS or other.endswith("ly"), words[at + 1 : first]), "")
        return verb in _BARE_VERBS
    return word in _WISHES and at + 1 < first


def is_not_the_word(following: Sequence[str]) -> bool:
    """The words behind a feeling take it back: "Angry is not the word"."""
    return _NOT_THE_WORD.match(" ".join(following)) is not None


def is_only_asked(opening: Sequence[str], answer: str) -> bool:
    """A question that begins with these words asks whether somebody feels so: "Am I angry?", not "Why am I angry?".

    Args:
        opening: the words of the sentence up to the feeling.
        answer: the first word behind the question mark.
    """
    if answer in _YES or not _ASKED_FOR_A_REASON.isdisjoint(opening):
        return False
    return any(word in _ASKING and following in ("i", "we") for word, following in pairwise(opening))
