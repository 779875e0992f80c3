"""From the text of a session script to its steps, with every fault at once. Pure.

A paragraph is spoken; what stands in braces is a cue. Unmarked lines that follow each other without a blank line or a
cue between them are one paragraph, however an editor wrapped them. A marked line (``>`` or ``!``) stands for itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from core.errors import BadScript
from sessions.plain_words import plain
from sessions.script import Ask, Fault, Importance, Line, Rounds, Script, Section, Step
from sessions.script_advice import length_fault
from sessions.script_cues import CueFault, RoundMark, read_cue, read_mark
from sessions.script_header import Header, read_header

LONGEST_SCRIPT_CHARACTERS = 60_000
"""More than an hour of talking without a pause; beyond it a file is taken for an accident."""

LONGEST_LINE_CHARACTERS = 1_500

_FENCE = "---"
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_PIECES = re.compile(r"\{([^{}]*)\}|([^{}]+)|([{}])")
# A list of Markdown. A dash may as well belong to the sentence, and is not spoken.
_ITEM = re.compile(r"[*+]\s+")
_MARKS = {">": Importance.OPTIONAL, "!": Importance.ESSENTIAL}
# What no text file holds: control characters other than tab and line ends, and the mark of undecodable bytes.
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")


def parse(text: str, slug: str) -> Script:
    """The script that ``text`` is.

    Raises:
        BadScript: with every fault, its line number and a hint.
    """
    script, faults = examine(text, slug)
    if faults:
        raise BadScript(slug, [(fault.line, fault.problem, fault.hint) for fault in faults])
    return script


def examine(text: str, slug: str) -> tuple[Script, tuple[Fault, ...]]:
    """As much of the script as can be read, and every fault in order of its line."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    body = _Body()
    header = Header()
    fault = _unreadable(text)
    if fault:
        body.faults.append(fault)
    else:
        header_text, first_line, lines = _divided(text, body.faults)
        if first_line:
            header = read_header(header_text, 2, body.faults)
        body.read(lines, first_line + 1)
        body.check(header)
    script = Script(
        slug=slug,
        title=header.title or slug,
        kind=header.kind,
        minutes=header.minutes,
        basis=header.basis,
        bed=header.bed,
        warnings=header.warnings,
        sections=body.sections(),
        minutes_line=header.minutes_line,
    )
    if not body.faults and (fault := length_fault(script)):
        body.faults.append(fault)
    return script, tuple(sorted(body.faults, key=lambda fault: fault.line))


def _unreadable(text: str) -> Fault | None:
    if len(text) > LONGEST_SCRIPT_CHARACTERS:
        limit = f"{LONGEST_SCRIPT_CHARACTERS:,}"
        return Fault(1, "the script is too long", f"keep it below {limit} characters, an hour of talking")
    if not text.strip():
        return Fault(1, "the script is empty", "begin with a header between two lines of ---")
    odd = _BINARY.search(text)
    if odd:
        line = text.count("\n", 0, odd.start()) + 1
        return Fault(line, "this isn't plain text", "save the script as UTF-8 text")
    return None


def _divided(text: str, faults: list[Fault]) -> tuple[str, int, list[str]]:
    """Header, number of lines it takes with its fences (0 without one), and the lines after it, comments blanked."""
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        faults.append(Fault(1, "the script has no header", "begin with a line of ---, then title, kind and minutes"))
        return "", 0, _without_comments(text, 1, faults)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return (
                "\n".join(lines[1:number]),
                number + 1,
                _without_comments("\n".join(lines[number + 1 :]), number + 2, faults),
            )
    faults.append(Fault(1, "the header has no end", "close it with a second line of ---"))
    return "", 0, []


def _without_comments(text: str, first_line: int, faults: list[Fault]) -> list[str]:
    """The lines with comments taken out and every line in its place."""

    def blank(comment: re.Match[str]) -> str:
        if not comment[0].endswith("-->"):
            line = first_line + text.count("\n", 0, comment.start())
            faults.append(Fault(line, "the comment has no end", "close it with -->"))
        return "\n" * comment[0].count("\n")

    return _COMMENT.sub(blank, text).split("\n")


