import threading

import pytest

from voice.lazy_model import LazyModel


def test_many_threads_load_it_once() -> None:
    loads: list[int] = []
    everyone = threading.Barrier(8)
    model = LazyModel(lambda: loads.append(1) or object())
    got: list[object] = []

    def ask() -> None:
        everyone.wait()
        got.append(model.get())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len(set(map(id, got))) == 1


def test_a_failed_load_is_tried_again() -> None:
    outcomes = iter([OSError("gone"), "a model"])

    def load() -> str:
        outcome = next(outcomes)
        if isinstance(outcome, OSError):
            raise outcome
        return outcome

    model = LazyModel(load)
    with pytest.raises(OSError, match="gone"):
        model.get()
    assert not model.loaded
    assert model.get() == "a model"
    assert model.loaded
