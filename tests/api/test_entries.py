from __future__ import annotations

import json
import threading

import pytest
from starlette.testclient import TestClient

from core.errors import DiskFull, ModelDamaged
from journal.recording_writer import RecordingWriter
from journal.written_text import LONGEST_TAG_CHARACTERS
from outbreath.wiring import Outbreath
from tests.api.conftest import settled, wav
from tests.fakes.recogniser import CountingRecogniser

ENTRIES = "/api/v1/entries"


def typed(client: TestClient, text: str, **more: object) -> dict[str, object]:
    response = client.post(ENTRIES, json={"text": text, **more})
    assert response.status_code == 202, response.text
    entry: dict[str, object] = response.json()
    return entry


def spoken(client: TestClient, sound: bytes, **fields: str) -> dict[str, object]:
    response = client.post(ENTRIES, files={"audio": ("a.wav", sound, "audio/wav")}, data=fields)
    assert response.status_code == 202, response.text
    assert response.headers["location"] == f"{ENTRIES}/{response.json()['id']}"
    entry: dict[str, object] = response.json()
    return entry


def test_what_is_written_can_be_read_again(client: TestClient) -> None:
    entry = typed(client, "I felt calm after the walk.", guide="free", spoken_at="2026-11-22T21:15:00+01:00")
    assert client.get(f"{ENTRIES}/{entry['id']}").json() == entry
    assert entry["state"] == "ready"
    assert entry["spoken_at"] == "2026-11-22T21:15:00+01:00"
    assert entry["guide"] == "free"


@pytest.mark.model
def test_what_is_spoken_becomes_words(client: TestClient, speech: bytes) -> None:
    entry = settled(client, str(spoken(client, speech)["id"]))
    assert entry["state"] == "ready"
    assert str(entry["text"]).startswith("one two three")
    assert isinstance(entry["duration_seconds"], float)
    assert 5 < entry["duration_seconds"] < 20


@pytest.mark.parametrize("audio_first", [True, False])
def test_fields_count_before_and_after_the_sound(client: TestClient, audio_first: bool) -> None:
    prompts = json.dumps([{"prompt": "What went well?", "start": 0.0, "end": 1.5}])
    fields = {
        "guide": (None, "free"),
        "at": (None, "2026-11-20T02:00:00+01:00"),
        "mood_before": (None, "2"),
        "mood_after": (None, "4"),
        "prompts": (None, prompts),
    }
    sound = {"audio": ("a.wav", wav(), "audio/wav")}
    response = client.post(ENTRIES, files=sound | fields if audio_first else fields | sound)
    assert response.status_code == 202, response.text
    entry = response.json()
    assert (entry["guide"], entry["mood_before"], entry["mood_after"]) == ("free", 2, 4)
    assert entry["spoken_at"] == "2026-11-20T02:00:00+01:00"
    assert entry["shift_day"] == "2026-11-19"
    assert [answer["prompt"] for answer in entry["answers"]] == ["What went well?"]


@pytest.mark.parametrize(
    "fields",
    [
        {"guide": "no-such-guide"},
        {"mood_before": "6"},
        {"mood_after": "high"},
        {"at": "yesterday"},
        {"at": "2026-11-20T02:00:00"},
        {"prompts": "["},
        {"prompts": '[{"prompt": 1}]'},
        {"unknown": "1"},
    ],
)
@pytest.mark.parametrize("audio_first", [True, False])
def test_a_wrong_field_leaves_no_entry(client: TestClient, fields: dict[str, str], audio_first: bool) -> None:
    others = {name: (None, value) for name, value in fields.items()}
    sound = {"audio": ("a.wav", wav(), "audio/wav")}
    response = client.post(ENTRIES, files=sound | others if audio_first else others | sound)
    assert response.status_code in (404, 422)
    assert client.get(ENTRIES).json()["total"] == 0


@pytest.mark.parametrize("sound", [b"", b"\0", b"RIFF", b"hello, this is no sound at all" * 99, wav(0)])
def test_a_file_without_sound_leaves_no_entry(client: TestClient, outbreath: Outbreath, sound: bytes) -> None:
    response = client.post(ENTRIES, files={"audio": ("a.wav", sound, "audio/wav")})
    assert response.status_code == 422
    assert response.json()["error"]["code"] == "unreadable_audio"
    assert client.get(ENTRIES).json()["total"] == 0
    assert not list((outbreath.places.journal / "recordings").iterdir())


def test_one_sample_is_a_recording(client: TestClient) -> None:
    entry = settled(client, str(spoken(client, wav(1 / 16_000))["id"]))
    assert entry["state"] == "no_speech"


