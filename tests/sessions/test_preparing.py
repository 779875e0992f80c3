from __future__ import annotations

import threading

from audio.clip import AudioClip
from core.errors import ModelMissing
from sessions.guide import Performance
from sessions.preparing import Preparing
from sessions.speaking_ahead import SpeakingAhead
from sessions.timeline import plan
from tests.fakes.narrator import TonedNarrator, seconds_of
from tests.sessions.writing import written


class Held(TonedNarrator):
    """Speaks a line only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.speaking, self.go_on = threading.Event(), threading.Event()

    def line(self, text: str) -> AudioClip:
        self.speaking.set()
        assert self.go_on.wait(10)
        return super().line(text)


def performance(narrator: TonedNarrator) -> Performance:
    timeline = plan(written("Sit. {rest}\nFeel. {rest}\nSit. {rest}\nThe end."), 1, "normal", seconds_of)
    return Performance(timeline, "toned", "none", narrator, lambda file: AudioClip.silence(0, 48_000))  # type: ignore[arg-type]


def finished(preparing: Preparing) -> None:
    preparing._thread.shutdown(wait=True)


def test_every_line_is_spoken_once_and_kept() -> None:
    narrator, preparing = TonedNarrator(), Preparing()
    session = performance(narrator)
    assert (session.lines, session.lines_ready) == (("Sit.", "Feel.", "The end."), 0)
    preparing.submit(session)
    preparing.submit(session)
    finished(preparing)
    assert narrator.spoken == ["Sit.", "Feel.", "The end."]
    assert session.lines_ready == 3


def test_closing_ends_it_after_the_line_it_is_at() -> None:
    narrator, preparing = Held(), Preparing()
    preparing.submit(performance(narrator))
    preparing.submit(performance(narrator))
    assert narrator.speaking.wait(10)
    preparing.close()
    narrator.go_on.set()
    finished(preparing)
    assert narrator.spoken == ["Sit."]


def test_a_voice_that_fails_does_not_keep_the_next_session_from_being_spoken() -> None:
    narrator, preparing = TonedNarrator(), Preparing()
    preparing.submit(performance(TonedNarrator(fault=ModelMissing("joe"))))
    preparing.submit(performance(narrator))
    finished(preparing)
    assert len(narrator.spoken) == 3


def test_what_somebody_hears_now_comes_first() -> None:
    narrator, preparing, held = TonedNarrator(), Preparing(), threading.Event()
    with SpeakingAhead([lambda: held.wait(20)]) as listened_to:
        listened_to.begin()
        preparing.submit(performance(narrator))
        held.wait(0.3)
        assert not narrator.spoken
        held.set()
        finished(preparing)
    assert len(narrator.spoken) == 3
