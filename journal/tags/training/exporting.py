"""From PyTorch to the files that are shipped: the encoder in 8 bit for CTranslate2, and its tokenizer."""

from __future__ import annotations

import shutil
from pathlib import Path

from journal.meaning.encoder_files import ENCODER_FILES


def export_encoder(learned: Path, original: Path, folder: Path) -> None:
    """Writes the encoder into the model's folder.

    Args:
        learned: what fine-tuning saved.
        original: the original encoder, for its tokenizer.
        folder: the model's folder, which is made.
    """
    from ctranslate2.converters import TransformersConverter

    shutil.copy(original / "tokenizer.json", learned / "tokenizer.json")
    shutil.copy(original / "tokenizer_config.json", learned / "tokenizer_config.json")
    shutil.copy(original / "vocab.txt", learned / "vocab.txt")
    folder.mkdir(parents=True, exist_ok=True)
    converted = learned / "converted"
    TransformersConverter(str(learned)).convert(str(converted), quantization="int8", force=True)
    for name in ENCODER_FILES:
        source = original if name == "tokenizer.json" else converted
        shutil.copy(source / name, folder / name)
