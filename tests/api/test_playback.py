"""The machine's own sound card, led over HTTP."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.errors import DeviceLost, ModelDamaged, NoSoundCard
from outbreath.wiring import Outbreath
from sessions.rendering import SAMPLE_RATE_HZ
from tests.fakes.speaker import MemorySpeaker

PLAYBACK = "/api/v1/playback"
HELD_AT_SECONDS = 3
HUM_SECONDS = 60


class HeldSpeaker(MemorySpeaker):
    """Holds on after a few seconds of sound until it is let go."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__(self._hold)
        self.held = threading.Event()
        self.let_go = threading.Event()
        self.fault = fault
        self.held_at_seconds = HELD_AT_SECONDS

    def _hold(self, frames: int) -> None:
        if isinstance(self.fault, NoSoundCard):
            raise self.fault
        if frames >= self.held_at_seconds * SAMPLE_RATE_HZ:
            self.held.set()
            self.let_go.wait(20)
            fault, self.fault = self.fault, None
            if fault:
                raise fault


@pytest.fixture
def speaker(outbreath: Outbreath) -> HeldSpeaker:
    outbreath.__dict__["speaker"] = HeldSpeaker()
    return outbreath.speaker


def play(client: TestClient, **choices: Any) -> dict[str, Any]:
    answer = client.post(PLAYBACK, json={"slug": "hum", "minutes": 1, **choices})
    assert answer.status_code == 200, answer.text
    return answer.json()


def lead(client: TestClient, where: str) -> dict[str, Any]:
    answer = client.post(f"{PLAYBACK}/{where}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def ended(client: TestClient, outbreath: Outbreath) -> dict[str, Any]:
    assert outbreath.player._playing is not None
    outbreath.player._playing._thread.join(20)
    return client.get(PLAYBACK).json()


def test_nothing_is_played_at_first_and_leading_nothing_does_nothing(client: TestClient) -> None:
    assert client.get(PLAYBACK).json()["state"] == "nothing"
    assert [lead(client, where)["state"] for where in ("pause", "resume", "skip", "stop")] == ["nothing"] * 4


def test_it_plays_pauses_and_goes_on_without_losing_a_frame(
    client: TestClient, outbreath: Outbreath, speaker: HeldSpeaker
) -> None:
    begun = play(client)
    assert (begun["state"], begun["slug"], begun["title"], begun["duration_seconds"]) == ("playing", "hum", "Hum", 60)
    assert speaker.held.wait(20)
    paused = lead(client, "pause")
    assert paused["state"] == "paused"
    assert paused["position_seconds"] == pytest.approx(HELD_AT_SECONDS, abs=1)
    assert client.get(PLAYBACK).json() == paused
    assert lead(client, "resume")["state"] == "playing"
    speaker.let_go.set()
    over = ended(client, outbreath)
    assert (over["state"], over["position_seconds"]) == ("finished", HUM_SECONDS)
    assert len(speaker.played) == HUM_SECONDS * SAMPLE_RATE_HZ


def test_the_line_is_the_one_that_is_heard_not_the_one_on_its_way(
    client: TestClient, outbreath: Outbreath, speaker: HeldSpeaker
) -> None:
    speaker.held_at_seconds = 5
    play(client)
    assert speaker.held.wait(20)
    assert client.get(PLAYBACK).json()["text"] == "One line is spoken here."
    playing = outbreath.player._playing
    assert playing is not None
    playing.control._playing.delay_seconds = 1.5
    assert client.get(PLAYBACK).json()["text"] == "", "the bell before it"
    speaker.let_go.set()


def test_skipping_goes_on_with_the_next_section(client: TestClient, outbreath: Outbreath, speaker: HeldSpeaker) -> None:
    assert play(client)["chapter"] == 0
    assert speaker.held.wait(20)
    lead(client, "skip")
    speaker.let_go.set()
    assert ended(client, outbreath)["chapter"] == 1
    second = outbreath.guide.prepare("hum", 1).timeline.chapters[1]
    sounded = round(HUM_SECONDS - second.start + HELD_AT_SECONDS) * SAMPLE_RATE_HZ
    assert len(speaker.played) == pytest.approx(sounded, abs=SAMPLE_RATE_HZ)


def test_stopping_and_playing_anew(client: TestClient, outbreath: Outbreath, speaker: HeldSpeaker) -> None:
    play(client)
    speaker.let_go.set()
    play(client, minutes=2)
    lead(client, "stop")
    assert ended(client, outbreath)["state"] in ("stopped", "finished")
    assert client.get(PLAYBACK).json()["duration_seconds"] == 120


def test_a_lost_device_is_told_and_waited_for(client: TestClient, outbreath: Outbreath, speaker: HeldSpeaker) -> None:
    speaker.fault = DeviceLost()
    play(client)
    assert speaker.held.wait(20)
    speaker.let_go.set()
    while (lost := client.get(PLAYBACK).json())["state"] != "paused":
        pass
    assert lost["trouble"]["code"] == "device_lost"
    assert lead(client, "resume")["trouble"] is None
    assert ended(client, outbreath)["state"] == "finished"


def test_without_a_sound_card_it_says_so(client: TestClient, outbreath: Outbreath) -> None:
    outbreath.__dict__["speaker"] = HeldSpeaker(NoSoundCard())
    answer = client.post(PLAYBACK, json={"slug": "hum"})
    assert answer.status_code == 503
    assert answer.json()["error"]["code"] == "no_sound_card"
    failed = client.get(PLAYBACK).json()
    assert (failed["state"], failed["trouble"]["code"]) == ("failed", "no_sound_card")


@pytest.mark.parametrize("where", ["pause", "resume", "skip", "stop"])
def test_what_ended_a_session_stays_to_be_read(client: TestClient, outbreath: Outbreath, where: str) -> None:
    speaker = HeldSpeaker(ModelDamaged("hum"))
    outbreath.__dict__["speaker"] = speaker
    play(client)
    assert speaker.held.wait(20)
    lead(client, "pause")
    speaker.let_go.set()
    failed = ended(client, outbreath)
    assert (failed["state"], failed["trouble"]["code"]) == ("failed", "model_damaged")
    assert lead(client, where)["trouble"] == failed["trouble"]
    assert lead(client, "resume")["trouble"] == failed["trouble"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"slug": "unheard-of"}, 404),
        ({"slug": "hum", "minutes": 99}, 422),
        ({"slug": "hum", "minutes": 0}, 422),
        ({"slug": "hum", "voice": "/etc/passwd.onnx"}, 404),
        ({"slug": "hum", "loudness": 11}, 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_played_is_said(client: TestClient, body: dict[str, Any], status: int) -> None:
    answer = client.post(PLAYBACK, json=body)
    assert answer.status_code == status, answer.text
    assert set(answer.json()["error"]) == {"code", "message", "next_step"}
    assert client.get(PLAYBACK).json()["state"] == "nothing"


def test_it_is_led_by_four_words_only(client: TestClient) -> None:
    assert client.post(f"{PLAYBACK}/rewind").status_code == 422
