import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import OwnVoiceDamaged, UnclearVoiceFolder, UnknownVoice, VoiceNotInstalled
from tests.voice.speaking import need_kokoro
from voice.hibari_engine import PACKAGED_VOICE, HibariEngine
from voice.model_store import ModelStore
from voice.pinned_models import PINNED
from voice.piper_engine import LONGEST_PIECE_CHARACTERS, PiperVoiceEngine, _pieces
from voice.voices import SHIPPED, selectable, voice


def test_shipped_voices_are_chosen_by_name(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    assert [voice(name, store).name for name in SHIPPED] == ["joe", "hibari"]
    assert isinstance(voice("joe", store), PiperVoiceEngine)
    assert isinstance(voice("hibari", store), HibariEngine)


def test_voices_sound_different_so_their_fingerprints_do(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    assert len({voice(name, store).fingerprint for name in SHIPPED}) == len(SHIPPED)


@pytest.mark.parametrize("name", ["", "emma", "fable", "en_US-amy-medium", "/nowhere/mia.onnx", "JOE"])
def test_any_other_name_is_unknown(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownVoice) as fault:
        voice(name, ModelStore(tmp_path))
    assert "joe, hibari" in fault.value.next_step


@pytest.mark.model
def test_an_own_piper_voice_speaks(models_folder: Path, tmp_path: Path) -> None:
    store = ModelStore(models_folder)
    shipped = store.piper("joe")
    own = tmp_path / "mia.onnx"
    shutil.copy(shipped, own)
    shutil.copy(f"{shipped}.json", f"{own}.json")
    mia = voice(str(own), store)
    assert mia.name == "mia"
    assert sum(clip.frames for clip in mia.speak("Hello.")) > 4_000


@pytest.mark.parametrize("settings", ["{}", "not json", '{"audio": {"sample_rate": "fast"}}'])
def test_an_own_voice_that_is_no_voice_is_damaged(settings: str, tmp_path: Path) -> None:
    own = tmp_path / "mia.onnx"
    own.write_bytes(b"no voice")
    Path(f"{own}.json").write_text(settings)
    mia = voice(str(own), ModelStore(tmp_path / "models"))
    with pytest.raises(OwnVoiceDamaged):
        _ = mia.sample_rate
    with pytest.raises(OwnVoiceDamaged) as fault:
        mia.warm()
    assert "mia" in fault.value.message
    assert ".onnx.json" in fault.value.next_step
    assert "models folder" not in fault.value.next_step


@pytest.fixture
def mias(models_folder: Path, tmp_path: Path) -> Callable[[dict[str, Any]], PiperVoiceEngine]:
    """A person's own voice: the shipped one, with other settings beside it."""
    store = ModelStore(models_folder)
    shipped = store.piper("joe")
    own = tmp_path / "mia.onnx"
    shutil.copy(shipped, own)
    settings = json.loads(Path(f"{shipped}.json").read_text(encoding="utf-8"))

    def make(changes: dict[str, Any]) -> PiperVoiceEngine:
        Path(f"{own}.json").write_text(json.dumps(settings | changes))
        return PiperVoiceEngine(store, str(own))

    return make


UNUSABLE_SETTINGS: dict[str, dict[str, Any]] = {
    "no marks": {"phoneme_id_map": {"a": [1]}},
    "no letters": {"phoneme_id_map": {"_": [0], "^": [1], "$": [2]}},
    "numbers beyond the model": {"phoneme_id_map": {"_": [0], "^": [1], "$": [2], "h": [99_999]}},
    "no map": {"phoneme_id_map": 3},
    "a language nobody speaks": {"espeak": {"voice": "xx-nonexist"}},
    "no rate": {"audio": {"sample_rate": 0}},
    "a rate of days": {"audio": {"sample_rate": 1}},
    "several speakers": {"num_speakers": 7},
    "no settings": {"audio": None},
}


@pytest.mark.model
@pytest.mark.parametrize("changes", UNUSABLE_SETTINGS.values(), ids=list(UNUSABLE_SETTINGS))
def test_an_own_voice_with_unusable_settings_is_damaged(
    mias: Callable[[dict[str, Any]], PiperVoiceEngine], changes: dict[str, Any]
) -> None:
    with pytest.raises(OwnVoiceDamaged):
        list(mias(changes).speak("Hello."))


@pytest.mark.model
def test_an_own_voice_whose_files_were_mended_speaks_without_a_new_start(
    mias: Callable[[dict[str, Any]], PiperVoiceEngine],
) -> None:
    mia = mias({"espeak": {"voice": "xx-nonexist"}})
    before = mia.fingerprint
    with pytest.raises(OwnVoiceDamaged):
        list(mia.speak("Hello."))
    mias({})
    assert list(mia.speak("Hello."))
    assert mia.fingerprint != before


@pytest.mark.parametrize("rate", [0, -1, 1, 10**12])
def test_a_rate_that_no_voice_has_is_damage(rate: int, tmp_path: Path) -> None:
    own = tmp_path / "mia.onnx"
    own.write_bytes(b"no voice")
    Path(f"{own}.json").write_text(json.dumps({"audio": {"sample_rate": rate}}))
    with pytest.raises(OwnVoiceDamaged):
        _ = voice(str(own), ModelStore(tmp_path / "models")).sample_rate


@pytest.mark.model
def test_an_own_voice_with_other_settings_is_another_voice(
    mias: Callable[[dict[str, Any]], PiperVoiceEngine],
) -> None:
    first = mias({}).fingerprint
    other = mias({"audio": {"sample_rate": 16_000}}).fingerprint
    assert first != other
    assert mias({}).fingerprint == first


@pytest.mark.model
def test_what_is_loaded_is_what_it_is_known_by(mias: Callable[[dict[str, Any]], PiperVoiceEngine]) -> None:
    mia = mias({"audio": {"sample_rate": 16_000}})
    before = mia.fingerprint
    mended = mias({}).fingerprint
    mia.warm()
    assert mia.fingerprint == mended != before


def test_the_shipped_voice_is_known_by_its_file_alone(models_folder: Path) -> None:
    assert ModelStore(models_folder).identity("joe") == next(iter(PINNED["joe"].values())).sha256[:16]


@pytest.mark.model
def test_hibari_never_reaches_its_download(models_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import hibari.tts
    import hibari.voices

    def refuse(*_: object, **__: object) -> str:
        raise AssertionError("a download was reached")

    monkeypatch.setattr(hibari.voices, "download", refuse)
    monkeypatch.setattr(hibari.tts, "voice_path", refuse)
    assert hibari.voices.VOICES[PACKAGED_VOICE]["bundled"]
    assert list(HibariEngine(ModelStore(models_folder)).speak("Hello."))


@given(st.text(alphabet="ab ,.;:—!é", max_size=900))
def test_a_long_sentence_is_spoken_in_pieces_that_hold_all_of_it(text: str) -> None:
    pieces = _pieces(text)
    assert all(len(piece) <= LONGEST_PIECE_CHARACTERS for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_long_sentence_is_cut_after_a_comma() -> None:
    clauses = ["Feel the ground under you", *["and let the next breath come by itself"] * 9]
    pieces = _pieces(", ".join(clauses) + ".")
    assert len(pieces) > 1
    assert all(piece.endswith((",", ".")) for piece in pieces)


@pytest.mark.model
def test_a_folder_of_an_own_voice_speaks_and_is_called_as_its_file(models_folder: Path, tmp_path: Path) -> None:
    store = ModelStore(models_folder)
    shipped = store.piper("joe")
    own = tmp_path / "voices" / "mia"
    own.mkdir(parents=True)
    shutil.copy(shipped, own / "en_US-mia.onnx")
    shutil.copy(f"{shipped}.json", own / "en_US-mia.onnx.json")
    mia = voice(str(own), store)
    assert mia.name == "en_US-mia"
    assert mia.fingerprint == voice(str(own / "en_US-mia.onnx"), store).fingerprint
    assert sum(clip.frames for clip in mia.speak("Hello.")) > 4_000


def test_a_folder_without_a_voice_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnclearVoiceFolder):
        voice(str(tmp_path), ModelStore(tmp_path / "models"))


def test_a_voice_that_is_not_installed_says_how_to_add_it(tmp_path: Path, without_kokoro: None) -> None:
    store = ModelStore(tmp_path / "models")
    assert selectable(store) == SHIPPED
    with pytest.raises(VoiceNotInstalled) as fault:
        voice("kokoro", store)
    assert "requirements/install kokoro" in fault.value.next_step


def test_an_installed_voice_can_be_selected(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    need_kokoro(store)
    assert selectable(store) == (*SHIPPED, "kokoro")
    kokoro = voice("kokoro", store)
    assert (kokoro.name, kokoro.sample_rate, kokoro.loaded) == ("kokoro", 24_000, False)
