"""The door to PyAV (FFmpeg): what files hold, frame by frame, and encoding them.

FFmpeg is given a plain stream of bytes: it never learns a name and opens nothing else (playlists and references to
other files are not followed), and a hostile file is held to a budget of reads.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

import numpy as np

from audio.clip import AudioClip, Samples
from core.errors import OutbreathError, UnreadableAudio

if TYPE_CHECKING:
    import av
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer

# Containers that hold sound. Anything else that FFmpeg knows (playlists, subtitles, images, text) is not ours to open.
_CONTAINERS = (
    "wav,w64,aiff,caf,au,flac,ogg,matroska,webm,mov,mp4,m4a,3gp,mp3,aac,loas,latm,amr,amrnb,amrwb,"
    "asf,avi,flv,mpeg,mpegts,ac3,eac3,wv,ape,tta"
)
_MP3_BEGINNING_BYTES = 512 * 1024
"""Before the first sound of an MP3 there may be a picture."""

_SAMPLE_RATES_HZ = range(1_000, 768_001)

# A file is read about once; seeking about in a badly interleaved video costs more. Beyond this it goes in circles.
_READS_PER_BYTE = 100
_READS_AT_LEAST_BYTES = 64 * 1024 * 1024


class Piece(NamedTuple):
    """A stretch of mono sound as it lay in the file; shape (frames,)."""

    samples: Samples
    sample_rate: int


class Recipe(NamedTuple):
    """How FFmpeg writes a format: names of container, encoder and sample format."""

    container: str
    codec: str
    sample_format: str
    kbit_per_channel: int | None


def mono_pieces(file: BinaryIO) -> Iterator[Piece]:
    """Every frame of the file's main audio stream that can be decoded; a damaged packet is passed over.

    Raises:
        UnreadableAudio: it is no file of sound.
        OSError, OutbreathError: the stream's own, after all that could be read before.
    """
    with _container(file) as (container, reader):
        yield from _decoded(container, _audio_stream(container))
    if reader.failure:
        raise reader.failure


def promised_seconds(file: BinaryIO) -> float | None:
    """How much sound the file says it holds, where it says so itself: FLAC, MP4, and MP3 with a table of contents.

    Raises:
        UnreadableAudio: it is no file of sound.
        OSError, OutbreathError: the stream's own.
    """
    file.seek(0)
    beginning = file.read(_MP3_BEGINNING_BYTES)
    with _container(file) as (container, _):
        stream = _audio_stream(container)
        names = set(container.format.name.split(","))
        says = names & {"flac", "mp4"} or ("mp3" in names and any(mark in beginning for mark in (b"Xing", b"Info")))
        if not says or stream.duration is None or stream.time_base is None:
            return None
        return float(stream.duration * stream.time_base)


def _decoded(container: InputContainer, stream: AudioStream) -> Iterator[Piece]:
    failures = _failures()
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except failures:
            break
        try:
            pieces = [_piece(frame) for frame in packet.decode()]
        except failures:
            continue
        yield from pieces
    # The container broke off; the decoder may still hold the last frames before that.
    try:
        yield from [_piece(frame) for frame in stream.codec_context.decode(None)]
    except failures:
        return


def write(blocks: Iterable[AudioClip], file: BinaryIO, recipe: Recipe) -> None:
    """Encodes blocks of one format into a seekable stream, which stays open.

    Raises:
        OSError: the stream's own, when it cannot be written to.
    """
    import av

    coming = iter(blocks)
    first = next(coming, AudioClip.silence(0, 48_000))
    stays_open = _StaysOpen(file)
    try:
        # MP4 counts its length in milliseconds unless told otherwise.
        options = {"movie_timescale": str(first.sample_rate)} if recipe.container == "ipod" else {}
        with av.open(stays_open, mode="w", format=recipe.container, options=options) as container:
            _encode(container, chain([first], coming), first, recipe)
    except Exception:
        # Closing tries to write once more; what FFmpeg says of that hides why the first time failed.
        if stays_open.failure:
            raise stays_open.failure from None
        raise
    if stays_open.failure:
        raise stays_open.failure


def _encode(container: OutputContainer, blocks: Iterable[AudioClip], first: AudioClip, recipe: Recipe) -> None:
    import av

    layout = "stereo" if first.channels == 2 else "mono"
    rate = _encoder_rate(recipe.codec, first.sample_rate)
    stream = cast("AudioStream", container.add_stream(recipe.codec, rate=rate))
    stream.codec_context.layout = layout
    stream.codec_context.format = recipe.sample_format
    if recipe.kbit_per_channel:
        # Low sample rates know no high bit rates.
        stream.bit_rate = first.channels * min(recipe.kbit_per_channel * 1000, 2 * first.sample_rate)
    position = 0
    for block in blocks:
        if block.frames:
            frame = av.AudioFrame.from_ndarray(block.samples.reshape(1, -1), "flt", layout)
            frame.sample_rate = block.sample_rate
            frame.time_base = Fraction(1, block.sample_rate)
            frame.pts = position
            position += block.frames
            container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


class _BudgetedReader:
    """A stream of bytes without a name, which ends early when far more is read than there is.

    It ends early when reading fails, too, and keeps the failure: FFmpeg reads ahead and would give up what it has.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | OutbreathError | None = None
        size_bytes = file.seek(0, io.SEEK_END)
        file.seek(0)
        self._left_bytes = max(size_bytes * _READS_PER_BYTE, _READS_AT_LEAST_BYTES)

    def read(self, count: int) -> bytes:
        self._left_bytes -= count
        if self.failure or self._left_bytes <= 0:
            return b""
        try:
            return self._file.read(count)
        except (OSError, OutbreathError) as failure:
            self.failure = failure
            return b""

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()


