from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadScript
from sessions.script import Ask, Bell, Breathe, Importance, Line, Pause, Play, Rest, Step
from sessions.script_parser import LONGEST_SCRIPT_CHARACTERS, examine, parse
from sessions.timeline import shortest_minutes
from tests.sessions.writing import CONTRACT_EXAMPLE, written

HEADER = "---\ntitle: Try\nkind: meditation\nminutes: {default: 5}\n---\n"


def steps(body: str) -> list[Step]:
    return list(written(body).steps())


def texts(body: str) -> list[str]:
    return [step.text for step in steps(body) if isinstance(step, Line)]


def faults(text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(BadScript) as refused:
        parse(text, "try")
    return list(refused.value.faults)


def test_the_example_of_the_contract_is_read_whole() -> None:
    script = parse(CONTRACT_EXAMPLE, "between-clients")
    assert (script.title, script.kind, script.bed, script.warnings) == ("Between clients", "meditation", "none", ())
    assert (script.minutes.default, script.minutes.min, script.minutes.max) == (2, 1, 10)
    assert script.basis == "Transition ritual; grounding through the feet and the breath"
    leaving, arriving = script.sections
    assert (leaving.title, arriving.title) == ("Leaving the last room", "Arriving")
    assert [type(step) for step in leaving.steps] == [Bell, Line, Pause, Line, Rest]
    assert [type(step) for step in arriving.steps] == [Line, Rest, Breathe, Line, Bell]


def test_marks_say_when_a_line_is_spoken() -> None:
    lines = steps("Plain.\n\n> Optional.\n! Essential.")
    assert [(step.importance.value, step.text) for step in lines if isinstance(step, Line)] == [
        ("plain", "Plain."),
        ("optional", "Optional."),
        ("essential", "Essential."),
    ]
    included = {
        guidance: [step.importance.included(guidance) for step in lines] for guidance in ("less", "normal", "more")
    }
    assert included == {"less": [False, False, True], "normal": [True, False, True], "more": [True, True, True]}


def test_a_wrapped_paragraph_is_one_line_and_a_blank_line_ends_it() -> None:
    assert [step.text for step in steps("Feel\nyour   feet.\n\nBoth.") if isinstance(step, Line)] == [
        "Feel your feet.",
        "Both.",
    ]


def test_a_comment_a_cue_and_a_marked_line_end_a_paragraph() -> None:
    body = "One\n<!-- not\nspoken {nonsense} -->\ntwo\n{rest}\nthree\n> four\nfive"
    assert texts(body) == ["One", "two", "three", "four", "five"]


def test_words_and_cues_take_turns_on_one_line() -> None:
    line, pause, other, rest = steps("Your feet. {pause 2s} Your hands. {rest 1.5}")
    assert isinstance(line, Line)
    assert isinstance(other, Line)
    assert (line.text, other.text) == ("Your feet.", "Your hands.")
    assert pause == Pause(seconds=2, importance=Importance.PLAIN, line_number=6)
    assert rest == Rest(weight=1.5, importance=Importance.ESSENTIAL, line_number=6)


def test_a_mark_holds_for_the_cues_of_its_line() -> None:
    assert {step.importance for step in steps("> Optional. {pause 1s} {rest} {breathe 4-0-6-0}")} == {
        Importance.OPTIONAL
    }


@pytest.mark.parametrize(
    ("cue", "step"),
    [
        ("{pause 4s}", Pause(seconds=4)),
        ("{pause 1.5 min}", Pause(seconds=90)),
        ("{ PAUSE 4 }", Pause(seconds=4)),
        ("{rest}", Rest(weight=1)),
        ("{rest 2}", Rest(weight=2)),
        ("{bell}", Bell(kind="bell")),
        ("{bell low}", Bell(kind="low")),
        ("{bell end}", Bell(kind="end")),
        ("{ask What  went well today?}", Ask(prompt="What went well today?")),
        ("{ask}", Ask(prompt="")),
        ("{play my welcome.wav}", Play(file="my welcome.wav", importance=Importance.PLAIN)),
    ],
)
def test_cues_are_read(cue: str, step: Step) -> None:
    (found,) = steps(cue)
    assert found == type(step)(**{name: getattr(step, name) for name in step.__dataclass_fields__} | {"line_number": 6})


@pytest.mark.parametrize(
    ("cue", "breaths"),
    [
        ("{breathe extended-exhale 4 breaths}", 4),
        ("{breathe extended-exhale 1 breath}", 1),
        ("{breathe extended-exhale 2m}", 12),
        ("{breathe 4-7-8-0 2 minutes}", 6),
        ("{breathe 4-7-8-0 1s}", 1),
        ("{breathe box-breathing}", None),
    ],
)
def test_breaths_are_counted_or_fitted_whole_into_a_time(cue: str, breaths: int | None) -> None:
    (found,) = steps(cue)
    assert isinstance(found, Breathe)
    assert found.breaths == breaths


def test_every_fault_comes_at_once_in_order_with_its_line_and_a_hint() -> None:
    text = (
        "---\ntitel: Try\nkind: meditaton\nminutes: {default: 5, min: 9}\nbed: thunder\nwarnings: none\n---\n"
        "Fine.\n{puase 4s}\n{pause four}\n{rest 4s}\n{bell loud}\n{breathe box}\n{breathe box-breathing 0 breaths}\n"
        "{play ../secret.wav}\nA brace {rest 2\nAnother } here.\n<!-- open"
    )
    found = faults(text)
    assert [line for line, _, _ in found] == [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    hints = {line: hint for line, _, hint in found}
    assert hints[2] == "did you mean title?"
    assert hints[9] == "did you mean {pause}?"
    assert "box-breathing" in hints[13]
    assert all(hint for _, _, hint in found)


def test_a_prompt_belongs_into_a_reflection() -> None:
    assert [(line, "outside" in problem) for line, problem, _ in faults(HEADER + "{ask How are you?}")] == [(6, True)]


@pytest.mark.parametrize(
    "minutes",
    [
        *("ten", "10", "[5]", "", "{min: 3}", "{default: true}", "{default: '5'}", "{default: 5, most: 9}"),
        *("{default: 0}", "{default: -1}", "{default: 61}", "{default: .nan}", "{default: .inf}"),
        *("{default: 5, min: 6}", "{default: 5, max: 4}"),
    ],
)
def test_minutes_that_make_no_sense_are_refused(minutes: str) -> None:
    ((line, _, hint),) = faults(f"---\ntitle: Try\nkind: meditation\nminutes: {minutes}\n---\nHello.")
    assert line == 4
    assert hint


def test_a_header_field_stands_once() -> None:
    assert faults("---\ntitle: One\ntitle: Two\n" + HEADER.split("\n", 2)[2] + "Hello.")[0][:2] == (
        3,
        "title stands there twice",
    )


@pytest.mark.parametrize(
    "header",
    [
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        "[" * 3000,
        "title: [",
        "- title",
        "just words",
        "title: 2020-99-99",
        "title: !!python/object/apply:os.system ['true']",
        "title: " + "9" * 3990,
        "x: " + "y" * 5000,
        "? [a, b]\n: c",
        "title: \x07",
    ],
)
def test_a_header_that_is_no_header_is_a_fault_and_nothing_else(header: str) -> None:
    assert faults(f"---\n{header}\n---\nHello.")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("\n \n", 1),
        ("Hello.", 1),
        ("---\ntitle: Try\n", 1),
        (HEADER, 1),
        (HEADER + "...\n---\n", 1),
        (HEADER + "Hello.\n\x00\x01", 7),
        (HEADER + "Hello \ufffd.", 6),
        (HEADER + "#\nHello.", 6),
        (HEADER + "# {bell}\nHello.", 6),
        (HEADER + "word " * 400, 6),
        ("x" * 10_000_000, 1),
        ("{" * LONGEST_SCRIPT_CHARACTERS, 1),
    ],
)
def test_what_is_no_script_is_a_fault_with_its_line(text: str, line: int) -> None:
    assert faults(text)[0][0] == line


