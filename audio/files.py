"""Reading any file a phone or browser makes, and writing what people can play. The one door to ``av`` (FFmpeg)."""

from __future__ import annotations

import os
import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EDQUOT, ENOSPC
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from audio.clip import AudioClip
from core.errors import DiskFull, OutbreathError, UnknownAudioFormat, UnreadableAudio, UnreadableFile

WAV_HEADER_BYTES = 44
LONGEST_WAV_BYTES = 2**32 - 1

# A damaged file may have packets that cannot be decoded; one with this many in a row has nothing more to give.
MOST_FAULTS_IN_A_ROW = 200


@dataclass(frozen=True, slots=True)
class AudioFormat:
    """How files of one ending are written. ``bit_rate``: bits per second, enough for mono speech over a bed."""

    media_type: str
    container: str
    codec: str
    sample_format: str
    bit_rate: int | None = None


FORMATS: dict[str, AudioFormat] = {
    "wav": AudioFormat("audio/wav", "wav", "pcm_s16le", "s16"),
    "mp3": AudioFormat("audio/mpeg", "mp3", "libmp3lame", "fltp", 96_000),
    "ogg": AudioFormat("audio/ogg", "ogg", "libopus", "flt", 64_000),
    "opus": AudioFormat("audio/ogg", "opus", "libopus", "flt", 64_000),
    "m4a": AudioFormat("audio/mp4", "ipod", "aac", "fltp", 96_000),
    "flac": AudioFormat("audio/flac", "flac", "flac", "s16"),
}


def format_of(path: Path) -> str:
    """The format that a file's ending asks for.

    Raises:
        UnknownAudioFormat: it is none of ``FORMATS``.
    """
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise UnknownAudioFormat(tuple(FORMATS))
    return ending


# --- Reading -----------------------------------------------------------------------------------------------------


def decode(source: Path | BinaryIO, sample_rate: int = 16_000) -> Iterator[AudioClip]:
    """The sound of a file in mono blocks, channels averaged, never much of it in memory.

    A file that is damaged in the middle gives what can be heard around the damage.

    Raises:
        UnreadableFile: there is no such file, or it may not be read.
        UnreadableAudio: there is no sound in it that can be read.
    """
    heard = False
    with _opened(source) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise UnreadableAudio
        for clip in _resampled(_frames(container, stream), sample_rate):
            heard = True
            yield clip
    if not heard:
        raise UnreadableAudio


@contextmanager
def _opened(source: Path | BinaryIO) -> Iterator[Any]:
    import av

    try:
        file = source.open("rb") if isinstance(source, Path) else source
    except OSError:
        raise UnreadableFile from None
    try:
        try:
            # A file object, never a name: FFmpeg would take some names for addresses and playlists for more files.
            container = av.open(file, mode="r", metadata_errors="ignore", options={"protocol_whitelist": "pipe"})
        except OutbreathError:
            raise
        except Exception:  # noqa: BLE001 - FFmpeg and its binding have many ways to say that they cannot read
            raise UnreadableAudio from None
        with container:
            yield container
    finally:
        if isinstance(source, Path):
            file.close()


def _frames(container: Any, stream: Any) -> Iterator[Any]:
    """Decoded frames; packets that cannot be decoded are passed over."""
    faults = 0
    packets = container.demux(stream)
    while faults < MOST_FAULTS_IN_A_ROW:
        try:
            packet = next(packets)
            frames = packet.decode()
        except StopIteration:
            return
        except OutbreathError:
            raise
        except Exception:  # noqa: BLE001 - as above; the binding raises what FFmpeg answers, in many classes
            faults += 1
            continue
        if frames:
            faults = 0
        yield from frames


def _resampled(frames: Iterable[Any], sample_rate: int) -> Iterator[AudioClip]:
    import av

    resampler: Any = None
    shape: Any = None
    for frame in frames:
        if not frame.samples or not frame.sample_rate:
            continue
        # Streams may change their rate or channels on the way, as joined MP3 files do.
        if shape != (shape := (frame.format.name, frame.layout.name, frame.sample_rate)):
            yield from _drained(resampler, sample_rate)
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=sample_rate)
        frame.pts = None
        try:
            yield from _clips(resampler.resample(frame), sample_rate)
        except (av.FFmpegError, ValueError):
            resampler = shape = None
    yield from _drained(resampler, sample_rate)


