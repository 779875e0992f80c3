"""Reading any file that a phone or a browser makes, and writing the formats people play."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np

from audio import ffmpeg, wav
from audio.clip import AudioClip, Samples
from audio.ffmpeg import Piece, Recipe
from audio.resampling import Resampler
from audio.wav import wav_bytes, wav_header
from core.errors import DiskFull, UnknownAudioFormat, UnreadableAudio, UnreadableFile, UnwritableFile

__all__ = ["FORMATS", "decode", "encode", "expect_writable", "promised_seconds", "wav_bytes", "wav_header"]

FORMATS: Final = {
    "wav": "audio/wav",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg; codecs=opus",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
}
"""What can be written: ending without its dot, and media type."""

BLOCK_SECONDS = 0.5
LONGEST_SECONDS = 24 * 3600
"""No recording of a person is longer; a small hostile file can claim to be."""

ANYBODYS = 0o666
"""Access to a file as it is usually made; the umask takes from it what it takes everywhere."""

OWNER_ONLY = 0o600

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_RECIPES: Final = {
    "mp3": Recipe("mp3", "libmp3lame", "fltp", 96),
    "ogg": Recipe("ogg", "libopus", "flt", 64),
    "opus": Recipe("opus", "libopus", "flt", 64),
    "m4a": Recipe("ipod", "aac", "fltp", 96),
    "flac": Recipe("flac", "flac", "s16", None),
}


def decode(source: Path | BinaryIO, sample_rate: int = 16_000) -> Iterator[AudioClip]:
    """The sound of a file as mono blocks of about half a second at ``sample_rate`` Hz, in bounded memory.

    Channels are averaged. What is damaged is left out and what is whole still comes, as long as there is any; a file
    that is valid but holds not one sample counts as unreadable, since nobody hands in nothing on purpose.

    Args:
        source: a path, or a seekable binary stream, read from its start; it stays open.
        sample_rate: Hz of the blocks.

    Raises:
        UnreadableFile: the path is missing, no regular file, or not ours to read.
        UnreadableAudio: there is no sound in it, or it claims to be longer than a day.
        OutbreathError: the stream's own, after the sound that came before.
    """
    longest_frames = LONGEST_SECONDS * sample_rate
    frames = 0
    with _opened(source) as file:
        for samples in _resampled(ffmpeg.mono_pieces(file), sample_rate):
            frames += len(samples)
            if frames > longest_frames:
                raise UnreadableAudio
            if len(samples):
                yield AudioClip(samples, sample_rate)
    if frames == 0:
        raise UnreadableAudio


def promised_seconds(path: Path) -> float | None:
    """How much sound a file says it holds, whether it is there or not; None for formats that only let it be guessed.

    Raises:
        UnreadableFile: the path is missing, no regular file, or not ours to read.
        UnreadableAudio: it is no file of sound.
    """
    with _opened(path) as file:
        return ffmpeg.promised_seconds(file)


def expect_writable(target: Path, form: str) -> None:
    """Looks whether a file of that format can be put there, before anybody takes the trouble of making it.

    Raises:
        UnknownAudioFormat, UnwritableFile: as ``encode``.
    """
    _known_format(form)
    try:
        taken = not stat.S_ISREG(target.stat().st_mode)
    except FileNotFoundError:
        taken = False
    except (OSError, ValueError):  # a name that is too long, or has a zero byte in it
        raise UnwritableFile from None
    if taken or not target.parent.is_dir() or not os.access(target.parent, os.W_OK | os.X_OK):
        raise UnwritableFile


def encode(blocks: Iterable[AudioClip], target: Path | BinaryIO, form: str, access: int = ANYBODYS) -> None:
    """Writes blocks of one format (sample rate, channels) as a file, as they come.

    The file gives back as many frames as went in; mp3 at most 46 more, m4a rounded up to its own frames of 1,024.

    Args:
        blocks: at least one.
        target: a path, written beside it and put in place when whole; or a seekable stream, which stays open.
        form: one of ``FORMATS``, in either case, with or without its dot.
        access: to a new file at a path; one that is replaced keeps its own.

    Raises:
        UnknownAudioFormat: ``form`` is none of them.
        DiskFull: nothing is left behind at a path.
        UnwritableFile: the folder is missing or not ours to write, or something else than a file is there.
    """
    form = _known_format(form)
    if isinstance(target, Path):
        expect_writable(target, form)
    with _written(target, access) as file:
        if form == "wav":
            wav.write(blocks, file)
        else:
            ffmpeg.write(blocks, file, _RECIPES[form])


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[BinaryIO]:
    if not isinstance(source, Path):
        source.seek(0)
        yield source
        return
    try:
        # Looked at before it is opened: opening a named pipe would wait for someone to write to it.
        if not stat.S_ISREG(source.stat().st_mode):
            raise UnreadableFile
        file = source.open("rb")
    except (OSError, ValueError):  # ValueError: a name with a zero byte in it
        raise UnreadableFile from None
    with file:
        try:
            yield file
        except OSError:  # the disk fails in the middle
            raise UnreadableFile from None


def _resampled(pieces: Iterator[Piece], sample_rate: int) -> Iterator[Samples]:
    """Pieces gathered to blocks at one rate. A chained file may change its own rate on the way."""
    resampler, from_hz = Resampler(sample_rate, sample_rate), sample_rate
    gathered: list[Samples] = []
    frames = 0
    for piece in pieces:
        changes = piece.sample_rate != from_hz
        if changes or frames >= BLOCK_SECONDS * from_hz:
            yield resampler.convert(_tidied(gathered), last=changes)
            gathered, frames = [], 0
        if changes:
            resampler, from_hz = Resampler(piece.sample_rate, sample_rate), piece.sample_rate
        gathered.append(piece.samples)
        frames += len(piece.samples)
    yield resampler.convert(_tidied(gathered), last=True)


def _tidied(pieces: list[Samples]) -> Samples:
    """One block of finite samples within full scale, whatever a damaged file of floats holds."""
    samples = np.concatenate([np.empty(0, np.float32), *pieces])
    finite: Samples = np.nan_to_num(samples, copy=False, nan=0.0)
    return np.clip(finite, -1.0, 1.0)


def _known_format(form: str) -> str:
    form = form.lower().removeprefix(".")
    if form not in FORMATS:
        raise UnknownAudioFormat([f".{known}" for known in FORMATS])
    return form


@contextmanager
def _written(target: Path | BinaryIO, access: int) -> Iterator[BinaryIO]:
    """The stream to write to; a path appears only when everything is in it."""
    try:
        if isinstance(target, Path):
            with _put_in_place(target, access) as file:
                yield file
        else:
            yield target
    except OSError as failure:
        raise (DiskFull if failure.errno in _NO_SPACE else UnwritableFile)() from failure


@contextmanager
def _put_in_place(target: Path, access: int) -> Iterator[BinaryIO]:
    # The longest name a disk takes leaves no room for more.
    unfinished = target.parent / f".{target.name[:40]}.{secrets.token_hex(4)}.part"
    # Not by tempfile, whose files are for their owner only, whatever the umask says.
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), access)
    try:
        with suppress(OSError):  # nothing is replaced, or this disk knows no rights
            unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
