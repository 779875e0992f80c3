from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audio.clip import Samples
from audio.devices import PlaybackControl
from audio.playback_queue import CAPACITY_CHUNKS, PlaybackQueue


def chunk(frames: int, first: int = 1) -> Samples:
    """Frames that count upwards, so that each can be told apart."""
    return np.arange(first, first + frames, dtype=np.float32)[:, None]


def pulled(waiting: PlaybackQueue, frames: int) -> Samples:
    out = np.full((frames, 1), np.nan, dtype=np.float32)
    waiting.pull(out)
    return out[:, 0]


@given(pieces=st.lists(st.integers(1, 50), max_size=CAPACITY_CHUNKS), size=st.integers(1, 80), tail=st.integers(0, 200))
def test_everything_comes_once_and_in_order_and_then_the_tail(pieces: list[int], size: int, tail: int) -> None:
    waiting = PlaybackQueue(PlaybackControl(), 100)
    waiting.tail_frames = tail
    total = sum(pieces)
    for frames, first in zip(pieces, np.cumsum([1, *pieces]), strict=False):
        assert waiting.put(chunk(frames, int(first)), timeout_seconds=0)
    waiting.finish()
    played = [pulled(waiting, size)]
    while not waiting.over:
        played.append(pulled(waiting, size))
    samples = np.concatenate(played)
    assert samples[:total].tolist() == list(range(1, total + 1))
    assert not samples[total:].any()
    assert tail <= len(samples) - total <= tail + size
    assert waiting.frames_played == total


def test_it_takes_no_more_than_it_holds() -> None:
    waiting = PlaybackQueue(PlaybackControl(), 100)
    taken = [waiting.put(chunk(10), timeout_seconds=0) for _ in range(CAPACITY_CHUNKS + 2)]
    assert taken == [True] * CAPACITY_CHUNKS + [False, False]


def test_a_gap_in_the_making_is_silence_and_not_the_end() -> None:
    waiting = PlaybackQueue(PlaybackControl(), 100)
    waiting.put(chunk(4), timeout_seconds=0)
    assert pulled(waiting, 6).tolist() == [1, 2, 3, 4, 0, 0]
    assert not waiting.over
    waiting.put(chunk(2), timeout_seconds=0)
    assert pulled(waiting, 3).tolist() == [1, 2, 0]


def test_a_pause_fades_out_keeps_the_place_and_fades_in() -> None:
    control = PlaybackControl()
    waiting = PlaybackQueue(control, 100)
    waiting.put(np.ones((100, 1), dtype=np.float32), timeout_seconds=0)
    assert pulled(waiting, 10).tolist() == [1] * 10
    control.pause()
    fading = pulled(waiting, 10)
    assert fading[0] == 1.0
    assert fading[-1] == 0.0
    assert np.all(np.diff(fading) < 0)
    for _ in range(5):
        assert not pulled(waiting, 10).any()
    assert waiting.frames_played == 20
    control.resume()
    rising = pulled(waiting, 10)
    assert rising[0] == 0.0
    assert rising[-1] == 1.0
    assert waiting.frames_played == 30


def test_a_pause_at_the_end_waits_for_the_person() -> None:
    control = PlaybackControl()
    waiting = PlaybackQueue(control, 100)
    waiting.put(chunk(10), timeout_seconds=0)
    waiting.finish()
    control.pause()
    pulled(waiting, 5)
    pulled(waiting, 50)
    assert not waiting.over
    control.resume()
    pulled(waiting, 50)
    assert waiting.over
    assert waiting.frames_played == 10


def test_stopping_fades_out_and_leaves_the_rest() -> None:
    control = PlaybackControl()
    waiting = PlaybackQueue(control, 100)
    waiting.tail_frames = 20
    waiting.put(np.ones((100, 1), dtype=np.float32), timeout_seconds=0)
    pulled(waiting, 10)
    control.stop()
    assert pulled(waiting, 10)[-1] == 0.0
    assert not pulled(waiting, 10).any()
    assert not waiting.over
    assert not pulled(waiting, 10).any()
    assert waiting.over
    assert waiting.frames_played == 20


def test_both_channels_are_filled() -> None:
    waiting = PlaybackQueue(PlaybackControl(), 100)
    waiting.put(np.array([[1, 2], [3, 4]], dtype=np.float32), timeout_seconds=0)
    out = np.zeros((3, 2), dtype=np.float32)
    waiting.pull(out)
    assert out.tolist() == [[1, 2], [3, 4], [0, 0]]