def _drained(resampler: Any, sample_rate: int) -> Iterator[AudioClip]:
    if resampler is not None:
        yield from _clips(resampler.resample(None), sample_rate)


def _clips(frames: Iterable[Any], sample_rate: int) -> Iterator[AudioClip]:
    for frame in frames:
        if frame.samples:
            samples = np.nan_to_num(frame.to_ndarray()[0].astype(np.float32), posinf=1.0, neginf=-1.0)
            yield AudioClip(np.clip(samples, -1.0, 1.0), sample_rate)


# --- Writing -----------------------------------------------------------------------------------------------------


def wav_header(frames: int, sample_rate: int, channels: int) -> bytes:
    """The 44 bytes before ``frames`` frames of 16 bit samples. Beyond 4 GiB the length says "until the end"."""
    data_bytes = frames * channels * 2
    total = min(data_bytes + WAV_HEADER_BYTES - 8, LONGEST_WAV_BYTES)
    return b"RIFF" + struct.pack(
        "<I4s4sIHHIIHH4sI",
        total,
        b"WAVE",
        b"fmt ",
        16,
        1,
        channels,
        sample_rate,
        sample_rate * channels * 2,
        channels * 2,
        16,
        b"data",
        min(data_bytes, LONGEST_WAV_BYTES),
    )


def encode(blocks: Iterable[AudioClip], target: Path | BinaryIO, format_name: str) -> None:
    """Writes blocks of one format, in order, and at least one. A path gets the whole file or nothing.

    Raises:
        UnknownAudioFormat: not one of ``FORMATS``.
        DiskFull, UnreadableFile: the file cannot be written.
    """
    if format_name not in FORMATS:
        raise UnknownAudioFormat(tuple(FORMATS))
    with _written(target) as file:
        _encode(blocks, file, FORMATS[format_name])


@contextmanager
def _written(target: Path | BinaryIO) -> Iterator[BinaryIO]:
    """The target itself, or a file beside it that takes its name once it is whole."""
    if not isinstance(target, Path):
        yield target
        return
    unfinished: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        unfinished = Path(name)
        with os.fdopen(handle, "w+b") as file:
            yield file
        unfinished.chmod(0o644)
        unfinished.replace(target)
    except OSError as fault:
        if fault.errno in (ENOSPC, EDQUOT):
            raise DiskFull from None
        raise UnreadableFile from None
    finally:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)


def _encode(blocks: Iterable[AudioClip], file: BinaryIO, chosen: AudioFormat) -> None:
    import av

    several = iter(blocks)
    first = next(several)
    layout = "mono" if first.channels == 1 else "stereo"
    with av.open(file, mode="w", format=chosen.container) as container:
        stream: Any = container.add_stream(chosen.codec, rate=first.sample_rate, layout=layout)
        stream.format = chosen.sample_format
        if chosen.bit_rate:
            stream.bit_rate = chosen.bit_rate
        stream.time_base = Fraction(1, first.sample_rate)
        resampler = av.AudioResampler(chosen.sample_format, layout, first.sample_rate)
        at_frame = 0
        for clip in chain([first], several):
            frame = av.AudioFrame.from_ndarray(_interleaved(clip), format="flt", layout=layout)
            frame.sample_rate, frame.pts, frame.time_base = clip.sample_rate, at_frame, stream.time_base
            at_frame += clip.frames
            for converted in resampler.resample(frame):
                container.mux(stream.encode(converted))
        for converted in resampler.resample(None):
            container.mux(stream.encode(converted))
        container.mux(stream.encode(None))


def _interleaved(clip: AudioClip) -> Any:
    return np.ascontiguousarray(np.clip(clip.samples, -1.0, 1.0).reshape(1, -1))