def test_a_form_without_a_recording_says_what_is_missing(client: TestClient) -> None:
    response = client.post(ENTRIES, files={"guide": (None, "free")})
    assert response.status_code == 422
    assert "audio" in response.json()["error"]["next_step"]


def test_more_than_the_limit_is_refused_before_or_while_it_arrives(client: TestClient) -> None:
    big = b"\0" * 5_000_000
    assert client.post(ENTRIES, files={"audio": ("a.wav", big)}).json()["error"]["code"] == "too_large"

    boundary = b"--b\r\nContent-Disposition: form-data; name=audio\r\n\r\n"
    chunks = iter([boundary, *[b"\0" * 500_000] * 8])
    response = client.post(ENTRIES, content=chunks, headers={"Content-Type": "multipart/form-data; boundary=b"})
    assert response.status_code == 413
    assert client.get(ENTRIES).json()["total"] == 0


def cut_off(client: TestClient, sound: bytes) -> None:
    """Sends the beginning of a form and goes away, as a phone does that loses its network."""
    head = b'--b\r\nContent-Disposition: form-data; name="audio"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n'
    messages = [
        {"type": "http.request", "body": head + sound, "more_body": True},
        {"type": "http.disconnect"},
    ]
    scope = {
        "type": "http",
        "http_version": "1.1",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "method": "POST",
        "scheme": "http",
        "path": ENTRIES,
        "raw_path": ENTRIES.encode(),
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1:8765"), (b"content-type", b"multipart/form-data; boundary=b")],
        "server": ("127.0.0.1", 8765),
        "client": ("127.0.0.1", 50000),
    }

    async def run() -> None:
        async def receive() -> dict[str, object]:
            return messages.pop(0)

        async def send(message: dict[str, object]) -> None: ...

        await client.app(scope, receive, send)

    assert client.portal
    client.portal.call(run)


@pytest.mark.model
def test_an_upload_that_breaks_off_is_kept_and_written_down(client: TestClient, speech: bytes) -> None:
    cut_off(client, speech[: len(speech) // 2])
    page = client.get(ENTRIES).json()
    assert page["total"] == 1
    entry = settled(client, page["entries"][0]["id"])
    assert entry["state"] == "ready"
    assert str(entry["text"]).startswith("one two three")


@pytest.mark.parametrize("sound", [b"", b"RIFF"])
def test_an_upload_that_breaks_off_before_any_sound_leaves_nothing(client: TestClient, sound: bytes) -> None:
    cut_off(client, sound)
    assert client.get(ENTRIES).json()["total"] == 0


@pytest.mark.model
def test_a_full_disk_is_said_and_what_fitted_is_kept(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, speech: bytes
) -> None:
    appended = RecordingWriter.append

    def append(writer: RecordingWriter, data: bytes) -> None:
        if writer.bytes_written:
            raise DiskFull
        appended(writer, data)

    monkeypatch.setattr(RecordingWriter, "append", append)
    response = client.post(ENTRIES, files={"audio": ("a.wav", speech * 4, "audio/wav")})
    assert (response.status_code, response.json()["error"]["code"]) == (507, "disk_full")
    [entry] = client.get(ENTRIES).json()["entries"]
    assert settled(client, entry["id"])["state"] == "ready"


def test_the_sound_comes_back_as_it_was_sent_in_ranges_too(client: TestClient) -> None:
    sound = wav(3.0)
    path = f"{ENTRIES}/{spoken(client, sound)['id']}/audio"
    whole = client.get(path)
    assert whole.content == sound
    assert whole.headers["content-type"] in ("audio/wav", "audio/x-wav")
    assert whole.headers["cache-control"] == "no-store"
    part = client.get(path, headers={"Range": "bytes=1000-50000", "If-Range": whole.headers["etag"]})
    assert (part.status_code, part.content) == (206, sound[1000:50001])
    behind = client.get(path, headers={"Range": f"bytes={len(sound)}-"})
    assert (behind.status_code, behind.headers["content-range"]) == (416, f"bytes */{len(sound)}")
    head = client.head(path)
    assert (head.content, head.headers["content-length"]) == (b"", str(len(sound)))


@pytest.mark.parametrize("claimed", ["text/html", "audio/wav\u00e9", "image/svg+xml", "audio/../x"])
def test_a_claimed_kind_that_is_no_sound_is_not_repeated(client: TestClient, claimed: str) -> None:
    response = client.post(ENTRIES, files={"audio": ("page", wav(), claimed)})
    answer = client.get(f"{ENTRIES}/{response.json()['id']}/audio")
    assert answer.headers["content-type"] == "application/octet-stream"


def test_a_typed_entry_has_no_sound(client: TestClient) -> None:
    response = client.get(f"{ENTRIES}/{typed(client, 'quiet')['id']}/audio")
    assert (response.status_code, response.json()["error"]["code"]) == (404, "no_recording")


def test_no_plain_word_or_sound_lies_on_disk_while_it_is_sent(client: TestClient, outbreath: Outbreath) -> None:
    sound = b"RIFF" + b"canary" * 100_000
    client.post(ENTRIES, files={"audio": ("canary.wav", sound, "audio/wav")})
    typed(client, "a canary sang")
    files = [path for path in outbreath.places.data.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if b"canary" in path.read_bytes() or "canary" in path.name]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": ""}, 422, "empty_text"),
        ({"text": " \n"}, 422, "empty_text"),
        ({}, 422, "bad_value"),
        ({"text": 5}, 422, "bad_value"),
        ({"text": "a", "spoken_at": "now"}, 422, "bad_value"),
        ({"text": "a", "guide": "unknown"}, 404, "unknown_session"),
        ({"text": "a" * 2_000_001}, 413, "text_too_long"),
        ({"text": "a" * 40_000_000}, 413, "too_large"),
    ],
)
def test_texts_that_cannot_be_an_entry(client: TestClient, body: object, status: int, code: str) -> None:
    response = client.post(ENTRIES, json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)
    assert client.get(ENTRIES).json()["total"] == 0


