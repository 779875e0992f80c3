"""What every speaker and every microphone does: the ones in memory, the ones that are files, and the sound card."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from audio import files
from audio.clip import AudioClip, Samples, join
from audio.devices import Microphone, PlaybackControl, Speaker
from audio.soundcard import SoundCardMicrophone, SoundCardSpeaker
from audio.wav_device import WavMicrophone, WavSpeaker
from core.errors import NoMicrophone, NoSoundCard
from tests.fakes.devices import MemoryMicrophone
from tests.fakes.speaker import MemorySpeaker

RATE_HZ = 48_000
TONE_HZ = 440.0

REAL = pytest.param("sound card", marks=pytest.mark.sound_server)


def noise(frames: int, seed: int = 1) -> AudioClip:
    """Sound of which every frame can be found again."""
    random = np.random.default_rng(seed)
    return AudioClip(random.uniform(-0.5, 0.5, frames).astype(np.float32), RATE_HZ)


def tone(seconds: float) -> AudioClip:
    time = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return AudioClip((0.3 * np.sin(2 * np.pi * TONE_HZ * time)).astype(np.float32), RATE_HZ)


def sounding(samples: Samples) -> Samples:
    """From the first frame that is not silent to the last."""
    loud = np.flatnonzero(np.abs(samples) > 1e-4)
    return samples[loud[0] : loud[-1] + 1] if len(loud) else samples[:0]


@dataclass
class SpeakerUnderTest:
    """A speaker, and a way to hear what it plays while a block runs."""

    speaker: Speaker
    hearing: Callable[[], object]
    heard: Callable[[], Samples]


@pytest.fixture(params=["memory", "file", REAL])
def under_test(request: pytest.FixtureRequest, tmp_path: Path) -> SpeakerUnderTest:
    if request.param == "memory":
        memory = MemorySpeaker()
        return SpeakerUnderTest(memory, ExitStack, lambda: np.concatenate([np.zeros(0, np.float32), *memory.blocks]))
    if request.param == "file":
        path = tmp_path / "played.wav"
        return SpeakerUnderTest(WavSpeaker(path), ExitStack, lambda: _whole(path))
    server = request.getfixturevalue("sound_card")
    recordings: list[Samples] = []

    @contextmanager
    def hearing() -> Iterator[None]:
        with server.recording() as recording:
            yield
        recordings.append(recording.clip.samples)

    return SpeakerUnderTest(SoundCardSpeaker(), hearing, lambda: np.concatenate(recordings))


def _whole(path: Path) -> Samples:
    return join(list(files.decode(path, RATE_HZ))).samples if path.exists() else np.zeros(0, np.float32)


class TestSpeaker:
    """``audio.devices.Speaker``."""

    def test_everything_is_played_in_order_and_counted(self, under_test: SpeakerUnderTest) -> None:
        clip = noise(RATE_HZ)
        pieces = np.split(clip.samples, [1, 5_000, 30_000])
        with under_test.hearing():
            frames = under_test.speaker.play(AudioClip(piece, RATE_HZ) for piece in pieces)
        assert frames == RATE_HZ
        played = sounding(under_test.heard())
        assert len(played) == len(sounding(clip.samples))
        assert np.allclose(played, sounding(clip.samples), atol=2e-4)

    def test_nothing_to_play_is_no_fault(self, under_test: SpeakerUnderTest) -> None:
        with under_test.hearing():
            assert under_test.speaker.play([]) == 0
        assert not len(sounding(under_test.heard()))

    def test_it_plays_again_after_it_has_played(self, under_test: SpeakerUnderTest) -> None:
        first, second = noise(12_000, seed=1), noise(12_000, seed=2)
        with under_test.hearing():
            assert under_test.speaker.play([first]) + under_test.speaker.play([second]) == 24_000
        played = sounding(under_test.heard())
        assert np.allclose(played[:11_000], sounding(first.samples)[:11_000], atol=2e-4)
        assert np.allclose(played[-11_000:], sounding(second.samples)[-11_000:], atol=2e-4)

    def test_stopped_beforehand_it_plays_nothing(self, under_test: SpeakerUnderTest) -> None:
        control = PlaybackControl()
        control.stop()
        with under_test.hearing():
            assert under_test.speaker.play([noise(RATE_HZ)], control) == 0
        assert not len(sounding(under_test.heard()))

    def test_stopping_ends_it_and_the_rest_is_not_made(self, under_test: SpeakerUnderTest) -> None:
        control = PlaybackControl()
        made = 0

        def blocks() -> Iterator[AudioClip]:
            nonlocal made
            for made in range(1, 1_001):
                if made == 5:
                    control.stop()
                yield noise(4_800, seed=made)

        with under_test.hearing():
            frames = under_test.speaker.play(blocks(), control)
        assert made < 10
        assert frames <= 5 * 4_800
        assert len(sounding(under_test.heard())) <= 5 * 4_800

    def test_a_pause_keeps_the_place(self, under_test: SpeakerUnderTest) -> None:
        control = PlaybackControl()
        resume = threading.Timer(0.3, control.resume)

        def blocks() -> Iterator[AudioClip]:
            for number in range(10):
                if number == 5:
                    control.pause()
                    resume.start()
                yield tone(0.1)

        with under_test.hearing():
            frames = under_test.speaker.play(blocks(), control)
        resume.join()
        assert frames == RATE_HZ
        assert control.played_seconds == pytest.approx(1.0, abs=0.001)
        assert 0 <= control.delay_seconds < 1
        loud = np.abs(under_test.heard()) > 0.002
        assert np.count_nonzero(loud) == pytest.approx(np.count_nonzero(np.abs(tone(1.0).samples) > 0.002), rel=0.03)


class TestMicrophone:
    """``audio.devices.Microphone``."""

    @pytest.fixture(params=["memory", "file", REAL])
    def microphone(self, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Microphone]:
        """Hears a tone for at least two seconds."""
        clip = tone(3.0)
        if request.param == "memory":
            yield MemoryMicrophone(clip, clip)
        elif request.param == "file":
            files.encode([clip], tmp_path / "room.wav", "wav")
            yield WavMicrophone(tmp_path / "room.wav")
        else:
            with request.getfixturevalue("sound_card").sounding(clip):
                yield SoundCardMicrophone()

    @pytest.mark.parametrize("sample_rate", [16_000, 44_100])
    def test_it_hears_the_room_in_short_mono_blocks(self, microphone: Microphone, sample_rate: int) -> None:
        heard: list[AudioClip] = []
        with microphone.listen(sample_rate) as blocks:
            for block in blocks:
                assert block.channels == 1
                assert block.sample_rate == sample_rate
                assert 0 < block.frames <= sample_rate // 2
                heard.append(block)
                if sum(clip.frames for clip in heard) >= 2 * sample_rate:
                    break
        last_second = join(heard).samples[-sample_rate:]
        assert np.argmax(np.abs(np.fft.rfft(last_second))) == pytest.approx(TONE_HZ, abs=2)
        assert np.max(np.abs(last_second)) == pytest.approx(0.3, abs=0.05)

    def test_it_can_be_closed_early_and_opened_again(self, microphone: Microphone) -> None:
        for _ in range(2):
            with microphone.listen(16_000) as blocks:
                assert next(blocks).frames > 0


class TestMissingDevices:
    """Devices that are not there say so in their own way."""

    def test_a_folder_is_no_speaker(self, tmp_path: Path) -> None:
        with pytest.raises(NoSoundCard):
            WavSpeaker(tmp_path).play([tone(0.1)])

    @pytest.mark.parametrize("content", [None, b"", b"RIFF"])
    def test_a_file_without_sound_is_no_microphone(self, tmp_path: Path, content: bytes | None) -> None:
        path = tmp_path / "room.wav"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(NoMicrophone), WavMicrophone(path).listen(16_000) as blocks:
            next(blocks)

    @pytest.mark.sound_server
    @pytest.mark.usefixtures("sound_card")
    def test_a_name_that_no_card_has(self) -> None:
        with pytest.raises(NoSoundCard):
            SoundCardSpeaker("no such card").play([tone(0.1)])
        with pytest.raises(NoMicrophone), SoundCardMicrophone("no such card").listen(16_000) as blocks:
            next(blocks)
