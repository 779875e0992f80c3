from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from audio.clip import AudioClip
from core.errors import BadValue, BeingPrepared, Bug, ModelMissing, OutbreathError, TooMuchToPrepare, TooShort
from sessions.guide import Guide, Performance
from sessions.preparing import MOST_WAITING, Choice, Preparing
from sessions.script_files import Library
from sessions.speaking_ahead import SpeakingAhead
from sessions.timeline import plan
from tests.fakes.narrator import TonedNarrator, seconds_of
from tests.sessions.writing import CONTRACT_EXAMPLE, written


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


class Slow(Held):
    """Takes a minute for each second of speech, and does not know how long a line takes before it has said it."""

    real_time_factor = 60.0

    def known_seconds(self, text: str) -> float | None:
        return seconds_of(text) if text in self.spoken else None


class Failing(Slow):
    """Throws something instead of speaking, until it is mended."""

    def __init__(self, failing: Exception) -> None:
        super().__init__()
        self.go_on.set()
        self.failing: Exception | None = failing

    def line(self, text: str) -> AudioClip:
        if self.failing:
            raise self.failing
        return super().line(text)


@pytest.fixture
def guide_of(tmp_path: Path) -> Callable[[TonedNarrator], Guide]:
    (tmp_path / "mine.md").write_text(CONTRACT_EXAMPLE)
    return lambda narrator: Guide(Library(tmp_path), lambda _: narrator, "toned", "normal", None)  # type: ignore[arg-type,return-value]


@pytest.fixture
def preparing(guide_of: Callable[[TonedNarrator], Guide]) -> Preparing:
    return Preparing(guide_of(TonedNarrator()))


def finished(preparing: Preparing) -> None:
    for thread in (preparing._learner, preparing._speaker):
        thread.shutdown(wait=True)


def at_rest(preparing: Preparing) -> None:
    """Waits until nothing is being learnt; more may be asked for afterwards."""
    until = time.monotonic() + 10
    while preparing._learning and time.monotonic() < until:
        time.sleep(0.01)
    assert not preparing._learning


def test_every_line_is_spoken_once_and_kept(preparing: Preparing) -> None:
    narrator = TonedNarrator()
    session = performance(narrator)
    assert (session.lines, session.lines_ready) == (("Sit.", "Feel.", "The end."), 0)
    preparing.submit(session)
    preparing.submit(session)
    finished(preparing)
    assert narrator.spoken == ["Sit.", "Feel.", "The end."]
    assert session.lines_ready == 3


def test_closing_ends_it_after_the_line_it_is_at(preparing: Preparing) -> None:
    narrator = Held()
    preparing.submit(performance(narrator))
    preparing.submit(performance(narrator))
    assert narrator.speaking.wait(10)
    preparing.close()
    narrator.go_on.set()
    finished(preparing)
    assert narrator.spoken == ["Sit."]


def test_a_voice_that_fails_does_not_keep_the_next_session_from_being_spoken(preparing: Preparing) -> None:
    narrator = TonedNarrator()
    preparing.submit(performance(TonedNarrator(fault=ModelMissing("joe"))))
    preparing.submit(performance(narrator))
    finished(preparing)
    assert len(narrator.spoken) == 3


def test_a_voice_that_breaks_while_it_prepares_is_logged_by_its_type(
    preparing: Preparing, caplog: pytest.LogCaptureFixture
) -> None:
    preparing.submit(performance(Failing(RuntimeError("words of the person"))))
    finished(preparing)
    assert "RuntimeError" in caplog.text
    assert "person" not in caplog.text


def test_what_somebody_hears_now_comes_first(preparing: Preparing) -> None:
    narrator, held = TonedNarrator(), threading.Event()
    with SpeakingAhead([lambda: held.wait(20)]) as listened_to:
        listened_to.begin()
        preparing.submit(performance(narrator))
        held.wait(0.3)
        assert not narrator.spoken
        held.set()
        finished(preparing)
    assert len(narrator.spoken) == 3


def test_too_many_sessions_are_not_taken_on(preparing: Preparing) -> None:
    narrator = Held()
    for _ in range(MOST_WAITING):
        preparing.submit(performance(narrator))
    with pytest.raises(TooMuchToPrepare):
        preparing.submit(performance(narrator))
    narrator.go_on.set()
    finished(preparing)
    assert preparing._waiting == 0


