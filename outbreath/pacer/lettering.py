"""Large letters for a terminal, from pixels of which two fit into a cell.

The shapes are those of Atkinson Hyperlegible Next, eleven pixels large, as far as the words of a breath need them.
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

HEIGHT_PIXELS = 8
SPACE_PIXELS = 3

Mask = npt.NDArray[np.float32]
"""How much of each pixel is covered, from 0 to 1."""

_INK = " .:-=+*%#@"
_SHEETS = MappingProxyType(
    {
        "ABHPR": (
            "  -@=  |:@@@#- |:@   :@ |:@@@%: |:@@@%: ",
            "  *#%  |:@. =@ |:@   :@ |:@..+# |:@..+# ",
            "  @:@. |:@  -@ |:@   :@ |:@  :@ |:@  :@ ",
            " -# %= |:@##@#.|:@####@ |:@  =# |:@  =# ",
            " *+ =% |:@...*%|:@...-@ |:@#@#- |:@###: ",
            ".@@@@@.|:@   :@|:@   :@ |:@..   |:@.%+  ",
            "=#:::%+|:@. .*%|:@   :@ |:@     |:@ .@: ",
            "%+   =#|:@@@@%.|:@   :@ |:@     |:@  =# ",
        ),
        "adehilmn": (
            "      |    :@|      |:@    |.# |:@ |         |      ",
            "      |    :@|      |:@    |   |:@ |         |      ",
            " :%@#-| :#@+@| .%@%.|:@+@@-|%@ |:@ |:#+@=*@+ |:#=@@-",
            " ==.=#| #+.*@| *=.=*|:@+.+#|:@ |:@ |:@-=@-=# |:@+.+#",
            "  -+*@|:@. :@| @###@|:@. :@|:@ |:@ |:@.:@ :@ |:@. :@",
            " %*--@|:@. :@| @-...|:@  :@|:@ |:@ |:@ :@ :@ |:@  :@",
            ":@:.*@| #+.*@| **.-:|:@  :@|:@ |:@.|:@ :@ :@ |:@  :@",
            " +@#=@| :#@=@| .%@%.|:@  :@|:@ |.#@|:@ :@ :@ |:@  :@",
        ),
        "orstu": (
            "      |    |     |.+  |      ",
            "      |    |     |:@  |      ",
            " :%@%.|:#=#|:%@#:|@@@:|:@ :@ ",
            " #+.**|:@*.|**.=-|:@. |:@ :@ ",
            ".@. :@|:@. |=#+- |:@  |:@ :@ ",
            ".@. :@|:@  | .-%%|:@  |:@ :@ ",
            " #+.**|:@  |+=.=@|:@. |.@:+@ ",
            " :%@%.|:@  |:%@#-|.#@:| *@+@ ",
        ),
        "0123456789": (
            " .*@#+ | :@  | .*@#-| :%@#-|    +@ | %@@@% | .*@#: | @@@@@|  =@#- | :%@*.",
            " *@:.#=|@@@  | +*.+#| %=.=@|   -@@ | #:    | *+.-: |    =%| .@:=# | #=.**",
            " @%+ -#|.-@  |  . :@|    =#|  .#=@ | @*#*. | @+#%. |    #=| .@.-# |:@. :@",
            ":@.#::@| :@  |    +%|  :@#:|  %=:@ |.#-:%* |.@+.%* |   :@ | .@@@: |.@= +#",
            ":@ :#:@| :@  |   -@:|   .*%| +% :@ |    :@ |:@. :@ |   *+ | #+.*% | =@@@+",
            " @: =##| :@  |  -#: | :  :@| @@##@#| :  :@ |.@. :@ |  .@: |:@. :@ |  .+@.",
            " *%.:@=| :@  | =#:  | #=.+#| ...-@.|.@-.%* | %+.** |  +%  | @=.+% |   %+ ",
            " .*@#+ | :@  | @@@@@| :#@%:|    :@ | -#@*. | .%@%. |  #-  | -#@%: |  :#  ",
        ),
    }
)


def _cut(letters: str, sheet: tuple[str, ...]) -> dict[str, Mask]:
    rows = np.array([[_INK.find(ink) for ink in row] for row in sheet])
    # What is no ink stands between two letters.
    edges = [-1, *np.flatnonzero((rows == -1).all(axis=0)), rows.shape[1]]
    cut = (rows[:, left + 1 : right] for left, right in pairwise(edges))
    return {letter: (pixels / (len(_INK) - 1)).astype(np.float32) for letter, pixels in zip(letters, cut, strict=True)}


@cache
def _letters() -> dict[str, Mask]:
    known = {" ": np.zeros((HEIGHT_PIXELS, SPACE_PIXELS), dtype=np.float32)}
    for letters, sheet in _SHEETS.items():
        known |= _cut(letters, sheet)
    return known


@cache
def lettering(text: str) -> Mask | None:
    """The text in large letters, without room around it; None when there is none or a letter is not known."""
    if not text or not set(text) <= _letters().keys():
        return None
    mask = np.hstack([_letters()[letter] for letter in text])
    inked = np.flatnonzero(mask.any(axis=0))
    return mask[:, inked[0] : inked[-1] + 1] if len(inked) else None
