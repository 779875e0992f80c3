"""An entry as a page that anybody can read, in any program, in any year."""

from __future__ import annotations

import json
from collections.abc import Iterator

from journal.entry import Entry


def page(entry: Entry, audio: str | None) -> str:
    """The entry as Markdown: a header of names and values (YAML), its text, its answers.

    ``audio``: where its recording lies, as seen from the page; None if there is none.
    """
    parts = ["---", *_header(entry, audio), "---", "", f"# {_title(entry)}", ""]
    if entry.text:
        parts += [entry.text, ""]
    for answer in entry.answers:
        parts += [f"## {' '.join(answer.prompt.split())}", "", answer.text, ""]
    if entry.original_text != entry.text:
        parts += ["## As it was first written down", "", entry.original_text, ""]
    return "\n".join(parts)


def _header(entry: Entry, audio: str | None) -> Iterator[str]:
    values = {
        "id": entry.id,
        "state": entry.state.value,
        "spoken_at": entry.spoken_at.isoformat(),
        "shift_day": entry.shift_day.isoformat(),
        "guide": entry.guide,
        "duration_seconds": entry.duration_seconds,
        "language": entry.language,
        "mood_before": entry.mood_before,
        "mood_after": entry.mood_after,
        "goal": entry.goal_id,
        "tags": [tag.name for tag in entry.tags] or None,
        "audio": audio,
    }
    # JSON values are YAML values, quoted wherever that is needed.
    return (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value is not None)


def _title(entry: Entry) -> str:
    at = entry.spoken_at
    return f"{at:%A}, {at.day} {at:%B} {at.year}, {at:%H:%M}"
