"""A WAV file as a speaker and any file of sound as a microphone: real devices for machines without a sound card."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from io import SEEK_END
from pathlib import Path

from audio import files
from audio.clip import AudioClip
from audio.devices import PlaybackControl
from audio.wav import pcm_bytes, wav_header
from core.errors import DeviceLost, DiskFull, NoMicrophone, NoSoundCard, UnreadableAudio, UnreadableFile


class WavSpeaker:
    """Writes what is played to a WAV file, as fast as sound is made; what is played next is appended."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._form: tuple[int, int] | None = None
        self._frames = 0

    def play(self, blocks: Iterable[AudioClip], control: PlaybackControl | None = None) -> int:
        control = control or PlaybackControl()
        before = self._frames
        for block in blocks:
            control.wait_while_paused()
            if control.stopped:
                break
            self._append(block)
            control.played_seconds += block.duration_seconds
        return self._frames - before

    def _append(self, block: AudioClip) -> None:
        """Adds a block and makes the header true at once, so that the file is whole whenever it is looked at."""
        self._form = self._form or (block.sample_rate, block.channels)
        if (block.sample_rate, block.channels) != self._form:
            raise ValueError("a WAV file holds one format")
        try:
            file = self._path.open("r+b" if self._frames else "wb")
        except OSError:
            raise (DeviceLost if self._frames else NoSoundCard)() from None
        try:
            with file:
                file.write(wav_header(self._frames + block.frames, *self._form))
                file.seek(0, SEEK_END)
                file.write(pcm_bytes(block))
        except OSError:
            raise DiskFull from None
        self._frames += block.frames


class WavMicrophone:
    """Hears what is in a file, of any format that can be read, and ends where the file ends.

    ``wait`` is called with each block's seconds before it is heard: ``time.sleep`` makes the file as slow as life.
    """

    def __init__(self, path: Path, wait: Callable[[float], None] | None = None) -> None:
        self._path = path
        self._wait = wait

    @contextmanager
    def listen(self, sample_rate: int) -> Iterator[Iterator[AudioClip]]:
        heard = self._blocks(sample_rate)
        try:
            yield heard
        finally:
            heard.close()

    def _blocks(self, sample_rate: int) -> Generator[AudioClip, None, None]:
        longest_frames = round(files.BLOCK_SECONDS * sample_rate)
        try:
            for clip in files.decode(self._path, sample_rate):
                for start in range(0, clip.frames, longest_frames):
                    block = AudioClip(clip.samples[start : start + longest_frames], sample_rate)
                    if self._wait:
                        self._wait(block.duration_seconds)
                    yield block
        except (UnreadableFile, UnreadableAudio):
            raise NoMicrophone from None
