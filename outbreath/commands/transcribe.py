"""``transcribe``: text only, nothing stored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from core.errors import OutbreathError
from core.transcript import Transcript
from outbreath import wiring
from outbreath.present import AsJson, Language, print_json_line, tell_failure


def register(app: typer.Typer) -> None:
    """Adds the command of this file."""
    app.command()(transcribe)


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="Recordings in any format that a phone or browser makes.")],
    model: Annotated[str | None, typer.Option(help="base, tiny.en, or a folder with a CTranslate2 Whisper.")] = None,
    language: Language = None,
    as_json: AsJson = False,
) -> int:
    """Prints what is said in recordings. The model is loaded once for all of them."""
    outbreath = wiring.from_environment(speech_model=model, language=language)
    failed = False
    for file in files:
        try:
            transcript = outbreath.transcribe_file(file)
        except OutbreathError as error:
            failed = True
            tell_failure(file, error, as_json)
            continue
        if as_json:
            print_json_line(_answer(file, transcript))
        else:
            typer.echo(transcript.text or "No speech heard.")
    return 1 if failed else 0


def _answer(file: Path, transcript: Transcript) -> dict[str, Any]:
    return {"file": str(file)} | transcript.model_dump(mode="json") | {"no_speech": transcript.no_speech}
