"""What the author of a script is told before anybody plays it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sessions.script import Fault
from sessions.script_advice import remarks
from sessions.script_files import Library, SessionSummary, examine_file
from sessions.script_parser import examine
from voice.voices import can_speak

LIBRARY = Path(__file__).parents[2] / "sessions" / "library"
LINE = "Feel how the breath comes in and goes out again, without you having to do anything for it at all. "


def text(body: str, minutes: str = "{default: 5}", kind: str = "meditation") -> str:
    return f"---\ntitle: Try\nkind: {kind}\nminutes: {minutes}\n---\n{body}\n"


def faults(body: str, minutes: str = "{default: 5}") -> tuple[Fault, ...]:
    return examine(text(body, minutes), "try")[1]


def remarked(body: str, minutes: str = "{default: 5}", voice: str = "hibari", kind: str = "meditation") -> list[str]:
    script, found = examine(text(body, minutes, kind), "try")
    assert not found
    told = remarks(script, can_speak(voice))
    assert all(remark.line > 0 and remark.hint for remark in told)
    return [f"{remark.line}: {remark.problem}" for remark in told]


class TestLength:
    """Words that are spoken at every setting, against the lengths in the header (line 4)."""

    def test_more_than_max_is_a_fault_that_says_so(self) -> None:
        (fault,) = faults("\n".join(f"! {LINE}" for _ in range(100)), "{default: 3, min: 1, max: 5}")
        assert fault.line == 4
        assert "longer than max (5)" in fault.problem
        assert "raise max" in fault.hint

    def test_more_than_default_is_a_fault(self) -> None:
        (fault,) = faults("\n".join(f"! {LINE}" for _ in range(40)), "{default: 2, max: 20}")
        assert (fault.line, "longer than default (2)" in fault.problem) == (4, True)
        assert "raise default" in fault.hint

    def test_more_than_an_hour_cannot_be_mended_by_the_header(self) -> None:
        (fault,) = faults("! {pause 10m}\n" * 7 + "The end.")
        assert "raise" not in fault.hint

    def test_breaths_and_pauses_count(self) -> None:
        assert faults("{breathe box-breathing 100 breaths}\n! The end.", "{default: 10, max: 20}")
        assert faults("! {pause 10m}\n! The end.", "{default: 5, max: 9}")
        assert not faults("{breathe box-breathing 10 breaths}\n! The end.", "{default: 10, max: 20}")

    def test_what_less_guidance_leaves_out_does_not_count(self) -> None:
        body = "\n\n".join(LINE for _ in range(40)) + "\n! The end."
        assert not faults(body, "{default: 2, max: 5}")
        assert [each.split(" about")[0] for each in remarked(body, "{default: 2, max: 5}")] == [
            "6: with normal guidance"
        ]

    def test_what_may_fit_with_a_quick_voice_is_no_fault(self) -> None:
        """Eleven lines take about 120 s with the voices that have a name."""
        assert not faults("\n".join(f"! {LINE}" for _ in range(11)), "{default: 1.7, min: 1, max: 1.8}")

    def test_other_faults_come_first(self) -> None:
        assert len(faults("! {pause 10m}\n{nonsense}\n! The end.", "{default: 5, max: 9}")) == 1


class TestSilence:
    """What is said with the least guidance."""

    def test_nothing_is_remarked_on(self) -> None:
        assert remarked("{bell}\nSit.\n{rest}\n> Sit.") == ["7: with less guidance nothing is said at all"]

    @pytest.mark.parametrize(
        "body", ["! Sit.", "Sit.\n{breathe 4-0-6-0}", "! {play a.wav}", "{bell}", "{round}\n! Sit."]
    )
    def test_anything_is_enough(self, body: str) -> None:
        assert remarked(body) == []

    def test_a_question_is(self) -> None:
        assert remarked("Sit.\n{ask How are you?}", kind="reflection") == []


class TestOtherWritingSystems:
    """Lines that English voices have no sounds for."""

    @pytest.mark.parametrize(
        "line", ["静かに座ってください。", "Сядьте спокойно.", "اجلس بهدوء", "조용히", "Sit. 静かに。", "ｗｉｄｅ"]
    )
    @pytest.mark.parametrize("voice", ["joe", "hibari", "kokoro"])
    def test_they_are_remarked_on(self, line: str, voice: str) -> None:
        assert remarked(f"! Sit.\n! {line}", voice=voice) == ["7: the voice can't speak this line, or not all of it"]

    def test_so_are_questions(self) -> None:
        assert len(remarked("! Sit.\n{ask 今日は?}", kind="reflection")) == 1

    @pytest.mark.parametrize("line", ["Łódź, café, naïve.", "4-7-8, 10 µg, 2ª", "“Quotes” … and – dashes"])
    def test_what_it_can_speak_is_not(self, line: str) -> None:
        assert remarked(f"! {line}") == []

    def test_a_voice_of_ones_own_is_believed_to_know_its_language(self) -> None:
        assert remarked("! 静かに。", voice="/voices/tomoko.onnx") == []


class TestWrappedLines:
    """A marked line stands for itself; what an editor wrapped below it has another mark, and may be left out."""

    WRAPPED = "7: a sentence goes on below its line, without its mark"

    @pytest.mark.parametrize("mark", ["! ", "> "])
    def test_a_sentence_that_goes_on_below_is_remarked_on(self, mark: str) -> None:
        body = f"{mark}Close your eyes, or if you like, leave them\nopen and resting on one spot.\n\n! Sit."
        assert remarked(body) == [self.WRAPPED]

    def test_so_is_one_that_goes_on_with_a_mark(self) -> None:
        assert remarked("Close your eyes or leave\n! them open.") == [self.WRAPPED]

    @pytest.mark.parametrize(
        "body",
        [
            "! Close your eyes.\nopen, or closed.",
            "! Close your eyes\nOpen them.",
            "! Close your eyes,\n\nopen them.",
            "! Close your eyes,\n{rest}\nopen them.",
            '! Say "yes."\nand smile.',
            "! Sit.\nFeel your feet and\nyour hands.",
        ],
    )
    def test_what_stands_for_itself_is_not(self, body: str) -> None:
        assert remarked(body) == []


class TestWhatIsNoWord:
    """Links and emoji."""

    @pytest.mark.parametrize("line", ["See [it](https://a.org).", "See https://a.org.", "See www.a.org."])
    def test_links_are_remarked_on(self, line: str) -> None:
        assert remarked(f"! Sit.\n! {line}") == ["7: nobody can follow a link while listening"]

    def test_emoji_are(self) -> None:
        assert remarked("! Sit 🙂.") == ["6: an emoji is passed over, or spoken by its name"]
        assert len(remarked("! Sit.\n{ask How ☀️ was it?}", kind="reflection")) == 1

    def test_emphasis_is_not(self) -> None:
        assert remarked("! **Feel** your *feet* at 20 °C – 3*4 [times].") == []


@pytest.mark.parametrize("path", sorted(LIBRARY.glob("*.md")), ids=lambda path: path.stem)
def test_there_is_nothing_to_say_of_shipped_scripts(path: Path) -> None:
    session = examine_file(path, can_speak("joe"))
    assert (session.faults, session.remarks) == ((), ())


def test_a_script_with_remarks_is_in_the_library_and_can_be_played(tmp_path: Path) -> None:
    (tmp_path / "mine.md").write_text(text("{bell}\nSit.\n{rest}"))
    library = Library(tmp_path)
    summary: SessionSummary = library.summary("mine")
    assert not summary.faults
    assert [remark.problem for remark in summary.remarks] == ["with less guidance nothing is said at all"]
    assert library.script("mine")
