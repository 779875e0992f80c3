from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from core.transcript import Transcript
from journal.notebook import Notebook
from journal.processing import Processing
from journal.recordings import RecordingReader
from tests.journal.journals import KEY, opened
from tests.journal.processing.working import transcribe


@pytest.fixture
def notebook(tmp_path: Path) -> Iterator[Notebook]:
    with opened(tmp_path) as notebook:
        yield notebook


@pytest.fixture
def processing_with(tmp_path: Path, notebook: Notebook) -> Iterator[Callable[..., Processing]]:
    made: list[Processing] = []

    def processing(transcribe: Callable[[RecordingReader], Transcript] = transcribe) -> Processing:
        made.append(Processing(tmp_path, KEY, notebook, transcribe))
        return made[-1]

    yield processing
    for each in made:
        each.stop()