def test_line_ends_and_byte_order_marks_of_other_systems_change_nothing() -> None:
    unix = parse(HEADER + "One.\n\nTwo.", "try")
    assert parse("\ufeff" + (HEADER + "One.\n\nTwo.").replace("\n", "\r\n"), "try") == unix


def test_a_broken_script_still_gives_what_could_be_read() -> None:
    script, found = examine(HEADER + "{nonsense}\nHello.", "try")
    assert script.title == "Try"
    assert [type(step) for step in script.steps()] == [Line]
    assert len(found) == 1
    assert str(found[0]).startswith("line 6: {nonsense} is no cue (")


@settings(deadline=None)
@given(st.text(st.sampled_from(string.printable + "{}<!->#\n é—"), max_size=300))
def test_any_text_is_a_script_or_has_faults_on_its_own_lines(body: str) -> None:
    text = HEADER + body
    script, found = examine(text, "try")
    assert found or list(script.steps())
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= fault.line <= last and fault.hint for fault in found)


# Cues as people mistype them, and as nobody would: names, arguments and marks of each kind, whole and damaged.
NAMES = st.sampled_from(
    [
        "pause",
        "rest",
        "bell",
        "breathe",
        "ask",
        "play",
        "round",
        "again",
        "go",
        "on",
        "puase",
        "REST",
        "bel",
        "breath",
        "plays",
        "include",
        "if",
        "end",
    ]
) | st.text(max_size=12)
ARGUMENTS = st.one_of(
    st.sampled_from(
        (
            *(
                "",
                "4",
                "4s",
                "-4s",
                "0",
                "0s",
                "4 s",
                "four",
                "1e9",
                "1e999s",
                "nan",
                "inf",
                "9" * 400,
                "4.4.4",
                "٤",
                "½",
                "4h",
            ),
            *("2m", "999m", "00004s", "4s 4s", "+4s", "0x10", "1_000", "4,5s", "low", "end", "loud", "bell", "LOW  "),
            *(
                "extended-exhale 4 breaths",
                "extended-exhale -1 breaths",
                "extended-exhale 0 breaths",
                "box-breathing 9999",
            ),
            *("4-7-8-0", "4-7-8", "4-7-8-0-1", "0-0-0-0", "-4-7-8", "999999-0-1-0", "4-7-8-0 1e5 breaths", "nose 2m"),
            *(
                "a.wav",
                "../a.wav",
                "/etc/passwd",
                "C:\\a.wav",
                "~/a.wav",
                "a/b.wav",
                ".hidden",
                "..",
                "a\x00.wav",
                "con",
            ),
            *("http://a/b.wav", "a.wav b.wav", "x" * 300, "a?.wav", "🙂.wav", "静か.wav", "What went well today?"),
        )
    ),
    st.text(max_size=30),
    st.floats().map(str),
    st.integers().map(str),
)
CUES = st.builds(
    lambda opening, name, gap, argument, closing: f"{opening}{name}{gap}{argument}{closing}",
    st.sampled_from(("{", "{{", "{ ", "", "{}{", "\\{", "> {", "! {", "# {", "<!-- {", "{<!-- ")),
    NAMES,
    st.sampled_from((" ", "", "  ", "\t", ":", "=", "\u00a0", "-", "\n")),
    ARGUMENTS,
    st.sampled_from(("}", "}}", "", " }", "} }", "} words", "}.", "\n}", " -->}", "}{")),
)
LINES = st.one_of(
    CUES, st.text(max_size=60), st.sampled_from(("", "Sit.", "> Sit.", "! Sit.", "# Part", "静かに。", "---"))
)


