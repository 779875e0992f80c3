"""What routes are given: the parts of this installation."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from journal.notebook import Notebook
from outbreath.wiring import Outbreath


def _parts(request: Request) -> Outbreath:
    parts: Outbreath = request.app.state.outbreath
    return parts


def _notebook(parts: Annotated[Outbreath, Depends(_parts)]) -> Notebook:
    # Not async: opening the journal for the first time reads from disk, so it happens in a worker thread.
    return parts.notebook


Parts = Annotated[Outbreath, Depends(_parts)]
Journal = Annotated[Notebook, Depends(_notebook)]
