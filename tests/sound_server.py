"""A real sound server for tests: PulseAudio with nothing but two null sinks.

What is played on the sound card can be recorded from the first; what is played into the second is heard by the
microphone. PortAudio reaches it through ALSA's pulse plugin, as it does on a desktop.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from audio import soundcard
from audio.clip import AudioClip

SPEAKER = "speaker"
ROOM = "room"
MICROPHONE = "microphone"
START_TIMEOUT_SECONDS = 20

# A configuration of its own keeps ALSA from looking for cards that a build machine does not have.
ALSA_CONFIGURATION = """
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


class SoundServer:
    """A running PulseAudio of its own."""

    def __init__(self, folder: Path) -> None:
        (folder / "runtime").mkdir(mode=0o700)
        (folder / "asound.conf").write_text(ALSA_CONFIGURATION)
        self.environment: Mapping[str, str] = {
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder / "runtime"),
            "XDG_CONFIG_HOME": str(folder / "config"),
            "PULSE_SERVER": f"unix:{folder}/runtime/pulse/native",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }
        self._log = folder / "pulseaudio.log"
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        modules = (
            "module-native-protocol-unix auth-anonymous=1",
            f"module-null-sink sink_name={SPEAKER} rate=48000 channels=1 norewinds=1",
            f"module-null-sink sink_name={ROOM} rate=48000 channels=1 norewinds=1",
            f"module-remap-source source_name={MICROPHONE} master={ROOM}.monitor",
        )
        options = ("-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--disable-shm=yes")
        with self._log.open("wb") as log:
            return subprocess.Popen(
                ["pulseaudio", *options, *(f"--load={module}" for module in modules)],
                env={**os.environ, **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_SECONDS
        while self._pactl("info").returncode != 0:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"pulseaudio did not start:\n{self._log.read_text()}")
        self._pactl("set-default-sink", SPEAKER)
        self._pactl("set-default-source", MICROPHONE)

    def start_again(self) -> None:
        """At the same address, after ``stop``."""
        self._process = self._start()
        self.wait_until_ready()

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(timeout=10)

    @contextmanager
    def recording(self) -> Iterator[Recording]:
        """Records what the sound card plays while the block runs."""
        with self._program("parec", f"--device={SPEAKER}.monitor", stdout=subprocess.PIPE) as program:
            recording = Recording(program)
            yield recording
            recording.stop()

    @contextmanager
    def sounding(self, clip: AudioClip) -> Iterator[None]:
        """Plays a clip at 48 kHz into the room that the microphone hears, over and over while the block runs."""
        samples = clip.to_int16().astype("<i2").tobytes()
        with self._program("pacat", f"--device={ROOM}", stdin=subprocess.PIPE) as program:
            over = threading.Event()

            def feed() -> None:
                try:
                    while not over.is_set():
                        program.stdin.write(samples)
                except BrokenPipeError:
                    pass  # the player was ended while it was being fed

            feeder = threading.Thread(target=feed)
            feeder.start()
            try:
                yield
            finally:
                over.set()
                program.kill()
                feeder.join()

    @contextmanager
    def echo(self) -> Iterator[None]:
        """The microphone hears what the sound card plays, while the block runs."""
        number = self._pactl("load-module", "module-loopback", f"source={SPEAKER}.monitor", f"sink={ROOM}").stdout
        try:
            yield
        finally:
            self._pactl("unload-module", number.decode().strip())

    @contextmanager
    def _program(self, name: str, device: str, **pipe: int) -> Iterator[subprocess.Popen[bytes]]:
        form = ("--raw", "--format=s16le", "--rate=48000", "--channels=1", "--latency-msec=200")
        program = subprocess.Popen([name, device, *form], env={**os.environ, **self.environment}, bufsize=0, **pipe)
        try:
            yield program
        finally:
            program.kill()
            program.wait()
            for stream in (program.stdin, program.stdout):
                if stream:
                    stream.close()

    def _pactl(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            ["pactl", *arguments], env={**os.environ, **self.environment}, capture_output=True, check=False
        )


class Recording:
    """What came out of the sound card; the recorder runs before it is handed out."""

    def __init__(self, program: subprocess.Popen[bytes]) -> None:
        self._program = program
        # A null sink gives silence while nothing plays: the first bytes say that the recorder listens.
        self._pieces = [program.stdout.read(1)]
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        while piece := self._program.stdout.read(65536):
            self._pieces.append(piece)

    def stop(self) -> None:
        """Waits until all that was played must have arrived, then ends."""
        heard = sum(map(len, self._pieces))
        half_a_second = 48_000
        while sum(map(len, self._pieces)) < heard + half_a_second:
            time.sleep(0.01)
        self._program.kill()
        self._reader.join()

    @property
    def clip(self) -> AudioClip:
        """All that was recorded, the silence around it included."""
        data = b"".join(self._pieces)
        return AudioClip.from_int16(np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2"), 48_000)


@pytest.fixture(scope="session")
def sound_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoundServer]:
    """One sound server for the run; use it with ``sound_card`` or as the environment of a program."""
    server = SoundServer(tmp_path_factory.mktemp("sound"))
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


@pytest.fixture
def sound_card(sound_server: SoundServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """The sound server as the sound card of this process, for one test."""
    with monkeypatch.context() as patch:
        for name, value in sound_server.environment.items():
            if name != "HOME":
                patch.setenv(name, value)
        soundcard.look_again()
        yield sound_server
    soundcard.look_again()