@settings(deadline=None, max_examples=400)
@given(st.lists(LINES, max_size=12), st.sampled_from(("meditation", "breathing", "reflection")))
def test_any_malformed_cue_is_told_on_its_line_or_is_read(lines: list[str], kind: str) -> None:
    text = HEADER.replace("meditation", kind) + "\n".join(lines)
    script, found = examine(text, "try")
    last = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= fault.line <= last and fault.problem and fault.hint for fault in found)
    for step in script.steps():
        assert 1 <= step.line_number <= last
        if isinstance(step, Play):
            assert not set(step.file) & set("/\\:")
            assert not step.file.startswith(".")
    if found:
        with pytest.raises(BadScript) as refused:
            parse(text, "try")
        assert len(refused.value.faults) == len(found)
    else:
        # What has no faults can be laid out at every guidance, whatever it says.
        for guidance in ("less", "normal", "more"):
            assert shortest_minutes(script, guidance, lambda _: 1.0, lambda _: 1.0) > 0


@settings(deadline=None)
@given(st.binary(max_size=400), st.booleans())
def test_any_bytes_are_a_script_or_have_faults(content: bytes, below_a_header: bool) -> None:
    text = (HEADER.encode() * below_a_header + content).decode("utf-8", errors="replace")
    script, found = examine(text, "try")
    assert found or list(script.steps())


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_header_is_read_or_has_faults(header: str) -> None:
    script, found = examine(f"---\n{header}\n---\nHello.", "try")
    assert found or script.title


