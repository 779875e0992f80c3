"""The sound card. The door to sounddevice (PortAudio).

PortAudio is loaded only when it is used: without it everything else works, and the sound card itself says so.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from types import ModuleType
from typing import Any, Literal, NamedTuple

import numpy as np

from audio.clip import AudioClip, Samples
from audio.devices import PlaybackControl
from audio.native_messages import silence
from audio.playback_queue import CHUNK_SECONDS, PlaybackQueue
from audio.resampling import Resampler
from core.errors import DeviceLost, NoMicrophone, NoSoundCard

MICROPHONE_BLOCK_SECONDS = 0.1
MICROPHONE_BUFFER_SECONDS = 0.2
"""Held by PortAudio while Python is busy, so that nothing spoken is dropped."""

SPEAKER_BLOCK_SECONDS = 0.05
SPEAKER_BUFFER_SECONDS = 0.25
"""Held by PortAudio, so that a busy machine leaves no gap; also how soon a pause is heard."""

TAIL_MARGIN_SECONDS = 4 * SPEAKER_BLOCK_SECONDS
"""PortAudio's stated latency leaves out the blocks it is just handing over."""

CHUNKS_BEFORE_START = 4
"""More than PortAudio takes at once when it starts."""

PATIENCE_SECONDS = 0.2
"""Playing starts with a full queue if sound is made so fast, else after this time."""

LOOK_SECONDS = 0.1
SILENT_DEVICE_SECONDS = 5.0
"""A device that has not asked for sound, or given any, for so long has gone, even if nobody said so."""

Missing = type[NoSoundCard] | type[NoMicrophone]
Heard = queue.SimpleQueue[Samples | None]

_scanning = threading.Lock()
_open_streams = 0


class _Format(NamedTuple):
    sample_rate: int
    channels: int


def device_names() -> tuple[str, ...]:
    """The names of all devices, as the settings take them.

    Raises:
        NoSoundCard: PortAudio is missing, or it finds no device.
    """
    names = tuple(str(device["name"]) for device in _sounddevice(NoSoundCard).query_devices())
    if not names:
        raise NoSoundCard
    return names


def look_again() -> None:
    """Has PortAudio look for devices anew, which it otherwise does only once; not while one is in use.

    Raises:
        NoSoundCard: PortAudio is missing.
    """
    sounddevice = _sounddevice(NoSoundCard)
    with _scanning:
        if _open_streams == 0:
            sounddevice._terminate()
            sounddevice._initialize()


class SoundCardSpeaker:
    """Plays on the sound card whose name contains ``device``, or on the system's choice."""

    def __init__(self, device: str | None = None) -> None:
        self._device = device

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
        control = control or PlaybackControl()
        coming = iter(blocks)
        first = next(coming, None)
        if first is None or control.stopped:
            return 0
        waiting, ended = PlaybackQueue(control, first.sample_rate), threading.Event()

        def callback(out: Samples, _frames: int, _time: Any, _status: Any) -> None:
            if waiting.pull(out):
                raise _sounddevice(NoSoundCard).CallbackStop

        wanted = _Format(first.sample_rate, first.channels)
        with _opened("output", self._device, wanted, callback, ended.set) as (stream, given):
            waiting.sample_rate = given.sample_rate
            control.delay_seconds = stream.latency
            waiting.tail_frames = round((stream.latency + TAIL_MARGIN_SECONDS) * given.sample_rate)
            chunks = _chunks(chain([first], coming), wanted, given)
            _play(stream, chunks, waiting, ended, control)
        return round(waiting.frames_played * wanted.sample_rate / given.sample_rate)


class SoundCardMicrophone:
    """Listens to the microphone whose name contains ``device``, or to the system's choice.

    Nothing is dropped when the listener is slow: what was heard waits, also after closing.
    """

    def __init__(self, device: str | None = None) -> None:
        self._device = device

    @contextmanager
    def listen(self, sample_rate: int) -> Iterator[Iterator[AudioClip]]:
        heard: Heard = queue.SimpleQueue()
        closing = threading.Event()

        def callback(samples: Samples, _frames: int, _time: Any, _status: Any) -> None:
            heard.put(samples.copy())

        with _opened("input", self._device, _Format(sample_rate, 1), callback, lambda: heard.put(None)) as (
            stream,
            given,
        ):
            _started(stream, NoMicrophone)
            try:
                yield _blocks(heard, closing, given, sample_rate)
            finally:
                closing.set()


def _play(
    stream: Any, chunks: Iterator[Samples], waiting: PlaybackQueue, ended: threading.Event, control: PlaybackControl
) -> None:
    """Feeds the queue and returns when the last of it has sounded."""
    watch = _Watch(waiting, ended)
    started = False
    late_seconds = time.monotonic() + PATIENCE_SECONDS
    for count, chunk in enumerate(chunks):
        if not started and (waiting.full or (count >= CHUNKS_BEFORE_START and time.monotonic() > late_seconds)):
            _started(stream, NoSoundCard)
            started = True
        while not control.stopped and not waiting.put(chunk, LOOK_SECONDS):
            watch.look()
        if control.stopped:
            break
    waiting.finish()
    if not started:
        _started(stream, NoSoundCard)
    while not ended.wait(LOOK_SECONDS):
        watch.look()
    if not waiting.over:
        raise DeviceLost