class TestAScriptOfOnesOwn:
    """Nobody knows yet how long its lines take."""

    def test_a_quick_voice_says_them_while_somebody_waits(self, guide_of: Callable[[TonedNarrator], Guide]) -> None:
        narrator = TonedNarrator(known=False)
        assert Preparing(guide_of(narrator)).performance(Choice(slug="mine")).timeline.minutes == 2
        assert narrator.spoken

    def test_a_slow_one_says_them_in_the_background_and_it_is_told_for_how_long(
        self, guide_of: Callable[[TonedNarrator], Guide]
    ) -> None:
        narrator = Slow()
        preparing = Preparing(guide_of(narrator))
        choice = Choice(slug="mine")
        with pytest.raises(BeingPrepared) as refused:
            preparing.performance(choice)
        lines, ready = preparing.progress(choice)
        assert (lines > 2, ready) == (True, 0)
        assert refused.value.seconds_left > 60
        assert f"0 of {lines} lines" in refused.value.message
        with pytest.raises(BeingPrepared):
            preparing.performance(choice)
        narrator.go_on.set()
        finished(preparing)
        assert len(narrator.spoken) == len(set(narrator.spoken))
        planned = preparing.performance(choice)
        assert planned.lines_ready == len(planned.lines)
        assert preparing.progress(choice) == (len(planned.lines), len(planned.lines))

    def test_a_voice_that_breaks_keeps_no_other_session_waiting(
        self, guide_of: Callable[[TonedNarrator], Guide]
    ) -> None:
        class Breaking(Slow):
            def line(self, text: str) -> AudioClip:
                raise RuntimeError

        preparing = Preparing(guide_of(Breaking()))
        with pytest.raises(BeingPrepared):
            preparing.performance(Choice(slug="mine"))
        preparing._learner.shutdown(wait=True)
        narrator = TonedNarrator()
        preparing.submit(performance(narrator))
        threading.Timer(5, preparing.close).start()
        preparing._speaker.shutdown(wait=True)
        assert len(narrator.spoken) == 3

    def test_what_cannot_be_is_refused_before_a_word_is_said(self, guide_of: Callable[[TonedNarrator], Guide]) -> None:
        preparing = Preparing(guide_of(narrator := Slow()))
        for choice in (
            Choice(slug="mine", minutes=99),
            Choice(slug="mine", bed="x"),
            Choice(slug="mine", guidance="x"),
        ):
            with pytest.raises(BadValue):
                preparing.performance(choice)
        narrator.go_on.set()
        finished(preparing)
        assert not narrator.spoken

    def test_a_length_too_short_is_refused_once_that_is_known(self, guide_of: Callable[[TonedNarrator], Guide]) -> None:
        preparing = Preparing(guide_of(narrator := Slow()))
        narrator.go_on.set()
        with pytest.raises(BeingPrepared):
            preparing.performance(Choice(slug="mine", minutes=0.2))
        finished(preparing)
        with pytest.raises(TooShort):
            preparing.performance(Choice(slug="mine", minutes=0.2))

    def test_having_it_prepared_is_having_it_spoken(self, guide_of: Callable[[TonedNarrator], Guide]) -> None:
        preparing = Preparing(guide_of(narrator := Slow()))
        preparing.begin(Choice(slug="mine"))
        narrator.go_on.set()
        finished(preparing)
        assert preparing.progress(Choice(slug="mine"))[1] == len(narrator.spoken)

    def test_looking_at_it_begins_it_and_never_fails(self, guide_of: Callable[[TonedNarrator], Guide]) -> None:
        preparing = Preparing(guide_of(narrator := Slow()))
        narrator.go_on.set()
        for slug in ("mine", "mine", "unheard-of", "morning-arrival"):
            preparing.expect(slug)
        finished(preparing)
        assert "Feel your feet." in narrator.spoken

    def test_what_keeps_the_voice_from_speaking_is_told_to_whoever_asks_again(
        self, guide_of: Callable[[TonedNarrator], Guide]
    ) -> None:
        preparing = Preparing(guide_of(Failing(ModelMissing("slow"))))
        with pytest.raises(BeingPrepared):
            preparing.performance(Choice(slug="mine"))
        for _ in range(3):
            at_rest(preparing)
            preparing.expect("mine")
            with pytest.raises(ModelMissing):
                preparing.performance(Choice(slug="mine"))

    def test_what_nobody_expected_is_told_too_and_its_message_is_not_logged(
        self, guide_of: Callable[[TonedNarrator], Guide], caplog: pytest.LogCaptureFixture
    ) -> None:
        preparing = Preparing(guide_of(Failing(KeyError("words of the person"))))
        with pytest.raises(BeingPrepared):
            preparing.performance(Choice(slug="mine"))
        at_rest(preparing)
        with pytest.raises(Bug):
            preparing.performance(Choice(slug="mine"))
        assert "KeyError" in caplog.text
        assert "person" not in caplog.text

    def test_a_voice_that_was_mended_is_in_no_trouble_any_more(
        self, guide_of: Callable[[TonedNarrator], Guide]
    ) -> None:
        narrator = Failing(ModelMissing("slow"))
        preparing = Preparing(guide_of(narrator))
        with pytest.raises(BeingPrepared):
            preparing.performance(Choice(slug="mine"))
        at_rest(preparing)
        narrator.failing = None
        with pytest.raises(OutbreathError):
            preparing.performance(Choice(slug="mine"))
        at_rest(preparing)
        assert preparing.performance(Choice(slug="mine")).timeline.minutes == 2
        assert not preparing._troubles

    def test_whoever_waits_for_it_comes_before_what_is_prepared(
        self, guide_of: Callable[[TonedNarrator], Guide]
    ) -> None:
        narrator, other = Slow(), TonedNarrator()
        preparing = Preparing(guide_of(narrator))
        preparing.expect("mine")
        assert narrator.speaking.wait(10)
        preparing.submit(performance(other))
        threading.Event().wait(0.3)
        assert not other.spoken
        narrator.go_on.set()
        finished(preparing)
        assert len(other.spoken) == 3
