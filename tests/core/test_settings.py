from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadSettings
from core.settings import Settings, allowed, load


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    return tmp_path


def write(home: Path, text: str) -> None:
    (home / "config" / "config.toml").write_text(text, encoding="utf-8")


def environment(home: Path, **values: str) -> dict[str, str]:
    return {"OUTBREATH_HOME": str(home)} | {f"OUTBREATH_{name}": value for name, value in values.items()}


def test_without_any_source_every_value_is_its_default(home: Path) -> None:
    configuration = load(environment=environment(home))
    assert configuration.settings == Settings()
    assert set(configuration.sources.values()) == {"default"}


def test_a_later_source_wins_and_is_named(home: Path) -> None:
    write(home, 'port = 1\nvoice = "hibari"\nguidance = "less"\n')
    configuration = load({"guidance": "more"}, environment(home, PORT="2", GUIDANCE="normal"))
    settings, sources = configuration.settings, configuration.sources
    assert (settings.voice, sources["voice"]) == ("hibari", "config.toml")
    assert (settings.port, sources["port"]) == (2, "environment")
    assert (settings.guidance, sources["guidance"]) == ("more", "flag")
    assert sources["host"] == "default"


def test_a_flag_that_was_not_given_changes_nothing(home: Path) -> None:
    configuration = load({"port": None}, environment(home, PORT="9000"))
    assert (configuration.settings.port, configuration.sources["port"]) == (9000, "environment")


def test_an_empty_variable_unsets_what_may_be_unset(home: Path) -> None:
    assert load(environment=environment(home, LANGUAGE="")).settings.language is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("PORT", ""),
        ("GUIDANCE", "lots"),
        ("THREADS", "0"),
        ("DAY_STARTS_AT_HOUR", "24"),
        ("LOG_LEVEL", "loud"),
        ("KEY_STORE", "cloud"),
    ],
)
def test_a_bad_value_is_named_and_not_repeated(home: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings) as raised:
        load(environment=environment(home, **{name: value}))
    assert name.lower() in raised.value.message
    assert not value or value not in raised.value.message + raised.value.next_step


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("PORT", "a whole number from 0 to 65535"),
        ("RECORDING_LIMIT_MB", "a whole number from 1 upwards"),
        ("GUIDANCE", "one of: less, normal, more"),
        ("OPEN_PAGE", "true or false"),
    ],
)
def test_the_next_step_says_what_is_allowed(home: Path, name: str, allowed: str) -> None:
    with pytest.raises(BadSettings) as raised:
        load(environment=environment(home, **{name: "nonsense"}))
    assert raised.value.next_step == f"Use {allowed}, then run: outbreath config"


def test_every_setting_can_say_what_is_allowed() -> None:
    assert all(allowed(name) for name in Settings.model_fields)


@pytest.mark.parametrize("given", ["file", "environment", "flag"])
def test_an_unknown_setting_is_refused_wherever_it_stands(home: Path, given: str) -> None:
    if given == "file":
        write(home, "colour = 1\n")
    flags = {"colour": 1} if given == "flag" else None
    variables = {"COLOUR": "1"} if given == "environment" else {}
    with pytest.raises(BadSettings, match="colour"):
        load(flags, environment(home, **variables))


@pytest.mark.parametrize("text", [b"port = ", b"\xff\xfe", b"[port\n"])
def test_a_file_that_is_no_toml_is_refused(home: Path, text: bytes) -> None:
    (home / "config" / "config.toml").write_bytes(text)
    with pytest.raises(BadSettings, match=r"config\.toml"):
        load(environment=environment(home))


def test_a_folder_in_place_of_the_file_is_refused(home: Path) -> None:
    (home / "config" / "config.toml").mkdir()
    with pytest.raises(BadSettings):
        load(environment=environment(home))


def test_the_passphrase_never_becomes_a_setting(home: Path) -> None:
    configuration = load(environment=environment(home, PASSPHRASE="canary"))
    assert "canary" not in repr(configuration)


def test_home_moves_every_folder(home: Path) -> None:
    places = load(environment=environment(home)).places
    for place in (places.data, places.config, places.cache, places.journal, places.models, places.spoken_lines):
        assert place.is_relative_to(home)


def test_settings_cannot_be_changed_once_read(home: Path) -> None:
    settings = load(environment=environment(home)).settings
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1  # type: ignore[misc]
