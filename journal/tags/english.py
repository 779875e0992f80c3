"""Whether a sentence is English enough to be tagged: the heads know no other language and must not guess.

A sentence in doubt counts as English, since a diary is full of half sentences.
"""

from __future__ import annotations

import re
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_READ_CHARACTERS: Final = 600


def _words_of(*lines: str) -> frozenset[str]:
    return frozenset(" ".join(lines).split())


_ENGLISH: Final = _words_of(
    "the and of to i'm i it is it's was were that with my me we our you he she they them their his her for on at had",
    "have has be been but not as this from by are am when what there so if would could about just after all really",
    "very because felt feel day today out up down no one good work don't didn't wasn't can't",
)
# Little words of other languages that are not English words as well.
_OTHER: Final = (
    _words_of(
        "der das und ich ist nicht ein eine einen mit sich auf für dem den von zu auch wir sie mich mir heute sehr",
        "aber wie noch nach bei habe hatte war bin wenn weil mein meine dass zum zur beim vom im ins den des",
        "aus oder dann nur schon wieder immer alles nichts viel müde nacht",
        "dienst arbeit schicht stunden lang kein keine kann muss",
        "werk moe dag goed geen veel weer altijd",
        "het een ik niet van dat voor maar ook met aan zijn heb mijn ben te naar wij ons",
        "le la les des et je est pas une un du que qui dans pour sur avec suis mon mes ai au nous elle c'est j'ai très",
        "fatigué fatiguée travail nuit jour journée bien encore toujours sans sous chez",
        "el los las que en por con una mi muy estoy fue pero del como más yo",
        "cansado cansada trabajo noche día hoy mucho bien siempre otra otro",
        "il che di non per sono mi ho molto oggi mia gli della questo è anche",
        "stanco stanca lavoro notte giorno bene sempre ancora senza tanto tutto",
        "não uma com meu minha muito eu foi mas estou os hoje",
        "och jag det att är inte på som med har min jeg ikke og er av til",
        "nie się jest na że jestem bardzo ve bir çok bu için ja ei olen hän",
    )
    - _ENGLISH
)


def is_english(text: str) -> bool:
    """False for a sentence in another language or script.

    Args:
        text: one sentence; its first 600 characters decide.
    """
    words = [word.casefold().replace("’", "'") for word in _WORD.findall(text[:_READ_CHARACTERS])]
    if not words:
        return False
    letters = "".join(words)
    if sum("a" <= letter <= "z" for letter in letters) < 0.9 * sum(letter != "'" for letter in letters):
        return False
    english = sum(word in _ENGLISH for word in words)
    other = sum(word in _OTHER for word in words)
    if other > english:
        return False
    # Without a single little word of English a whole sentence is something else: a list, or a language not known here.
    return english > 0 or len(words) < 6
