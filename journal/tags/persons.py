"""Words for the writer, for others, and for what only a person can be; and first words that are names."""

from __future__ import annotations

from typing import Final


def set_of(words: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(words.split())


WRITER: Final = set_of("i i'm i've i'd i'll we we're we've we'd we'll my our mine")
WRITER_AS_OBJECT: Final = set_of("me us myself ourselves")
OTHERS: Final = set_of(
    "he he's he'd he'll she she's she'd she'll they they're they've they'd they'll who who's his their himself "
    "herself themselves someone somebody everyone everybody anyone"
)
ANOTHERS: Final = set_of("him her them his their your")
PERSONS: Final = set_of(
    "patient client resident mother mum mom father dad sister brother son daughter husband wife partner boyfriend "
    "girlfriend friend colleague coworker nurse doctor manager boss supervisor lead matron consultant man woman boy "
    "girl child kid baby teenager family relative parent team staff people person lady gentleman neighbour neighbor "
    "grandmother grandfather grandma grandpa aunt uncle cousin teacher student guy crowd visitor twin registrar "
    "physiotherapist therapist psychologist psychiatrist surgeon paramedic porter receptionist pharmacist midwife "
    "carer caregiver trainee intern junior supervisee mentor director trainer volunteer victim survivor widow widower "
    "teen stepmother stepfather grandson granddaughter nephew niece fiancé lover ex inmate"
)
PEOPLE: Final = PERSONS | {person + "s" for person in PERSONS} | set_of("children men women families")
TITLES: Final = set_of("mr mrs ms miss dr prof sister nurse")
ABBREVIATED: Final = set_of("mr mrs ms dr prof st")
DESCRIBING: Final = set_of("old young elderly little big tall poor dear small frail older younger other new first")
FACES: Final = set_of(
    "look looks face faces expression expressions voice voices tone eyes frown glance stare gaze sigh"
)
MOVING: Final = set_of(
    "told tell asked ask helped help wanted want let made make makes got begged taught encouraged kept"
)
YOU: Final = set_of("you you're you've you'll you'd")
# First words before "was" that name nobody. What ends as things and deeds do is left out by its ending.
NOBODY: Final = set_of(
    "it this that these those there here what which all most both some none everything something nothing anything "
    "today yesterday tonight tomorrow work home life school supervision handover dinner lunch breakfast church yoga "
    "christmas easter everyone monday tuesday wednesday thursday friday saturday sunday january february march april "
    "may june july august september october november december then now still also just really so too only never "
    "always once again not if i'm we're and or but because when while after before since until as at in on for with "
    "from by to of how why the a an my our your his her their its no yes oh well very quite rather felt feeling got "
    "was were am is are been had have rain weather traffic music sunshine summer winter autumn nature silence sleep "
    "food coffee tea money time love"
)
NO_NAMES_END: Final = ("ly", "ing", "tion", "ness", "ment", "ship", "work", "ance", "ence", "ity", "day", "'s")
LINKING: Final = set_of(
    "is was are were feel feels felt seem seems seemed look looks looked sound sounds sounded get gets got become "
    "becomes became has had appeared made makes"
)
DETERMINERS: Final = set_of("the a an this that these those every each both all some most another one our my")
# "My heart was happy" is the writer's; so is what a day or a shift was like.
OF_THE_WRITER: Final = set_of("heart mind body head stomach soul mood day shift evening morning night week time whole")
OF_PERSONS: Final = set_of(
    "happy afraid angry proud lonely jealous grateful hopeful anxious nervous ashamed guilty furious glad thankful "
    "sad numb calm content optimistic envious curious livid fearful"
)
"""Feelings that only a person can be; of others, as "awkward" or "boring", a thing can be as well."""

TURNED: Final = set_of(
    "angry furious mad upset disappointed proud jealous worried annoyed frustrated cross irritated happy pleased"
)
TOWARDS: Final = set_of("at to with for on of from about by like")


def may_be_a_name(word: str, following: str) -> bool:
    """The first word of a sentence, as it is written there, may well be somebody's name.

    Args:
        following: the word behind it.
    """
    plain = word.casefold()
    plural = plain.endswith("s") and following in ("were", "are")
    capital = word[0].isupper() and word[1:2].islower()
    known = plain in NOBODY or plain in OF_THE_WRITER or plain in WRITER
    return capital and not plural and not known and not plain.endswith(NO_NAMES_END)