def test_a_megabyte_of_text_is_an_entry(client: TestClient) -> None:
    text = "all is well " * 90_000
    assert typed(client, text)["text"] == text


def test_pages_go_back_in_time(client: TestClient) -> None:
    for day in (20, 21, 22):
        typed(client, f"day {day}", spoken_at=f"2026-11-{day}T20:00:00+00:00")
    first = client.get(ENTRIES, params={"limit": 2}).json()
    second = client.get(ENTRIES, params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [entry["text"] for entry in first["entries"] + second["entries"]] == ["day 22", "day 21", "day 20"]
    assert second["next_cursor"] is None
    some = client.get(ENTRIES, params={"from": "2026-11-21", "to": "2026-11-21"}).json()
    assert [entry["text"] for entry in some["entries"]] == ["day 21"]
    later = client.get(ENTRIES, params={"from": "2026-11-21T20:00:00Z"}).json()
    assert later["total"] == 2


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": "many"},
        {"limit": 10**30},
        {"cursor": "?"},
        {"from": "May"},
        {"from": "2026"},
        {"from": "1795000000"},
        {"from": "20261123"},
        {"from": "2026-11-23T20:15Z"},
        {"to": "2026-11-31"},
        {"kind": "feeling"},
        {"to": "2026-11-21T20:00:00"},
    ],
)
def test_filters_that_make_no_sense(client: TestClient, query: dict[str, object]) -> None:
    response = client.get(ENTRIES, params=query)
    assert (response.status_code, response.json()["error"]["code"]) == (422, "bad_value")


def test_a_moment_that_is_none_is_answered_with_an_example(client: TestClient) -> None:
    next_step = client.get(ENTRIES, params={"from": "2026"}).json()["error"]["next_step"]
    assert next_step == "Use a time with its offset such as 2026-11-23T20:15:00+01:00."


def test_correcting_keeps_the_original(client: TestClient) -> None:
    entry = typed(client, "I felt clam.")
    changed = client.patch(f"{ENTRIES}/{entry['id']}", json={"text": "I felt calm.", "mood_after": 4}).json()
    assert (changed["text"], changed["original_text"], changed["mood_after"]) == ("I felt calm.", "I felt clam.", 4)
    assert changed["mood_before"] is None
    assert any(tag["name"] == "calm" for tag in changed["tags"])


def test_a_mood_that_is_null_is_taken_away_and_one_that_is_absent_stays(client: TestClient) -> None:
    address = f"{ENTRIES}/{typed(client, 'As it was.')['id']}"
    client.patch(address, json={"mood_before": 2, "mood_after": 4, "guide": "free"})
    changed = client.patch(address, json={"mood_before": None, "guide": None}).json()
    assert (changed["mood_before"], changed["mood_after"], changed["guide"]) == (None, 4, "free")


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"mood_before": 0}, 422),
        ({"mood_before": True}, 422),
        ({"mood_after": "3"}, 422),
        ({"mood_after": 3.5}, 422),
        ({"spoken_at": 1795000000}, 422),
        ({"spoken_at": "1795000000"}, 422),
        ({"text": ""}, 422),
        ({"words": []}, 422),
        ({"guide": "unknown"}, 404),
        ([], 422),
    ],
)
def test_corrections_that_cannot_be(client: TestClient, changes: object, status: int) -> None:
    entry = typed(client, "As it was.")
    assert client.patch(f"{ENTRIES}/{entry['id']}", json=changes).status_code == status
    assert client.get(f"{ENTRIES}/{entry['id']}").json() == entry


