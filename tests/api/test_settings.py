"""Settings that are chosen on the page: kept, in force at once, and never more than that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.server import create_app
from core import settings
from core.settings import Settings
from outbreath.wiring import Outbreath, build
from tests.api.conftest import HERE
from tests.api.test_phones import NETWORK, PHONE, pair

PATH = "/api/v1/settings"


@pytest.fixture
def file(outbreath: Outbreath) -> Path:
    return outbreath.places.settings_file


def shown(client: TestClient, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(each for each in client.get(PATH).json()["settings"] if each["name"] == name)
    return found


def test_each_has_its_value_its_source_and_its_choices(client: TestClient) -> None:
    assert shown(client, "voice")["choices"][:2] == ["joe", "hibari"]
    guidance = shown(client, "guidance")
    assert (guidance["value"], guidance["source"], guidance["fixed"]) == ("normal", "default", False)
    assert guidance["choices"] == ["less", "normal", "more"]
    assert shown(client, "bed")["choices"][0] is None
    assert "de" in shown(client, "language")["choices"]
    assert shown(client, "lock_after_minutes")["choices"] is None


def test_what_concerns_the_machine_is_not_among_them(client: TestClient) -> None:
    names = {each["name"] for each in client.get(PATH).json()["settings"]}
    assert names == {"voice", "guidance", "bed", "language", "lock_after_minutes"}
    for name in set(Settings.model_fields) - names:
        assert client.patch(PATH, json={name: 1}).json()["error"]["code"] == "bad_value"


def test_a_change_is_kept_and_holds_at_once(client: TestClient, outbreath: Outbreath, file: Path) -> None:
    changes = {"voice": "joe", "guidance": "more", "bed": "ocean", "language": "de", "lock_after_minutes": 10}
    answer = client.patch(PATH, json=changes)
    assert answer.status_code == 200
    assert {each["name"]: each["value"] for each in answer.json()["settings"]} == changes
    assert {each["source"] for each in answer.json()["settings"]} == {"config.toml"}
    assert client.get("/api/v1/health").json()["defaults"] == {"voice": "joe", "guidance": "more", "bed": "ocean"}
    performance = outbreath.guide.prepare("hum")
    assert (performance.voice, performance.bed) == ("joe", "ocean")
    assert "This one only when more is wanted." in performance.lines
    again = settings.load(environment={"OUTBREATH_HOME": str(file.parents[1])}).settings
    assert again.model_dump(include=set(changes)) == changes


def test_null_unsets_a_bed_and_a_language_for_good(client: TestClient, outbreath: Outbreath, file: Path) -> None:
    client.patch(PATH, json={"bed": "rain"})
    client.patch(PATH, json={"bed": None, "language": None})
    assert (outbreath.settings.bed, outbreath.settings.language) == (None, None)
    again = settings.load(environment={"OUTBREATH_HOME": str(file.parents[1])})
    assert (again.settings.language, again.sources["language"]) == (None, "config.toml")


@pytest.mark.parametrize(
    "changes",
    [
        {"voice": "nobody"},
        {"voice": "/etc/passwd"},
        {"voice": "own"},
        {"voice": None},
        {"voice": ""},
        {"guidance": "lots"},
        {"bed": "traffic"},
        {"language": "tlh"},
        {"lock_after_minutes": 0},
        {"lock_after_minutes": 10**9},
        {"lock_after_minutes": None},
        {"voice": "joe", "bed": "traffic"},
        {"voice": "x" * 10_000},
        {"bed": ["rain"]},
        {"host": "0.0.0.0"},
    ],
    ids=str,
)
def test_what_cannot_be_chosen_is_refused_and_nothing_is_written(
    client: TestClient, file: Path, changes: dict[str, Any]
) -> None:
    before = client.get(PATH).json()
    answer = client.patch(PATH, json=changes)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_value")
    assert client.get(PATH).json() == before
    assert not file.exists()


def test_nothing_asked_for_changes_nothing(client: TestClient, file: Path) -> None:
    assert client.patch(PATH, json={}).status_code == 200
    assert not file.exists()


def test_a_file_of_the_person_keeps_its_comments(client: TestClient, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("# my settings\nvoice = 'hibari'\nport = 9000 # the printer has 8765\n")
    client.patch(PATH, json={"voice": "joe"})
    assert file.read_text() == '# my settings\nvoice = "joe"\nport = 9000 # the printer has 8765\n'


def test_a_file_that_is_a_link_stays_one(client: TestClient, file: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "mine.toml"
    elsewhere.write_text("")
    file.parent.mkdir(parents=True)
    file.symlink_to(elsewhere)
    client.patch(PATH, json={"voice": "joe"})
    assert file.is_symlink()
    assert elsewhere.read_text() == 'voice = "joe"\n'


def test_a_file_that_broke_since_the_start_is_left_alone(client: TestClient, file: Path) -> None:
    file.parent.mkdir(parents=True)
    file.write_text("voice = ")
    answer = client.patch(PATH, json={"voice": "joe"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "bad_settings")
    assert file.read_text() == "voice = "
    assert shown(client, "voice")["value"] == "hibari"


@pytest.fixture
def fixed(tmp_path: Path) -> Iterator[TestClient]:
    """A server whose voice is fixed by its environment: one of the person's own."""
    own = tmp_path / "secret place" / "voice.onnx"
    configured = settings.load(environment={"OUTBREATH_HOME": str(tmp_path), "OUTBREATH_VOICE": str(own)})
    with build(configured) as parts:
        yield TestClient(create_app(parts, NETWORK), HERE)


def test_what_the_environment_fixes_is_shown_as_such_and_refused(fixed: TestClient) -> None:
    voice = shown(fixed, "voice")
    assert (voice["value"], voice["source"], voice["fixed"]) == ("own", "environment", True)
    answer = fixed.patch(PATH, json={"voice": "joe"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "setting_fixed")
    assert "OUTBREATH_VOICE" in answer.json()["error"]["message"]


def test_where_an_own_voice_lies_is_not_told(fixed: TestClient) -> None:
    assert "secret" not in fixed.get(PATH).text
    assert fixed.patch(PATH, json={"voice": "own"}).status_code == 200


def test_a_paired_phone_may_choose_but_is_not_this_machine(outbreath: Outbreath) -> None:
    with TestClient(create_app(outbreath, NETWORK), HERE) as here:
        phone = TestClient(here.app, PHONE, follow_redirects=False)
        assert phone.get(PATH).status_code == 401
        pair(here, phone)
        assert phone.patch(PATH, json={"guidance": "less"}).status_code == 200
        assert phone.get(PATH).json()["this_machine"] is False
        assert here.get(PATH).json()["this_machine"] is True
        assert shown(here, "guidance")["value"] == "less"


@pytest.mark.model
def test_a_voice_can_be_heard_before_it_is_chosen(client: TestClient) -> None:
    sound = client.get("/api/v1/voices/hibari/sample")
    assert (sound.status_code, sound.headers["content-type"]) == (200, "audio/wav")
    assert len(sound.content) > 100_000
    assert client.get("/api/v1/voices/nobody/sample").json()["error"]["code"] == "unknown_voice"
    assert client.get("/api/v1/voices/own/sample").json()["error"]["code"] == "unknown_voice"
