"""A model that is loaded when it is first needed, once, whichever thread asks first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from voice.memory import give_back

Model = TypeVar("Model")


class LazyModel(Generic[Model]):
    """Holds the way to load a model and, once asked, the model."""

    def __init__(self, load: Callable[[], Model]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._model: Model | None = None

    @property
    def loaded(self) -> bool:
        return self._model is not None

    def get(self) -> Model:
        """The model; the first call loads it and others wait for that. A load that failed is tried again next time."""
        with self._lock:
            if self._model is None:
                self._model = self._load()
                give_back()  # files that were read, tables that were taken apart
            return self._model
