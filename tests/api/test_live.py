"""Speaking over a web socket: what is said is kept, whatever happens to the line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from api.live import LiveEntries
from core.errors import DiskFull, JournalBusy
from journal.recording_writer import RecordingWriter
from outbreath.wiring import Outbreath
from sessions.conversation import KEPT
from tests.api.conftest import HERE, settled
from tests.fakes.recogniser import CountingRecogniser

LIVE = HERE.replace("http", "ws") + "/api/v1/entries/live"
SECOND = bytes(32_000)
QUESTIONS = """---
title: Two questions
kind: reflection
minutes: {default: 2, min: 1, max: 10}
basis: "made for a test"
---
Settle first.
{ask What went well?}
{ask What was hard?}
Go gently.
"""


@pytest.fixture
def sound(speech: bytes) -> bytes:
    """Ten seconds of speech as they go over the line."""
    from io import BytesIO

    from audio import files
    from journal.recorded_sound import microphone_bytes

    return b"".join(microphone_bytes(block) for block in files.decode(BytesIO(speech), 16_000))


@pytest.fixture
def questions(outbreath: Outbreath) -> str:
    (outbreath.places.scripts / "two.md").write_text(QUESTIONS, encoding="utf-8")
    return "two"


def until(line: WebSocketTestSession, kind: str) -> list[dict[str, Any]]:
    """Events up to the first of a kind."""
    told: list[dict[str, Any]] = []
    while not told or told[-1]["type"] != kind:
        told.append(line.receive_json())
    return told


def ask(line: WebSocketTestSession, what: str) -> None:
    line.send_text(json.dumps({"type": what}))


def recording(client: TestClient, entry_id: str) -> bytes:
    return client.get(f"/api/v1/entries/{entry_id}/audio").content[44:]


def test_words_come_while_one_speaks_and_the_entry_is_ready_at_the_end(client: TestClient, sound: bytes) -> None:
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        for at in range(0, len(sound), 3_200):
            line.send_bytes(sound[at : at + 3_200])
        line.send_bytes(2 * SECOND)
        heard = until(line, "segment")
        ask(line, "end")
        told = until(line, "ready")
    saved = [event["seconds"] for event in heard if event["type"] == "saved"]
    assert saved == sorted(saved)
    assert heard[-1]["text"] == " ".join(word["text"] for word in heard[-1]["words"])
    entry = told[-1]["entry"]
    assert (entry["id"], entry["state"]) == (entry_id, "ready")
    assert entry["text"].startswith(heard[-1]["text"])
    assert entry["duration_seconds"] == pytest.approx(len(sound) / 32_000 + 2)
    assert recording(client, entry_id) == sound + 2 * SECOND


def test_what_is_saved_is_told_and_is_on_disk(client: TestClient, outbreath: Outbreath) -> None:
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(SECOND)
        assert until(line, "saved")[-1]["seconds"] == 1.0
        assert outbreath.notebook.recording(entry_id).readable_bytes == len(SECOND)
        assert client.get(f"/api/v1/entries/{entry_id}").json()["state"] == "recording"
        ask(line, "end")
        assert until(line, "ready")[-1]["entry"]["state"] == "no_speech"


def test_questions_are_asked_one_at_a_time(client: TestClient, questions: str, sound: bytes) -> None:
    with client.websocket_connect(f"{LIVE}?guide={questions}") as line:
        first, listening = until(line, "listening")
        assert first == {
            "type": "prompt",
            "prompt": "What went well?",
            "lines": ["Settle first."],
            "index": 0,
            "count": 2,
        }
        assert listening["timebox_seconds"] == 120
        line.send_bytes(sound)
        ask(line, "next")
        assert until(line, "prompt")[-1]["prompt"] == "What was hard?"
        line.send_bytes(sound)
        ask(line, "next")  # behind the last question this is the end
        assert until(line, "closing")[-1]["lines"] == [KEPT, "Go gently."]
        entry = until(line, "ready")[-1]["entry"]
    seconds = len(sound) / 32_000
    assert [(answer["prompt"], answer["start"], answer["end"]) for answer in entry["answers"]] == [
        ("What went well?", 0.0, seconds),
        ("What was hard?", seconds, 2 * seconds),
    ]
    one, other = (answer["text"] for answer in entry["answers"])
    assert one
    assert entry["text"] == f"{one} {other}"


def test_skipping_and_going_back(client: TestClient, questions: str) -> None:
    with client.websocket_connect(f"{LIVE}?guide={questions}") as line:
        until(line, "listening")
        line.send_bytes(SECOND)
        ask(line, "skip")
        assert until(line, "prompt")[-1]["index"] == 1
        ask(line, "back")
        assert until(line, "prompt")[-1]["index"] == 0
        line.send_bytes(SECOND)
        ask(line, "end")
        entry = until(line, "ready")[-1]["entry"]
    assert [(answer["prompt"], answer["start"], answer["end"]) for answer in entry["answers"]] == [
        ("What went well?", 1.0, 2.0)
    ]


def test_a_broken_line_is_taken_up_where_it_broke(client: TestClient, sound: bytes) -> None:
    half = len(sound) // 6_400 * 3_200
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(sound[:half])
        saved_seconds = until(line, "saved")[-1]["seconds"]
        line.close(1006)
    # What the client knows to be safe may be less than what is.
    known = saved_seconds - 1
    with client.websocket_connect(f"{LIVE}?entry={entry_id}&saved={known}") as line:
        assert until(line, "listening")[-1]["seconds"] == pytest.approx(half / 32_000)
        line.send_bytes(sound[round(known * 32_000) :])
        ask(line, "end")
        entry = until(line, "ready")[-1]["entry"]
    assert entry["id"] == entry_id
    assert recording(client, entry_id) == sound


def test_who_comes_back_gets_the_question_and_the_words_so_far(
    client: TestClient, questions: str, sound: bytes
) -> None:
    with client.websocket_connect(f"{LIVE}?guide={questions}") as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(sound)
        ask(line, "next")
        said = [event["text"] for event in until(line, "segment") if event["type"] == "segment"]
        line.close(1006)
    with client.websocket_connect(f"{LIVE}?entry={entry_id}&saved={len(sound) / 32_000}") as line:
        told = until(line, "segment")
        assert told[0]["prompt"] == "What was hard?"
        # Where the line broke the stretches may be cut anew, so that a word is heard in another way.
        assert len(set(told[-1]["text"].split()) & set(said[0].split())) > len(set(said[0].split())) / 2
        ask(line, "end")
        until(line, "ready")


def test_more_than_is_saved_cannot_be_skipped(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(SECOND)
        until(line, "saved")
        line.close(1006)
    assert refusal(client, f"?entry={entry_id}&saved=5") == "bad_value"
    assert refusal(client, f"?entry={entry_id}&saved=1e308") == "bad_value"


def test_a_second_line_to_the_same_entry_takes_its_place(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as first:
        entry_id = until(first, "listening")[-1]["entry"]
        first.send_bytes(SECOND)
        until(first, "saved")
        with client.websocket_connect(f"{LIVE}?entry={entry_id}&saved=1") as second:
            until(second, "listening")
            second.send_bytes(SECOND)
            until(second, "saved")
            ask(second, "end")
            assert until(second, "ready")[-1]["entry"]["duration_seconds"] == 2.0


def test_a_line_that_was_replaced_can_end_nothing(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as first:
        entry_id = until(first, "listening")[-1]["entry"]
        first.send_bytes(SECOND)
        until(first, "saved")
        with client.websocket_connect(f"{LIVE}?entry={entry_id}&saved=1") as second:
            until(second, "listening")
            with pytest.raises(WebSocketDisconnect) as told:
                until(first, "nothing more")
            assert told.value.code == 4001
            first.close(1000)
            second.send_bytes(SECOND)
            assert until(second, "saved")[-1]["seconds"] == 2.0
            ask(second, "end")
            assert until(second, "ready")[-1]["entry"]["duration_seconds"] == 2.0


def test_who_comes_back_without_a_place_goes_on_where_it_ended(client: TestClient, sound: bytes) -> None:
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(SECOND)
        until(line, "saved")
        line.close(1006)
    with client.websocket_connect(f"{LIVE}?entry={entry_id}") as line:
        until(line, "listening")
        line.send_bytes(sound)
        ask(line, "end")
        until(line, "ready")
    assert recording(client, entry_id) == SECOND + sound


def test_half_a_sample_before_a_break_shifts_nothing(client: TestClient, sound: bytes) -> None:
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(sound[:32_001])
        until(line, "saved")
        line.close(1006)
    with client.websocket_connect(f"{LIVE}?entry={entry_id}&saved=1") as line:
        until(line, "listening")
        line.send_bytes(sound[32_000:])
        ask(line, "end")
        until(line, "ready")
    assert recording(client, entry_id) == sound


def test_a_disk_without_room_for_the_end_is_told_and_the_entry_comes_back(
    client: TestClient, outbreath: Outbreath, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise DiskFull

    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(2 * SECOND)
        until(line, "saved")
        with monkeypatch.context() as disk:
            disk.setattr(RecordingWriter, "append", full)
            disk.setattr(RecordingWriter, "finish", full)
            disk.setattr(outbreath.notebook, "recover", full)
            line.send_bytes(SECOND)
            assert until(line, "error")[-1]["error"]["code"] == "disk_full"
    outbreath.processing._make_round()  # what is done every minute
    assert settled(client, entry_id)["state"] == "no_speech"
    assert recording(client, entry_id) == 2 * SECOND


def test_a_busy_journal_ends_nothing(
    client: TestClient, outbreath: Outbreath, questions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object) -> None:
        raise JournalBusy

    with client.websocket_connect(f"{LIVE}?guide={questions}") as line:
        until(line, "listening")
        line.send_bytes(SECOND)
        with monkeypatch.context() as other_process:
            other_process.setattr(outbreath.notebook, "answered", busy)
            ask(line, "next")
            assert until(line, "prompt")[-1]["index"] == 1
        line.send_bytes(SECOND)
        ask(line, "end")
        assert len(until(line, "ready")[-1]["entry"]["answers"]) == 2


def test_two_who_speak_at_once_have_an_entry_each(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as one, client.websocket_connect(LIVE) as other:
        ids = {until(line, "listening")[-1]["entry"] for line in (one, other)}
        for line in (one, other):
            line.send_bytes(SECOND)
            ask(line, "end")
            until(line, "ready")
    assert {entry["id"] for entry in client.get("/api/v1/entries").json()["entries"]} == ids


def test_a_program_that_closes_the_line_is_done(client: TestClient, sound: bytes) -> None:
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(sound)
        until(line, "saved")
        line.close(1000)
        assert settled(client, entry_id)["state"] == "ready"


def test_nobody_comes_back_and_the_entry_is_recovered(
    client: TestClient, sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    live: LiveEntries = client.app.state.live_entries  # type: ignore[attr-defined]
    monkeypatch.setattr(live, "_linger_seconds", 0.0)
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(sound)
        until(line, "saved")
        line.close(1001)
    entry = settled(client, entry_id)
    assert entry["state"] == "ready"
    assert entry["duration_seconds"] == pytest.approx(len(sound) / 32_000)
    assert refusal(client, f"?entry={entry_id}&saved=1") == "not_ready"


def test_a_recogniser_that_fails_costs_no_sound(
    client: TestClient, recogniser: CountingRecogniser, sound: bytes
) -> None:
    from core.errors import TranscriptionFailed

    recogniser.fault = TranscriptionFailed()
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        line.send_bytes(sound)
        ask(line, "end")
        until(line, "filed")
    failed = settled(client, entry_id)
    assert failed["state"] == "failed"
    assert recording(client, entry_id) == sound
    recogniser.fault = None
    client.post(f"/api/v1/entries/{entry_id}/retry")
    assert settled(client, entry_id)["state"] == "ready"


def test_a_full_disk_ends_it_and_keeps_what_was_said(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    append = RecordingWriter.append

    def full_after_two_seconds(writer: RecordingWriter, data: bytes) -> None:
        if writer.bytes_written >= 2 * len(SECOND):
            raise DiskFull
        append(writer, data)

    monkeypatch.setattr(RecordingWriter, "append", full_after_two_seconds)
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        for _ in range(4):
            line.send_bytes(SECOND)
        assert until(line, "error")[-1]["error"]["code"] == "disk_full"
    assert settled(client, entry_id)["state"] == "no_speech"
    assert recording(client, entry_id) == 2 * SECOND


def test_without_any_sound_there_is_no_entry(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as line:
        until(line, "listening")
        ask(line, "end")
        assert until(line, "error")[-1]["error"]["code"] == "nothing_recorded"
    assert client.get("/api/v1/entries").json()["total"] == 0


@pytest.mark.parametrize("text", ["", "{", "[]", '{"type": 3}', '{"type": "sing"}', "[" * 100_000, "\0"])
def test_a_message_that_means_nothing_is_said_to_mean_nothing(client: TestClient, text: str) -> None:
    with client.websocket_connect(LIVE) as line:
        until(line, "listening")
        line.send_text(text)
        assert until(line, "error")[-1]["error"]["code"] == "bad_value"
        line.send_bytes(SECOND)
        ask(line, "end")
        until(line, "ready")


def test_sound_may_come_in_pieces_of_any_size(client: TestClient) -> None:
    piece = bytes(range(256)) * 100
    with client.websocket_connect(LIVE) as line:
        entry_id = until(line, "listening")[-1]["entry"]
        for size in (1, 3, 0, 4_095, 20_001, 1_500):
            line.send_bytes(piece[:size])
        ask(line, "end")
        until(line, "ready")
    assert recording(client, entry_id) == b"".join(piece[:size] for size in (1, 3, 0, 4_095, 20_001, 1_500))


def refusal(client: TestClient, query: str) -> str:
    """The code with which a line is refused."""
    with client.websocket_connect(LIVE + query) as line:
        code: str = until(line, "error")[-1]["error"]["code"]
        with pytest.raises(WebSocketDisconnect):
            line.receive_json()
    return code


@pytest.mark.parametrize(
    ("query", "code"), [("?guide=nothing", "unknown_session"), ("?entry=nothing", "unknown_entry")]
)
def test_what_cannot_be_begun_is_refused_in_words(client: TestClient, query: str, code: str) -> None:
    assert refusal(client, query) == code
    assert client.get("/api/v1/entries").json()["total"] == 0


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://elsewhere.example"}, {"Origin": "null"}, {"Host": "elsewhere.example"}],
    ids=["origin", "no origin", "host"],
)
def test_other_pages_cannot_speak_here(client: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE, headers=headers):
        pass


def test_our_own_page_can(client: TestClient) -> None:
    with client.websocket_connect(LIVE, headers={"Origin": HERE, "Sec-Fetch-Site": "same-origin"}) as line:
        until(line, "listening")


def test_a_question_can_be_heard(client: TestClient, questions: str) -> None:
    lengths = [len(client.get(f"/api/v1/sessions/{questions}/prompts/{index}/audio").content) for index in range(3)]
    assert min(lengths) > 44
    assert lengths[0] > lengths[1], "the first has a line before it"
    behind = client.get(f"/api/v1/sessions/{questions}/prompts/3/audio")
    assert (behind.status_code, behind.json()["error"]["code"]) == (404, "unknown_prompt")
