"""The command line: one file per command in ``outbreath/commands``, errors told here.

Exit codes: 0 done, 1 expected failure, 2 wrong usage, 70 our bug (EX_SOFTWARE of sysexits.h), 130 interrupted;
129 and 143 where a terminal that was closed, or another program, ended what was being written.
"""

from __future__ import annotations

import io
import logging
import os
import sys

import typer
from typer.exceptions import TyperException

from core.errors import OutbreathError, UsageError
from outbreath.commands import (
    cache,
    config,
    doctor,
    entries,
    exporting,
    keys,
    phones,
    recordings,
    scripts,
    search,
    serve,
    sessions,
    speak,
    tags,
    transcribe,
    vocabulary,
    voices,
)

EXIT_CODES: dict[type[OutbreathError], int] = {UsageError: 2, OutbreathError: 1}
EXIT_BUG = 70
EXIT_INTERRUPTED = 130

app = typer.Typer(
    help="A private voice companion: guided sessions, spoken reflections, all on this machine.",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (
    serve,
    sessions,
    speak,
    recordings,
    entries,
    search,
    tags,
    transcribe,
    exporting,
    keys,
    doctor,
    config,
    vocabulary,
    scripts,
    voices,
    cache,
    phones,
):
    room.register(app)


@app.callback()
def start(context: typer.Context) -> None:
    """Without a command: starts the server and opens the page."""
    if context.invoked_subcommand is None:
        context.invoke(serve.serve)


def main(arguments: list[str] | None = None) -> None:
    """Runs the command line and exits with one of the codes above."""
    _take_text_as_it_comes()
    try:
        code = run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _take_text_as_it_comes() -> None:
    """No byte that is not UTF-8 ends a command, in what is read or in the name of a file."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def run(arguments: list[str] | None = None) -> int:
    """Runs one command and gives its exit code; tells errors in two lines on standard error."""
    try:
        result = typer.main.get_command(app).main(arguments, prog_name="outbreath", standalone_mode=False)
    except OutbreathError as error:
        return _tell(error.message, error.next_step, exit_code(error))
    except TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "outbreath"
        return _tell(error.format_message(), f"See: {command} --help", error.exit_code)
    except typer.Abort:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as bug:  # noqa: BLE001 - the last line of defence: no traceback with words of the person in it
        logging.getLogger(__name__).error("bug: %s", type(bug).__name__)
        if os.environ.get("OUTBREATH_LOG_LEVEL") == "debug":
            logging.getLogger(__name__).error("%s", _where(bug))
        return _tell("Something in Outbreath is broken.", "Run: outbreath doctor. Nothing you said is lost.", EXIT_BUG)
    return result if isinstance(result, int) else 0


def exit_code(error: OutbreathError) -> int:
    """The code of the nearest class in the table."""
    return next(EXIT_CODES[kind] for kind in type(error).__mro__ if kind in EXIT_CODES)


def _tell(message: str, next_step: str, code: int) -> int:
    typer.echo(message, err=True)
    typer.echo(next_step, err=True)
    return code


def _where(bug: BaseException) -> str:
    """Files and lines of a traceback, without messages or values, which may hold the person's words."""
    places = []
    step = bug.__traceback__
    while step is not None:
        places.append(f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}")
        step = step.tb_next
    return " > ".join(places)
