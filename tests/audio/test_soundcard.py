"""What only a sound card can do: be missing, be lost, take other formats than asked for."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from audio import soundcard
from audio.clip import AudioClip, join
from audio.soundcard import SoundCardMicrophone, SoundCardSpeaker
from core.errors import DeviceLost
from tests.audio.sounds import pitch_hz, sine, stereo
from tests.sound_server import SoundServer

WITHOUT_PORTAUDIO = """
import ctypes.util, sys
ctypes.util.find_library = lambda name: None
from core.errors import NoMicrophone, NoSoundCard
from audio import soundcard
from tests.audio.sounds import sine

def code(attempt):
    try:
        attempt()
    except (NoSoundCard, NoMicrophone) as error:
        print(error.code)

def listen():
    with soundcard.SoundCardMicrophone().listen(16_000) as blocks:
        next(blocks)

code(soundcard.device_names)
code(lambda: soundcard.SoundCardSpeaker().play([sine(440, 0.1)]))
code(listen)
"""

WITHOUT_A_CARD = WITHOUT_PORTAUDIO.replace("ctypes.util.find_library = lambda name: None", "")


def ran(script: str, **environment: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment, timeout=60
    )
    return run.stdout.split()


def test_without_portaudio_the_sound_card_says_so_and_nothing_else_fails() -> None:
    assert ran(WITHOUT_PORTAUDIO) == ["no_sound_card", "no_sound_card", "no_microphone"]


@pytest.mark.sound_server
def test_without_a_card_it_says_so_too(tmp_path: Path) -> None:
    configuration = tmp_path / "asound.conf"
    configuration.write_text("pcm.!default { type hw card 63 }\nctl.!default { type hw card 63 }\n")
    codes = ran(WITHOUT_A_CARD, ALSA_CONFIG_PATH=str(configuration), HOME=str(tmp_path))
    assert codes == ["no_sound_card", "no_sound_card", "no_microphone"]


@pytest.mark.sound_server
@pytest.mark.usefixtures("sound_card")
def test_devices_have_names_that_can_be_chosen() -> None:
    assert "default" in soundcard.device_names()
    assert SoundCardSpeaker("default").play([AudioClip.silence(480, 48_000)]) == 480


@pytest.mark.sound_server
@pytest.mark.parametrize("sample_rate", [16_000, 22_050, 44_100])
def test_other_sample_rates_are_played_at_their_pitch(sound_card: SoundServer, sample_rate: int) -> None:
    with sound_card.recording() as recording:
        assert SoundCardSpeaker().play([sine(440, 0.5, sample_rate)] * 2) == sample_rate
    loud = np.flatnonzero(np.abs(recording.clip.samples) > 0.01)
    assert loud[-1] - loud[0] == pytest.approx(48_000, abs=200)
    assert pitch_hz(AudioClip(recording.clip.samples[loud[0] : loud[-1]], 48_000)) == pytest.approx(440, abs=2)


@pytest.mark.sound_server
def test_stereo_is_played(sound_card: SoundServer) -> None:
    clip = sine(440, 0.5)
    with sound_card.recording() as recording:
        assert SoundCardSpeaker().play([stereo(clip, clip)]) == 24_000
    assert np.max(np.abs(recording.clip.samples)) == pytest.approx(0.5, abs=0.02)


@pytest.mark.sound_server
def test_a_card_that_takes_only_its_own_rate_is_given_that(
    sound_card: SoundServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundcard, "_takes", lambda check, device, form: form == (44_100, 2))
    with sound_card.recording() as recording:
        assert SoundCardSpeaker().play([sine(440, 0.5, 24_000)]) == 12_000
    loud = np.flatnonzero(np.abs(recording.clip.samples) > 0.01)
    assert loud[-1] - loud[0] == pytest.approx(24_000, abs=200)
    with sound_card.sounding(sine(440, 1.0)), SoundCardMicrophone().listen(16_000) as blocks:
        heard = join([next(blocks) for _ in range(20)])
    assert pitch_hz(AudioClip(heard.samples[-8_000:], 16_000)) == pytest.approx(440, abs=4)


@pytest.mark.parametrize("given_hz", [16_000, 48_000])
def test_what_was_heard_before_closing_is_still_given(given_hz: int) -> None:
    heard: soundcard.Heard = queue.SimpleQueue()
    closing = threading.Event()
    for _ in range(5):
        heard.put(np.full((given_hz // 10, 1), 0.5, dtype=np.float32))
    heard.put(None)
    closing.set()
    clip = join(list(soundcard._blocks(heard, closing, soundcard._Format(given_hz, 1), 16_000)))
    assert clip.frames == pytest.approx(8_000, abs=1)
    assert np.allclose(clip.samples[500:-500], 0.5, atol=0.01)


def test_a_microphone_that_ends_by_itself_is_lost_after_what_it_heard() -> None:
    heard: soundcard.Heard = queue.SimpleQueue()
    heard.put(np.zeros((1_600, 1), dtype=np.float32))
    heard.put(None)
    blocks = soundcard._blocks(heard, threading.Event(), soundcard._Format(16_000, 1), 16_000)
    assert next(blocks).frames == 1_600
    with pytest.raises(DeviceLost):
        next(blocks)


@pytest.mark.sound_server
class TestLosingTheDevice:
    """A sound server of its own, since it is ended in the middle."""

    @pytest.fixture
    def doomed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
        server = SoundServer(tmp_path)
        try:
            server.wait_until_ready()
            with monkeypatch.context() as patch:
                for name, value in server.environment.items():
                    patch.setenv(name, value)
                soundcard.look_again()
                yield server
            soundcard.look_again()
        finally:
            server.stop()

    def test_while_playing(self, doomed: SoundServer) -> None:
        def blocks() -> Iterator[AudioClip]:
            for number in range(200):
                if number == 20:
                    threading.Thread(target=doomed.stop).start()
                yield sine(440, 0.1)

        with pytest.raises(DeviceLost):
            SoundCardSpeaker().play(blocks())

    def test_while_listening(self, doomed: SoundServer) -> None:
        with SoundCardMicrophone().listen(16_000) as blocks:
            assert next(blocks).frames > 0
            doomed.stop()
            with pytest.raises(DeviceLost):
                list(blocks)