@pytest.mark.parametrize(
    "line",
    [
        *(
            "静かに座ってください。",
            "Сядьте спокойно.",
            "اجلس بهدوء",
            "שב בשקט",
            "शांत बैठो",
            "นั่งเงียบๆ",
            "조용히 앉으세요",
        ),
        *(
            "Έλα κοντά.",
            "Đặt chân xuống đất.",
            "👩‍⚕️ breathe",
            "e\u0301te\u0301",
            "\u202eright to left",
            "\U0001d4d0 script",
        ),
    ],
)
def test_prompts_and_lines_in_any_writing_system_are_read_as_they_stand(line: str) -> None:
    asked, spoken = steps(f"{{ask {line}}}\n! {line}")
    assert isinstance(asked, Ask)
    assert isinstance(spoken, Line)
    assert asked.prompt == spoken.text == line


@pytest.mark.parametrize("line", ["! > Sit.", "> ! Sit.", ">> Sit.", "!! Sit."])
def test_two_marks_on_a_line_are_a_fault(line: str) -> None:
    ((number, problem, hint),) = faults(HEADER + f"Fine.\n{line}")
    assert (number, problem) == (7, "the line has two marks")
    assert "keep one" in hint


@pytest.mark.parametrize(
    ("cue", "problem", "hint"),
    [
        ("{pause  four}", "{pause four}: the pause has no usable length", "{pause 4s}"),
        ("{rest 4s}", "{rest 4s}: the rest has no usable weight", "{rest 2}"),
        ("{pause " + "x" * 90 + "}", "{pause " + "x" * 23 + "…}: the pause", "{pause 4s}"),
        ('{play "x.wav"}', "the recording stands in quotes", "{play x.wav}, without quotes"),
        ("{play 'x.wav'}", "the recording stands in quotes", "{play x.wav}, without quotes"),
        ("{play ../x.wav}", "{play ../x.wav}: the recording can't be used", "without folders"),
        ("{breathe box}", "box is no breath pattern", "did you mean box-breathing?"),
        ("{again now}", "{again now}: nothing may follow again", "write {again}"),
        ("{Go  on please}", "{go on please}: nothing may follow go on", "write {go on}"),
    ],
)
def test_a_fault_of_a_cue_quotes_it_and_says_what_helps(cue: str, problem: str, hint: str) -> None:
    ((_, told, helps),) = faults(HEADER + f"Fine. {cue}")
    assert problem in told
    assert hint in helps
