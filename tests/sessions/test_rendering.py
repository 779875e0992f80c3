from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audio.clip import AudioClip, Samples, join
from audio.loudness import true_peak_dbtp
from core.errors import BadValue, ModelMissing
from sessions.rendering import BLOCK_FRAMES, SAMPLE_RATE_HZ, render
from sessions.speaking_ahead import THREAD_NAME
from sessions.timeline import Timeline, plan
from tests.fakes.narrator import TonedNarrator, seconds_of
from tests.sessions.writing import written

BODY = """{bell}
Sit down. {pause 2s} Feel your feet.
{breathe cyclic-sighing 2 breaths}
{rest}
The end.
{bell end}"""


def planned(body: str = BODY, minutes: float = 1.01) -> Timeline:
    return plan(written(body), minutes, "normal", seconds_of)


def sound(timeline: Timeline, bed: str = "none", start_frame: int = 0) -> Samples:
    return join(list(render(timeline, TonedNarrator(), bed, start_frame))).samples


@pytest.fixture(scope="module")
def whole() -> Samples:
    return sound(planned(), "ocean")


def test_blocks_are_half_a_second_and_add_up_to_the_frame() -> None:
    timeline = planned()
    blocks = [block.frames for block in render(timeline, TonedNarrator(), "none")]
    assert set(blocks[:-1]) == {BLOCK_FRAMES}
    assert sum(blocks) == timeline.frames == round(60.6 * SAMPLE_RATE_HZ)
    assert 0 < blocks[-1] < BLOCK_FRAMES


@settings(max_examples=15, deadline=None)
@given(start_frame=st.integers(0, round(60.6 * SAMPLE_RATE_HZ) - 1))
def test_a_render_from_anywhere_is_the_tail_of_the_whole(whole: Samples, start_frame: int) -> None:
    assert np.array_equal(sound(planned(), "ocean", start_frame), whole[start_frame:])


def test_from_the_very_end_there_is_nothing_left() -> None:
    assert list(render(planned(), TonedNarrator(), "ocean", planned().frames)) == []


def test_every_line_sounds_in_its_slot_and_silence_is_silent() -> None:
    timeline = planned("{pause 1s}\nSit down.\n{rest}\nThe end.", 0.5 + 1)
    samples = sound(timeline)
    for cue in timeline.cues:
        heard = float(np.max(np.abs(samples[cue.start_frame : cue.end_frame])))
        assert heard > 0.1 if cue.kind == "line" else heard == 0.0