def test_deleting_deletes(client: TestClient) -> None:
    entry = spoken(client, wav())
    settled(client, str(entry["id"]))
    assert client.delete(f"{ENTRIES}/{entry['id']}").status_code == 204
    for method, path in (("GET", ""), ("GET", "/audio"), ("GET", "/events"), ("DELETE", ""), ("POST", "/retry")):
        response = client.request(method, f"{ENTRIES}/{entry['id']}{path}")
        assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_entry")


@pytest.mark.model
def test_what_failed_can_be_tried_again(client: TestClient, recogniser: CountingRecogniser, speech: bytes) -> None:
    recogniser.fault = ModelDamaged("counting")
    entry = settled(client, str(spoken(client, speech)["id"]))
    assert entry["state"] == "failed"
    assert entry["failure"]
    recogniser.fault = None
    again = client.post(f"{ENTRIES}/{entry['id']}/retry")
    assert again.status_code == 202
    assert settled(client, str(entry["id"]))["state"] == "ready"


def test_many_at_once(client: TestClient) -> None:
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda: done.append(client.post(ENTRIES, json={"text": "a"}).status_code))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [202] * 12
    assert client.get(ENTRIES).json()["total"] == 12


def test_tags_and_search(client: TestClient) -> None:
    entry = typed(client, "I felt calm after the meeting about the rota.")
    path = f"{ENTRIES}/{entry['id']}/tags"
    given = client.put(f"{path}/moral distress").json()
    assert {"name": "moral distress", "source": "person"}.items() <= next(
        tag for tag in given["tags"] if tag["name"] == "moral distress"
    ).items()
    refused = client.delete(f"{path}/calm").json()
    assert "calm" not in [tag["name"] for tag in refused["tags"]]
    counts = client.get("/api/v1/tags").json()
    assert "moral distress" in [count["name"] for count in counts]
    found = client.get("/api/v1/search", params={"q": "rota"}).json()
    assert found["total"] == 1
    assert found["results"][0]["entry"]["id"] == entry["id"]
    assert "words" in found["results"][0]["matched"]
    assert client.get(ENTRIES, params={"tag": "moral distress"}).json()["total"] == 1


@pytest.mark.parametrize(
    "query", ['"', "AND OR (", "tag:", "*", "a" * 1000, "calm " * 2000, "'; drop table entries", "\x00"]
)
def test_any_text_is_a_query(client: TestClient, query: str) -> None:
    assert client.get("/api/v1/search", params={"q": query}).status_code == 200


def test_a_tag_may_be_as_long_here_as_elsewhere(client: TestClient) -> None:
    entry = typed(client, "quiet")
    name = "x" * LONGEST_TAG_CHARACTERS
    assert client.put(f"{ENTRIES}/{entry['id']}/tags/{name}").status_code == 200
    assert client.put(f"{ENTRIES}/{entry['id']}/tags/{name}x").status_code == 422


def test_a_query_that_is_too_long_is_cut_where_entries_are_listed_too(client: TestClient) -> None:
    typed(client, "calm")
    assert client.get(ENTRIES, params={"q": "calm " * 2000}).json()["total"] == 1


def test_a_shipped_tag_keeps_its_kind(client: TestClient) -> None:
    path = f"{ENTRIES}/{typed(client, 'a walk')['id']}/tags"
    tags = {tag["name"]: tag for tag in client.put(f"{path}/anxious", params={"kind": "own"}).json()["tags"]}
    assert (tags["anxious"]["kind"], tags["anxious"]["source"]) == ("feeling", "person")


def test_a_tag_that_nobody_knows_is_not_found(client: TestClient) -> None:
    path = f"{ENTRIES}/{typed(client, 'a walk')['id']}/tags"
    answers = [client.delete(f"{path}/unknown"), client.get("/api/v1/tags/unknown")]
    assert [(one.status_code, one.json()["error"]["code"]) for one in answers] == [(404, "unknown_tag")] * 2
    forgotten = client.delete("/api/v1/lessons/unknown")
    assert (forgotten.status_code, forgotten.json()["error"]["code"]) == (404, "nothing_learned")
    assert client.delete(f"{path}/sad").status_code == 200


@pytest.mark.parametrize("name", ["%20", "x" * 300, "ca\u200blm", "\u202ecalm", 'a "b"', "work%2Flife"])
def test_names_that_cannot_be_tags(client: TestClient, name: str) -> None:
    entry = typed(client, "quiet")
    refused = client.put(f"{ENTRIES}/{entry['id']}/tags/{name}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "bad_value")
