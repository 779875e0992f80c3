"""What a tagger does, whichever method is behind it."""

from __future__ import annotations

from typing import Protocol

from journal.entry import Tag


class TagSuggester(Protocol):
    """Suggests feelings and themes. Deterministic: the same text gives the same tags."""

    @property
    def version(self) -> str:
        """Changes whenever the same text would get other tags."""
        ...

    def warm(self) -> None:
        """Loads the model now, so that the first text is not kept waiting.

        Raises:
            ModelDamaged: its files are not the ones that were shipped.
        """
        ...

    def suggest(self, text: str) -> tuple[Tag, ...]:
        """Tags with confidence and evidence (character offsets into ``text``), surest first; empty for no words."""
        ...