class _Watch:
    """Notices a sound card that no longer asks for sound."""

    def __init__(self, waiting: PlaybackQueue, ended: threading.Event) -> None:
        self._waiting = waiting
        self._ended = ended
        self._pulls = -1
        self._since_seconds = 0.0

    def look(self) -> None:
        now_seconds = time.monotonic()
        if self._waiting.pulls != self._pulls:
            self._pulls, self._since_seconds = self._waiting.pulls, now_seconds
        silent = now_seconds - self._since_seconds > SILENT_DEVICE_SECONDS
        if silent or (self._ended.is_set() and not self._waiting.over):
            raise DeviceLost


def _chunks(blocks: Iterable[AudioClip], wanted: _Format, given: _Format) -> Iterator[Samples]:
    """Sound as the device takes it, in pieces of one length (but for the last), shape (frames, channels)."""
    resampler = Resampler(wanted.sample_rate, given.sample_rate, wanted.channels)
    size = round(CHUNK_SECONDS * given.sample_rate)
    end = AudioClip(np.zeros((0, 2) if wanted.channels == 2 else 0, dtype=np.float32), wanted.sample_rate)
    gathered = np.zeros((0, given.channels), dtype=np.float32)
    for block in chain(blocks, [end]):
        if (block.sample_rate, block.channels) != wanted:
            raise ValueError("blocks to be played must share one format")
        samples = resampler.convert(block.samples, last=block is end).reshape(-1, wanted.channels)
        gathered = np.concatenate([gathered, np.broadcast_to(samples, (len(samples), given.channels))])
        whole = len(gathered) // size * size
        yield from (gathered[at : at + size] for at in range(0, whole, size))
        gathered = gathered[whole:]
    if len(gathered):
        yield gathered


def _blocks(heard: Heard, closing: threading.Event, given: _Format, sample_rate: int) -> Iterator[AudioClip]:
    """What was heard, until the device is closed or lost."""
    resampler = Resampler(given.sample_rate, sample_rate)
    while True:
        try:
            samples = heard.get(timeout=SILENT_DEVICE_SECONDS)
        except queue.Empty:
            samples = None
        if samples is None and not closing.is_set():
            raise DeviceLost
        last = samples is None
        mono = np.zeros(0, dtype=np.float32) if samples is None else samples.mean(axis=1, dtype=np.float32)
        converted = resampler.convert(mono, last)
        if len(converted):
            yield AudioClip(converted, sample_rate)
        if last:
            return


def _sounddevice(missing: Missing) -> ModuleType:
    try:
        import sounddevice
    except OSError:  # PortAudio's library is not on this machine
        raise missing from None
    silence()
    return sounddevice  # type: ignore[no-any-return]


@contextmanager
def _opened(
    kind: Literal["input", "output"],
    device: str | None,
    wanted: _Format,
    callback: Callable[[Samples, int, Any, Any], None],
    ended: Callable[[], None],
) -> Iterator[tuple[Any, _Format]]:
    """A stream that is open but not started, and the format the device takes; ``ended`` is called when it stops."""
    global _open_streams  # noqa: PLW0603 (PortAudio itself is one per process)
    missing: Missing = NoSoundCard if kind == "output" else NoMicrophone
    faults = (_sounddevice(missing).PortAudioError, ValueError)
    try:
        stream, given = _stream(kind, device, wanted, callback, ended)
    except faults:
        look_again()  # the device may have been plugged in since
        try:
            stream, given = _stream(kind, device, wanted, callback, ended)
        except faults:
            raise missing from None
    with _scanning:
        _open_streams += 1
    try:
        yield stream, given
    finally:
        stream.close()
        with _scanning:
            _open_streams -= 1


def _stream(
    kind: Literal["input", "output"],
    device: str | None,
    wanted: _Format,
    callback: Callable[[Samples, int, Any, Any], None],
    ended: Callable[[], None],
) -> tuple[Any, _Format]:
    import sounddevice

    check = sounddevice.check_input_settings if kind == "input" else sounddevice.check_output_settings
    own_rate = round(sounddevice.query_devices(device, kind)["default_samplerate"])
    formats = [_Format(rate, channels) for rate in (wanted.sample_rate, own_rate) for channels in (wanted.channels, 2)]
    given = next((form for form in formats if _takes(check, device, form)), wanted)
    common = {
        "device": device,
        "samplerate": given.sample_rate,
        "channels": given.channels,
        "dtype": "float32",
        "callback": callback,
        "finished_callback": ended,
    }
    if kind == "output":
        block_frames = round(SPEAKER_BLOCK_SECONDS * given.sample_rate)
        return sounddevice.OutputStream(**common, blocksize=block_frames, latency=SPEAKER_BUFFER_SECONDS), given
    block_frames = round(MICROPHONE_BLOCK_SECONDS * given.sample_rate)
    return sounddevice.InputStream(**common, blocksize=block_frames, latency=MICROPHONE_BUFFER_SECONDS), given


def _takes(check: Callable[..., None], device: str | None, form: _Format) -> bool:
    import sounddevice

    try:
        check(device=device, channels=form.channels, dtype="float32", samplerate=form.sample_rate)
    except sounddevice.PortAudioError:
        return False
    return True


def _started(stream: Any, missing: Missing) -> None:
    try:
        stream.start()
    except _sounddevice(missing).PortAudioError:
        raise missing from None