@dataclass
class _Body:
    """Reads the lines after the header one by one."""

    faults: list[Fault] = field(default_factory=list)
    _titles: list[str] = field(default_factory=lambda: [""])
    _steps: list[list[Step]] = field(default_factory=lambda: [[]])
    # The last line, if an unmarked line below may continue it.
    _open: Line | None = None
    # The rounds of the passage that is being read, and the line where it began.
    _rounds: list[list[Step]] = field(default_factory=list)
    _rounds_line: int = 0

    def read(self, lines: list[str], first_line: int) -> None:
        for number, raw in enumerate(lines, start=first_line):
            line = raw.strip()
            if not line:
                self._open = None
            elif line.startswith("#"):
                self._heading(line.lstrip("#").strip(), number)
            else:
                self._spoken_line(line, number)
        self._close_rounds()

    def check(self, header: Header) -> None:
        steps = [step for section in self.sections() for step in section.all_steps()]
        if not steps and not self.faults:
            self.faults.append(Fault(1, "the script says nothing", "write a line below the header"))
        for step in steps:
            if isinstance(step, Ask) and header.kind != "reflection":
                hint = "set kind: reflection in the header, or say it as a line"
                self.faults.append(Fault(step.line_number, "a prompt stands outside a reflection", hint))
            if isinstance(step, Line) and len(step.text) > LONGEST_LINE_CHARACTERS:
                self.faults.append(Fault(step.line_number, "the paragraph is too long", "break it with blank lines"))

    def sections(self) -> tuple[Section, ...]:
        pairs = zip(self._titles, self._steps, strict=True)
        return tuple(Section(title, tuple(steps)) for title, steps in pairs if steps)

    def _heading(self, title: str, number: int) -> None:
        self._open = None
        title = plain(title)
        if not title or len(title) > 100 or "{" in title or "}" in title:
            hint = "write a short title after #; a cue goes on its own line"
            self.faults.append(Fault(number, "the heading can't be used", hint))
        self._close_rounds()
        self._titles.append(title)
        self._steps.append([])

    def _spoken_line(self, line: str, number: int) -> None:
        mark = _MARKS.get(line[0], Importance.PLAIN)
        if mark is not Importance.PLAIN:
            line = line[1:].lstrip()
            self._open = None
            if line.startswith(tuple(_MARKS)) and not line.startswith("!["):
                hint = "keep one: > for spoken with more guidance only, ! for spoken always"
                self.faults.append(Fault(number, "the line has two marks", hint))
                return
        item = _ITEM.match(line)
        if item:
            line, self._open = line[item.end() :], None
        after_text = False
        for piece in _PIECES.finditer(line):
            cue, text, brace = piece.groups()
            if text is not None:
                after_text = self._text(text, mark, number) or after_text
                continue
            self._open = None
            if brace:
                self._stray_brace(brace, number)
            else:
                self._cue(cue, mark, after_text, number)
        if mark is not Importance.PLAIN:
            self._open = None

    def _text(self, text: str, mark: Importance, number: int) -> bool:
        """Adds words to speak; False for a run without a letter or digit, such as a full stop after a cue."""
        words = plain(text)
        if not any(map(str.isalnum, words)):
            return False
        steps = self._place
        if self._open is not None and steps and steps[-1] is self._open:
            steps.pop()
            number = self._open.line_number
            words, text = f"{self._open.text} {words}", f"{self._open.written}\n{text}"
        self._open = Line(text=words, written=text, importance=mark, line_number=number)
        steps.append(self._open)
        return True

    def _cue(self, body: str, mark: Importance, after_text: bool, number: int) -> None:
        round_mark = read_mark(body)
        if round_mark:
            self._round_mark(round_mark, number)
            return
        try:
            self._place.append(read_cue(body, mark, after_text, number))
        except CueFault as fault:
            self.faults.append(Fault(number, fault.problem, fault.hint))

    @property
    def _place(self) -> list[Step]:
        """Where the next step goes."""
        return self._rounds[-1] if self._rounds else self._steps[-1]

    def _round_mark(self, mark: RoundMark, number: int) -> None:
        if mark is RoundMark.ROUND:
            self._rounds_line = self._rounds_line if self._rounds else number
            self._rounds.append([])
        elif self._rounds:
            self._close_rounds(again=mark is RoundMark.AGAIN)
        else:
            self.faults.append(Fault(number, f"{{{mark.value}}} ends no rounds", "put {round} before it"))

    def _close_rounds(self, *, again: bool = False) -> None:
        rounds, self._rounds = self._rounds, []
        if any(not steps for steps in rounds):
            self.faults.append(Fault(self._rounds_line, "a round is empty", "write a line behind each {round}"))
        if any(isinstance(step, Ask) for steps in rounds for step in steps):
            hint = "put it before the first {round}, or behind {go on}"
            self.faults.append(Fault(self._rounds_line, "a prompt stands in a round", hint))
        if rounds:
            passage = tuple(tuple(steps) for steps in rounds if steps)
            self._steps[-1].append(Rounds(rounds=passage, again=again, line_number=self._rounds_line))

    def _stray_brace(self, brace: str, number: int) -> None:
        if brace == "{":
            self.faults.append(Fault(number, "a brace isn't closed", "end the cue with } on the same line"))
        else:
            self.faults.append(Fault(number, "a brace isn't opened", "begin the cue with { or take the } away"))
