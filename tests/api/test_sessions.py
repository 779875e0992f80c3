from __future__ import annotations

import io
import threading
import wave
from pathlib import Path

import numpy as np
import pytest
from starlette.testclient import TestClient

from api.session_audio import EncodedSessions
from audio import files
from audio.clip import AudioClip
from outbreath.wiring import Outbreath
from tests.api.conftest import SCRIPT
from tests.audio.sounds import sine
from voice.narrator import Narrator

SESSIONS = "/api/v1/sessions"
HUM = f"{SESSIONS}/hum"


def test_the_library_has_own_scripts_beside_the_shipped_ones(client: TestClient) -> None:
    library = {session["slug"]: session for session in client.get(SESSIONS).json()}
    assert {"hum", "morning-arrival", "coherent-breathing", "evening-reflection", "free"} <= set(library)
    assert library["hum"] == client.get(HUM).json()
    assert library["hum"]["minutes"]["default"] == 1


def test_the_timeline_fills_the_asked_length(client: TestClient) -> None:
    timeline = client.get(f"{HUM}/timeline", params={"minutes": 2, "guidance": "more"}).json()
    assert timeline["duration_seconds"] == 120
    assert "This one only when more is wanted." in [cue["text"] for cue in timeline["cues"]]


def test_the_sound_is_a_wav_file_of_the_asked_length(client: TestClient) -> None:
    response = client.get(f"{HUM}/audio", params={"minutes": 2})
    assert response.status_code == 200
    assert response.headers["content-type"] == "audio/wav"
    assert response.headers["content-length"] == str(len(response.content))
    with wave.open(io.BytesIO(response.content)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (48_000, 1, 2)
        assert sound.getnframes() == 120 * 48_000
        assert np.abs(np.frombuffer(sound.readframes(48_000 * 20), "<i2")).max() > 1000


@pytest.mark.parametrize("start", [0, 1, 43, 44, 45, 46, 1_000_001, 2_000_002])
def test_any_part_sounds_like_the_whole(client: TestClient, start: int) -> None:
    whole = client.get(f"{HUM}/audio")
    part = client.get(
        f"{HUM}/audio", headers={"Range": f"bytes={start}-{start + 50_000}", "If-Range": whole.headers["etag"]}
    )
    assert part.status_code == 206
    assert part.headers["content-range"] == f"bytes {start}-{start + 50_000}/{len(whole.content)}"
    assert part.content == whole.content[start : start + 50_001]


def test_the_last_bytes_come_at_once(client: TestClient) -> None:
    part = client.get(f"{HUM}/audio", params={"minutes": 10}, headers={"Range": "bytes=-100"})
    assert (part.status_code, len(part.content)) == (206, 100)
    behind = client.get(f"{HUM}/audio", headers={"Range": "bytes=999999999-"})
    assert (behind.status_code, behind.json()["error"]["code"]) == (416, "range_not_satisfiable")


def test_head_says_the_length_and_renders_nothing(client: TestClient) -> None:
    head = client.head(f"{HUM}/audio", params={"minutes": 10})
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(44 + 600 * 96_000))


def test_the_tag_changes_with_the_sound_and_only_with_it(client: TestClient) -> None:
    def tag(**choices: object) -> str:
        return client.head(f"{HUM}/audio", params=choices).headers["etag"]

    same = tag()
    assert tag() == same == tag(minutes=1)
    assert len({same, tag(minutes=2), tag(guidance="more"), tag(bed="rain"), tag(voice="joe"), tag(format="flac")}) == 6
    assert client.get(f"{HUM}/audio", headers={"If-None-Match": same}).status_code == 304


@pytest.mark.parametrize("form", ["mp3", "ogg", "opus", "m4a", "flac"])
def test_other_formats_are_files_of_the_same_length(
    client: TestClient, outbreath: Outbreath, form: str, tmp_path: Path
) -> None:
    asked = {"format": form, "minutes": 1}
    response = client.get(f"{HUM}/audio", params=asked)
    assert response.status_code == 200
    assert response.headers["content-type"] == files.FORMATS[form]
    path = tmp_path / f"sound.{form}"
    path.write_bytes(response.content)
    frames = sum(block.frames for block in files.decode(path, 16_000))
    assert frames / 16_000 == pytest.approx(60, abs=0.15)
    part = client.get(f"{HUM}/audio", params=asked, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, response.content[100:200])
    assert len(list((outbreath.places.cache / "session-audio").iterdir())) == 1


