"""``tags``, ``tag``, ``suggest-tags``, ``lessons``."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from journal.entry import Period, TagHistory
from outbreath import wiring
from outbreath.present import AsJson, print_entry, print_json, print_json_line


def register(app: typer.Typer) -> None:
    """Adds the commands of this file."""
    app.command()(tags)
    # `-name` would be taken for an option, so unknown options come through as arguments; `-happy` is no call for help.
    app.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})(tag)
    app.command("suggest-tags")(suggest_tags)
    app.command()(lessons)


def tags(
    name: Annotated[str | None, typer.Argument(help="A tag, to see when it was used and with which others.")] = None,
    by: Annotated[Period, typer.Option(help="What its entries are counted by.")] = "month",
    as_json: AsJson = False,
) -> None:
    """All tags in use, with the number of their entries; or the history of one."""
    notebook = wiring.from_environment().notebook
    if name is not None:
        _tell_history(notebook.tag_history(name, by), as_json)
        return
    counts = notebook.tags()
    if as_json:
        print_json(counts)
        return
    for count in counts:
        typer.echo(f"{count.count:6}  {count.name} ({count.kind})")


def _tell_history(history: TagHistory, as_json: bool) -> None:
    if as_json:
        print_json(history)
        return
    typer.echo(f"{history.name} ({history.kind}): {history.count}")
    for period in history.timeline:
        typer.echo(f"{period.count:6}  {period.since}")
    if history.together:
        typer.echo("Together with: " + ", ".join(f"{other.name} ({other.count})" for other in history.together))


def tag(
    entry_id: Annotated[str, typer.Argument(metavar="ID")],
    changes: Annotated[list[str], typer.Argument(metavar="+name -name", help="Tags to give and to take away.")],
    as_json: AsJson = False,
) -> None:
    """Gives an entry tags and takes tags away. Your word counts, whatever was suggested."""
    if not all(_is_change(change) for change in changes):
        raise typer.BadParameter("write each tag as +name or -name")
    notebook = wiring.from_environment().notebook
    entry = notebook.entry(entry_id)
    for change in changes:
        entry = (notebook.tag if change[0] == "+" else notebook.untag)(entry_id, change[1:])
    if as_json:
        print_json(entry)
    else:
        print_entry(entry)


def _is_change(text: str) -> bool:
    return text[:1] in ("+", "-") and not text.startswith("--") and bool(text[1:].strip())


def suggest_tags(
    text: Annotated[str, typer.Argument(help="The words; `-` reads one text per line.")],
    as_json: AsJson = False,
) -> None:
    """Suggests tags with the words that earned them. Nothing is stored."""
    tagger = wiring.from_environment().tagger
    if text == "-":
        for line in sys.stdin:
            print_json_line({"tags": tagger.suggest(line.rstrip("\n"))})
        return
    suggested = tagger.suggest(text)
    if as_json:
        print_json({"tags": suggested})
        return
    for one in suggested:
        reason = ", ".join(f"“{span.text}”" for span in one.evidence)
        typer.echo(f"{one.name} ({one.kind}, {one.confidence:.2f}): {reason}")


def lessons(
    forget: Annotated[str | None, typer.Option(metavar="NAME", help="A tag whose examples no longer count.")] = None,
    forget_all: Annotated[bool, typer.Option("--forget-all", help="No example counts any more.")] = False,
    as_json: AsJson = False,
) -> None:
    """What suggestions learn from: how often you said yes and no to each tag. To forget it takes no tag away."""
    notebook = wiring.from_environment().notebook
    if forget is not None or forget_all:
        notebook.forget_lessons(None if forget_all else forget)
    found = notebook.lessons()
    if as_json:
        print_json(found)
        return
    for tag in found:
        typer.echo(f"{tag.yes:6} yes {tag.no:6} no  {tag.name} ({tag.kind})")
