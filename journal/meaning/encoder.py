"""What turns texts into vectors, as the rest of the journal knows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

WIDTH = 384
"""Numbers in a vector."""


class TextEncoder(Protocol):
    """Vectors for short texts, so that texts that mean alike lie near each other."""

    @property
    def version(self) -> str:
        """Vectors of different versions cannot be compared."""
        ...

    def warm(self) -> None:
        """Loads the model now, so that the first text is not kept waiting.

        Raises:
            ModelDamaged: as ``vectors``.
        """
        ...

    def is_word(self, text: str) -> bool:
        """It is one of the words that the encoder knows as a whole, as it knows the common ones of its language.

        Raises:
            ModelDamaged: as ``vectors``.
        """
        ...

    def vectors(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of ``WIDTH`` numbers and length 1 per text; of a long text its beginning counts.

        The dot product of two rows says how near the texts are: 1 means the same, 0 nothing in common.

        Raises:
            ModelDamaged: the encoder's files are not the ones that were shipped.
        """
        ...
