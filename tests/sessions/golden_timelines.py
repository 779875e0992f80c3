"""Timelines of the shipped sessions as text. ``python -m tests.sessions.golden_timelines`` writes them down anew."""

from __future__ import annotations

from pathlib import Path

from sessions.durations import planned_seconds
from sessions.script_files import shipped_scripts
from sessions.timeline import plan

FOLDER = Path(__file__).parent / "golden"


def as_text(slug: str) -> str:
    """A session at its default length with everything said, one cue a line."""
    script = shipped_scripts()[slug]
    timeline = plan(script, script.minutes.default, "more", planned_seconds("joe").__getitem__)
    return "".join(
        f"{cue.start:9.3f} {cue.end:9.3f}  {cue.phase or cue.kind:9} {cue.text}".rstrip() + "\n"
        for cue in timeline.cues
    )


if __name__ == "__main__":
    for name in shipped_scripts():
        (FOLDER / f"{name}.txt").write_text(as_text(name), encoding="utf-8")
