from __future__ import annotations

import threading

import pytest

from audio.devices import PlaybackControl


def test_it_begins_running() -> None:
    control = PlaybackControl()
    assert not control.paused
    assert not control.stopped
    control.wait_while_paused(timeout_seconds=0)


@pytest.mark.parametrize("go_on", [PlaybackControl.resume, PlaybackControl.stop])
def test_who_waits_while_paused_goes_on_when_resumed_or_stopped(go_on: object) -> None:
    control = PlaybackControl()
    control.pause()
    assert control.paused
    waiting = threading.Thread(target=control.wait_while_paused)
    waiting.start()
    go_on(control)
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    assert not control.paused
