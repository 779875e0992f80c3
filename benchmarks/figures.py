"""The shape of what a measurement gives: rows of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure: what it is, what it is meant to reach, and what was seen."""

    name: str
    reach: str
    measured: str


def table(figures: Iterable[Figure]) -> str:
    """Figures as a Markdown table."""
    lines = ["| Figure | Reach | Measured |", "|---|---|---|"]
    return "\n".join(lines + [f"| {figure.name} | {figure.reach} | {figure.measured} |" for figure in figures])