@contextmanager
def _container(file: BinaryIO) -> Iterator[tuple[InputContainer, _BudgetedReader]]:
    import av

    reader = _BudgetedReader(file)
    try:
        options = {"format_whitelist": _CONTAINERS}
        container = av.open(reader, mode="r", options=options, metadata_errors="replace")
    except _failures() as failure:
        raise (reader.failure or UnreadableAudio()) from failure
    with container:
        yield container, reader


def _failures() -> tuple[type[Exception], ...]:
    """What PyAV raises on damaged data: FFmpeg's own errors, and Python's where it meets impossible values."""
    import av

    return (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError, MemoryError, RuntimeError, EOFError)


def _audio_stream(container: InputContainer) -> AudioStream:
    """FFmpeg's choice among the audio streams (the default one, the one with most in it) that can be decoded."""
    best = container.streams.best("audio")
    for stream in (best, *container.streams.audio):
        if stream is not None and stream.codec_context is not None:
            return cast("AudioStream", stream)
    raise UnreadableAudio


def _piece(frame: av.AudioFrame) -> Piece:
    """One frame, typically of 20 ms, so this stays cheap; a block of them is tidied up at once, later."""
    if frame.sample_rate not in _SAMPLE_RATES_HZ:
        raise ValueError("no sound has this sample rate")
    channels = frame.layout.nb_channels
    samples = frame.to_ndarray()
    if not frame.format.is_planar:
        samples = samples.reshape(-1, channels).T
    mean = samples[0] if channels == 1 else np.add.reduce(samples, axis=0, dtype=np.float64) / channels
    mono = mean.astype(np.float32)
    if samples.dtype.kind == "i":
        mono *= np.float32(0.5 ** (8 * samples.itemsize - 1))
    elif samples.dtype == np.uint8:
        mono = mono / np.float32(128.0) - np.float32(1.0)
    return Piece(mono, frame.sample_rate)


def _encoder_rate(codec: str, sample_rate: int) -> int:
    """The sample rate itself if the encoder takes it, else the next higher it takes, else its highest."""
    import av

    rates = av.Codec(codec, "w").audio_rates or [sample_rate]
    return min((rate for rate in rates if rate >= sample_rate), default=max(rates))


class _StaysOpen:
    """A stream that PyAV may write and seek but not close; it keeps the first failure.

    Only that one is raised: PyAV prints those that follow, when it closes what it could not write. From then on
    nothing is written any more, and all seems well.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, data: bytes) -> int:
        return self._tried(lambda: self._file.write(data), len(data))

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._tried(lambda: self._file.seek(offset, whence), 0)

    def tell(self) -> int:
        return self._tried(self._file.tell, 0)

    def _tried(self, act: Callable[[], int], otherwise: int) -> int:
        if self.failure:
            return otherwise
        try:
            return act()
        except OSError as failure:
            self.failure = failure
            raise