def test_a_bell_rings_from_its_first_milliseconds_and_on_under_the_next_line() -> None:
    timeline = planned("{bell}\n{rest}")
    samples = np.abs(sound(timeline))
    assert np.max(samples[: SAMPLE_RATE_HZ // 100]) > 0.05
    after = timeline.cues[1].start_frame
    assert np.max(samples[after : after + SAMPLE_RATE_HZ]) > 1e-4


def test_in_and_out_sound_for_exactly_their_phase() -> None:
    timeline = planned("{pause 1s}\n{breathe 2-1.5-3-0 2 breaths}\n{rest}")
    samples = np.abs(sound(timeline))
    breaths = [cue for cue in timeline.cues if cue.kind == "breath"]
    assert [cue.end - cue.start for cue in breaths] == pytest.approx([2, 1.5, 3] * 2)
    assert all(np.max(samples[cue.start_frame : cue.end_frame]) > 0.01 for cue in breaths)
    assert not samples[: breaths[0].start_frame].any()
    assert not samples[breaths[-1].end_frame :].any()


@pytest.mark.parametrize("length", [0.5, 2.0])
def test_a_line_that_differs_from_its_slot_is_fitted_without_a_click(length: float) -> None:
    class Wrong(TonedNarrator):
        def line(self, text: str) -> AudioClip:
            return AudioClip(
                np.full(round(length * seconds_of(text) * SAMPLE_RATE_HZ), 0.5, np.float32), SAMPLE_RATE_HZ
            )

    timeline = planned("{pause 1s}\nSit down.\n{rest}")
    samples = join(list(render(timeline, Wrong(), "none"))).samples
    assert len(samples) == timeline.frames
    assert not samples[timeline.cues[2].start_frame :].any()
    assert np.max(np.abs(np.diff(samples))) < 0.01


@pytest.mark.parametrize("bed", ["rain", "ocean", "brown", "drone"])
def test_the_bed_rises_at_the_start_and_falls_at_the_end(bed: str) -> None:
    samples = sound(planned("{rest}", 1), bed)
    second = SAMPLE_RATE_HZ
    middle = np.std(samples[20 * second : 50 * second])
    assert middle > 1e-3
    assert np.std(samples[: second // 4]) < middle / 4
    assert np.std(samples[-second // 4 :]) < middle / 4
    assert abs(samples[0]) < 1e-6
    assert abs(samples[-1]) < 1e-6


def test_loud_sounds_together_stay_under_the_promised_peak() -> None:
    class Loud(TonedNarrator):
        def line(self, text: str) -> AudioClip:
            time = np.arange(round(seconds_of(text) * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
            return AudioClip((0.95 * np.sin(2 * np.pi * 330 * time)).astype(np.float32), SAMPLE_RATE_HZ)

    clip = join(list(render(planned(), Loud(), "rain")))
    assert true_peak_dbtp(clip) <= -1.5


def test_the_first_block_comes_before_anything_is_spoken() -> None:
    narrator = TonedNarrator()
    blocks = render(planned(), narrator, "none")
    assert np.any(next(blocks).samples)
    blocks.close()  # type: ignore[attr-defined]


def test_later_lines_are_spoken_while_earlier_blocks_are_out() -> None:
    body = "{bell}\n" + "\n\n".join(f"Line {number}." for number in range(60)) + "\n{rest}"
    narrator = TonedNarrator()
    blocks = render(planned(body, 2), narrator, "none")
    spoken_early = []
    for number, _ in enumerate(blocks):
        if number == 12:
            spoken_early = list(narrator.spoken)
    assert spoken_early[:2] == ["Line 0.", "Line 1."]
    assert len(spoken_early) < 30
    assert narrator.spoken == [f"Line {number}." for number in range(60)]


def test_a_slow_voice_speaks_first_what_would_come_late() -> None:
    fetched = threading.Event()

    class Slow(TonedNarrator):
        real_time_factor = 0.5

    class Kept(Slow):
        def is_ready(self, text: str) -> bool:
            return True

        def line(self, text: str) -> AudioClip:
            fetched.wait(10)
            return super().line(text)

    long_line = "And feel the whole weight of the day. " * 6
    timeline = planned(f"{{bell}}\nSit. {{pause 1s}}\n{long_line}\n\nThe end. {{rest}}")
    narrator, keeper = Slow(), Kept()
    next(render(timeline, narrator, "none"))
    assert narrator.spoken[:2] == ["Sit.", long_line.strip()]
    next(render(timeline, keeper, "none"))
    assert not keeper.spoken, "what is kept is not waited for"
    fetched.set()


def test_closing_ends_the_speaking_after_the_lines_that_were_begun() -> None:
    speaking, go_on = threading.Event(), threading.Event()
    begun: list[str] = []

    class Slow(TonedNarrator):
        def line(self, text: str) -> AudioClip:
            begun.append(text)
            if len(begun) == 2:
                speaking.set()
            go_on.wait(10)
            return super().line(text)

    narrator = Slow()
    blocks = render(planned("{rest}".join(f"Line {number}. " for number in range(9))), narrator, "none", threads=2)
    next(blocks)
    assert speaking.wait(10)
    threads = [each for each in threading.enumerate() if each.name.startswith(THREAD_NAME)]
    blocks.close()  # type: ignore[attr-defined]
    go_on.set()
    for thread in threads:
        thread.join(10)
        assert not thread.is_alive()
    assert sorted(narrator.spoken) == ["Line 0.", "Line 1."]


def test_only_what_is_still_to_come_is_spoken() -> None:
    timeline, narrator = planned(), TonedNarrator()
    start = next(cue for cue in timeline.cues if cue.kind == "rest").start_frame
    for _ in render(timeline, narrator, "none", start):
        pass
    assert narrator.spoken == ["The end."]


def test_a_voice_that_fails_fails_where_its_line_is_due() -> None:
    blocks = render(planned(), TonedNarrator(fault=ModelMissing("joe")), "none")
    heard = [next(blocks) for _ in range(round(4 / 0.5))]
    with pytest.raises(ModelMissing):
        next(blocks)
    assert np.any(heard[-1].samples)


@pytest.mark.parametrize(("bed", "start_frame"), [("thunder", 0), ("none", -1), ("none", 10**12)])
def test_wrong_values_are_refused_before_the_first_block(bed: str, start_frame: int) -> None:
    with pytest.raises(BadValue):
        render(planned(), TonedNarrator(), bed, start_frame)
