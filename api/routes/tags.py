"""Tags: what is in use, and the person's yes and no."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter

from api.dependencies import Journal
from api.schemas import TagName
from journal.entry import Entry, Period, TagCount, TagHistory, TagKind, TagLessons

router = APIRouter(tags=["tags"])


@router.get("/tags")
def tags(notebook: Journal) -> tuple[TagCount, ...]:
    """All tags in use, the most used first."""
    return notebook.tags()


@router.get("/tags/{name}")
def tag_history(notebook: Journal, name: TagName, by: Period = "month") -> TagHistory:
    """When a tag was used, and with which others."""
    return notebook.tag_history(name, by)


# All that is left of the address is the name, so that one with a slash is refused as a name.
@router.put("/entries/{entry_id}/tags/{name:path}")
def tag(notebook: Journal, entry_id: str, name: TagName, kind: TagKind | None = None) -> Entry:
    """Gives an entry a tag, or says yes to a suggested one."""
    return notebook.tag(entry_id, name, kind)


@router.delete("/entries/{entry_id}/tags/{name}")
def untag(notebook: Journal, entry_id: str, name: TagName) -> Entry:
    """Takes a tag away; a suggestion that was refused does not come back."""
    return notebook.untag(entry_id, name)


@router.get("/lessons")
def lessons(notebook: Journal) -> tuple[TagLessons, ...]:
    """What later suggestions learn from: how often you said yes and no to each tag."""
    return notebook.lessons()


@router.delete("/lessons", status_code=HTTPStatus.NO_CONTENT)
def forget_lessons(notebook: Journal) -> None:
    """Suggestions are as they were before you decided anything. Your tags stay."""
    notebook.forget_lessons()


@router.delete("/lessons/{name}", status_code=HTTPStatus.NO_CONTENT)
def forget_lesson(notebook: Journal, name: TagName) -> None:
    """The same for one tag."""
    notebook.forget_lessons(name)