@pytest.mark.parametrize("path", ["audio", "timeline"])
@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"minutes": "0"}, 422, "bad_value"),
        ({"minutes": "-1"}, 422, "bad_value"),
        ({"minutes": "1e9"}, 422, "bad_value"),
        ({"minutes": "ten"}, 422, "bad_value"),
        ({"minutes": "nan"}, 422, "bad_value"),
        ({"minutes": "inf"}, 422, "bad_value"),
        ({"minutes": "0.01"}, 422, None),
        ({"guidance": "lots"}, 422, "bad_value"),
        ({"bed": "nails"}, 422, "bad_value"),
        ({"voice": "hal"}, 404, "unknown_voice"),
        ({"voice": "/etc/passwd"}, 404, "unknown_voice"),
    ],
)
def test_wrong_choices_are_told_before_any_sound(
    client: TestClient, path: str, query: dict[str, str], status: int, code: str | None
) -> None:
    response = client.get(f"{HUM}/{path}", params=query)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    assert code in (None, response.json()["error"]["code"])


@pytest.mark.parametrize("slug", ["nothing", "../hum", "%2e%2e%2fhum", "hum.md", "HUM", "%00"])
@pytest.mark.parametrize("path", ["", "/audio", "/timeline"])
def test_unknown_sessions(client: TestClient, slug: str, path: str) -> None:
    response = client.get(f"{SESSIONS}/{slug}{path}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] in ("unknown_session", "not_found")


def test_an_unknown_format(client: TestClient) -> None:
    assert client.get(f"{HUM}/audio", params={"format": "exe"}).status_code == 422


def test_a_session_is_spoken_ahead_when_asked(client: TestClient) -> None:
    address = f"{HUM}/prepare?minutes=1"
    asked = client.post(address)
    assert asked.status_code == 202
    # The hum is an own script, so that its lines were spoken to plan it.
    assert asked.json() == client.get(address).json() == {"lines": 4, "lines_ready": 4}
    assert client.post(f"{SESSIONS}/unheard-of/prepare").status_code == 404


def test_kept_sessions_are_counted_and_cleared(client: TestClient, outbreath: Outbreath) -> None:
    client.get("/api/v1/sessions/hum/audio?minutes=1&format=mp3")
    kept = EncodedSessions(outbreath.places.session_audio)
    assert 0 < kept.total_bytes < kept.limit_bytes
    being_made = outbreath.places.session_audio / ".another.mp3.part"
    being_made.touch()
    kept.clear()
    assert kept.total_bytes == 0
    assert being_made.exists()


def test_what_was_cleared_or_broke_off_is_encoded_anew(client: TestClient, outbreath: Outbreath) -> None:
    first = client.get(f"{HUM}/audio?minutes=1&format=mp3").content
    (kept,) = outbreath.places.session_audio.iterdir()
    kept.write_bytes(b"")
    assert client.get(f"{HUM}/audio?minutes=1&format=mp3").content == first
    EncodedSessions(outbreath.places.session_audio).clear()
    assert client.get(f"{HUM}/audio?minutes=1&format=mp3").content == first


def test_another_recording_of_the_same_length_is_another_sound(client: TestClient, outbreath: Outbreath) -> None:
    scripts = outbreath.places.scripts
    (scripts / "hum.md").write_text(SCRIPT.replace("One line is spoken here.", "{play a.wav}"))
    tags = []
    for pitch in (220, 330):
        files.encode([sine(pitch, 1.0)], scripts / "a.wav", "wav")
        tags.append(client.head(f"{HUM}/audio?minutes=1").headers["ETag"])
    assert tags[0] != tags[1]


class TestASlowVoice:
    """It takes minutes for the lines of a script of one's own, and nobody knows yet how long they are."""

    @pytest.fixture(autouse=True)
    def slow(self, outbreath: Outbreath, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
        go_on = threading.Event()
        line = Narrator.line

        def held(narrator: Narrator, text: str) -> AudioClip:
            assert go_on.wait(20)
            return line(narrator, text)

        monkeypatch.setattr(Narrator, "line", held)
        monkeypatch.setattr(Narrator, "real_time_factor", 20.0)
        return go_on

    @pytest.mark.parametrize("path", ["timeline", "audio"])
    def test_it_is_answered_at_once_that_it_is_being_prepared(
        self, client: TestClient, slow: threading.Event, path: str
    ) -> None:
        refused = client.get(f"{HUM}/{path}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "being_prepared")
        assert int(refused.headers["retry-after"]) > 0
        slow.set()
        while (answer := client.get(f"{HUM}/timeline")).status_code == 503:
            pass
        assert answer.json()["duration_seconds"] == 60

    def test_so_is_playing(self, client: TestClient, slow: threading.Event) -> None:
        refused = client.post("/api/v1/playback", json={"slug": "hum"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "being_prepared")
        slow.set()

    def test_preparing_tells_how_far_it_is(self, client: TestClient, slow: threading.Event) -> None:
        begun = client.post(f"{HUM}/prepare")
        assert begun.status_code == 202
        assert begun.json()["lines"] > begun.json()["lines_ready"] == 0
        slow.set()
        while (told := client.get(f"{HUM}/prepare").json())["lines_ready"] < told["lines"]:
            pass

    def test_looking_at_the_session_begins_it(self, client: TestClient, slow: threading.Event) -> None:
        assert client.get(HUM).status_code == 200
        slow.set()
        while client.get(f"{HUM}/timeline").status_code == 503:
            pass
