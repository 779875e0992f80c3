"""Small models, put together by hand, compute the same after they were changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx.helper import make_graph, make_model, make_node, make_opsetid, make_tensor_value_info

from tests.voice.speaking import need_kokoro
from voice.model_store import KOKORO_MODEL, ModelStore
from voice.onnx_graphs import VoiceInParts, in_parts, with_float_convolutions
from voice.onnx_runtime import session
from voice.piper_model import WINDOW_FRAMES, WindowedSession, piper_session

RANDOM = np.random.default_rng(7)
Constants = dict[str, NDArray[np.generic]]


def assembled(nodes: list[onnx.NodeProto], constants: Constants, version: int = 17) -> bytes:
    """A model from ``x`` to ``y``."""
    graph = make_graph(
        nodes,
        "a small model",
        [make_tensor_value_info("x", onnx.TensorProto.FLOAT, None)],
        [make_tensor_value_info("y", onnx.TensorProto.FLOAT, None)],
        [onnx.numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return bytes(make_model(graph, opset_imports=[make_opsetid("", version)], ir_version=8).SerializeToString())


def operations(model: bytes) -> list[str]:
    return [node.op_type for node in onnx.load_model_from_string(model).graph.node]


# --- Convolutions in floating point -----------------------------------------------------------------------------------

SOUND = RANDOM.normal(size=(1, 2, 40)).astype(np.float32)
WEIGHTS = RANDOM.integers(-100, 100, (3, 2, 5)).astype(np.int8)
WEIGHTS_SCALE = np.float32(0.01)
BIAS = np.array([0.5, -1.0, 2.0], dtype=np.float32)


def quantised(with_bias: bool) -> bytes:
    """One quantised convolution, as tools write it; its result goes through one more node."""
    bias = [
        make_node("Div", ["bias", "scale"], ["bias steps"]),
        make_node("Floor", ["bias steps"], ["whole bias steps"]),
        make_node("Cast", ["whole bias steps"], ["whole bias"], to=onnx.TensorProto.INT32),
        make_node("Reshape", ["whole bias", "shape"], ["shaped bias"]),
        make_node("Add", ["sum", "shaped bias"], ["biased sum"]),
    ]
    nodes = [
        make_node("DynamicQuantizeLinear", ["x"], ["quantised", "x scale", "x zero"]),
        make_node("Mul", ["x scale", "weights scale"], ["scale"]),
        make_node("ConvInteger", ["quantised", "weights", "x zero", "weights zero"], ["sum"], pads=[2, 2]),
        *(bias if with_bias else ()),
        make_node("Cast", ["biased sum" if with_bias else "sum"], ["float sum"], to=onnx.TensorProto.FLOAT),
        make_node("Mul", ["float sum", "scale"], ["convolved"]),
        make_node("Neg", ["convolved"], ["y"]),
    ]
    constants: Constants = {
        "weights": WEIGHTS,
        "weights scale": np.array(WEIGHTS_SCALE),
        "weights zero": np.array(0, dtype=np.int8),
        "bias": BIAS,
        "shape": np.array([1, 3, 1], dtype=np.int64),
    }
    return assembled(nodes, constants)


def computed(model: bytes) -> NDArray[np.float32]:
    (found,) = session(model, 1, "one convolution").run(None, {"x": SOUND})
    return np.asarray(found)


@pytest.mark.parametrize("with_bias", [True, False])
def test_it_computes_the_same_and_no_longer_in_8_bit(with_bias: bool) -> None:
    model = quantised(with_bias)
    widened = with_float_convolutions(model)
    assert operations(widened) == ["DequantizeLinear", "Conv", "Neg"]
    padded_sound = np.pad(SOUND[0], ((0, 0), (2, 2)))
    weights = WEIGHTS * WEIGHTS_SCALE
    exact = [
        sum(np.correlate(padded_sound[channel], kernel[channel]) for channel in range(2)) + bias * with_bias
        for kernel, bias in zip(weights, BIAS, strict=True)
    ]
    np.testing.assert_allclose(computed(widened)[0], -np.array(exact), atol=1e-4)
    np.testing.assert_allclose(computed(model), computed(widened), atol=0.1)


def test_a_model_without_such_convolutions_stays() -> None:
    once = with_float_convolutions(quantised(with_bias=True))
    assert with_float_convolutions(once) == once


def test_another_way_of_quantising_is_told() -> None:
    odd = quantised(with_bias=False).replace(b"Cast", b"Sqrt")
    with pytest.raises(ValueError, match="another way"):
        with_float_convolutions(odd)


@pytest.mark.model
def test_kokoro_counts_no_convolution_in_8_bit(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    need_kokoro(store)
    content = (store.kokoro() / KOKORO_MODEL).read_bytes()
    assert operations(content).count("ConvInteger") == 87
    found = operations(with_float_convolutions(content))
    assert found.count("ConvInteger") == 0
    assert found.count("Conv") == 88


# --- A voice in two parts ---------------------------------------------------------------------------------------------

CHANNELS = 6


def normal(*shape: int) -> NDArray[np.generic]:
    return (RANDOM.normal(size=shape) / shape[-1]).astype(np.float32)


VOICE: Constants = {
    "loudness": np.array(0.5, dtype=np.float32),
    "first": normal(CHANNELS, CHANNELS, 7),
    "upwards": normal(CHANNELS, 4, 8),
    "near": normal(4, 4, 3),
    "far": normal(4, 4, 5),
    "last": normal(1, 4, 7),
    "bias": normal(4),
    "two": np.array(2, dtype=np.float32),
}
FLAT = {"strides": [1], "group": 1}


def voice(version: int = 17, upwards: str = "ConvTranspose") -> bytes:
    """What is behind the first node is built as a vocoder is, and makes four samples of each frame."""
    nodes = [
        make_node("Mul", ["x", "loudness"], ["frames"]),
        make_node("Conv", ["frames", "first"], ["a"], kernel_shape=[7], dilations=[1], pads=[3, 3], **FLAT),
        make_node("LeakyRelu", ["a"], ["b"], alpha=0.1),
        make_node(upwards, ["b", "upwards"], ["c"], kernel_shape=[8], dilations=[1], strides=[4], pads=[2, 2], group=1),
        make_node("Conv", ["c", "near", "bias"], ["d"], kernel_shape=[3], dilations=[1], pads=[1, 1], **FLAT),
        make_node("Conv", ["c", "far"], ["e"], kernel_shape=[5], dilations=[6], pads=[12, 12], **FLAT),
        make_node("Add", ["d", "e"], ["f"]),
        make_node("Div", ["f", "two"], ["g"]),
        make_node("Conv", ["g", "last"], ["h"], kernel_shape=[7], dilations=[1], pads=[3, 3], **FLAT),
        make_node("Tanh", ["h"], ["y"]),
    ]
    return assembled(nodes, VOICE, version)


@pytest.fixture
def on_disk(tmp_path: Path) -> Path:
    path = tmp_path / "voice.onnx"
    path.write_bytes(voice())
    return path


def test_a_voice_is_cut_where_its_vocoder_begins(on_disk: Path) -> None:
    parts = in_parts(on_disk)
    assert operations(parts.reader) == ["Mul"]
    assert "Mul" not in operations(parts.vocoder)
    assert parts.samples_per_frame == 4
    # 3 + 8/4 + 12/4 + 3/4 frames of the longest way.
    assert parts.reach_frames == 9
    assert len(onnx.load_model_from_string(parts.reader).graph.initializer) == 1


@pytest.mark.parametrize(
    "frames", [1, 5, 299, WINDOW_FRAMES, WINDOW_FRAMES + 1, 2 * WINDOW_FRAMES, 3 * WINDOW_FRAMES + 7]
)
def test_windows_make_the_samples_of_the_whole(on_disk: Path, frames: int) -> None:
    sound = {"x": RANDOM.normal(size=(1, CHANNELS, frames)).astype(np.float32)}
    (whole,) = session(on_disk, 1, "a voice").run(None, sound)
    (windowed,) = piper_session(on_disk, "a voice").run(None, sound)
    assert windowed.shape == whole.shape == (1, 1, 4 * frames)
    np.testing.assert_allclose(windowed, whole, atol=1e-6)


def test_less_than_the_reach_would_be_heard(on_disk: Path) -> None:
    sound = {"x": RANDOM.normal(size=(1, CHANNELS, 2 * WINDOW_FRAMES)).astype(np.float32)}
    parts: VoiceInParts = in_parts(on_disk)
    reader, vocoder = session(parts.reader, 1, "a voice"), session(parts.vocoder, 1, "a voice")
    (whole,) = session(on_disk, 1, "a voice").run(None, sound)
    (cut,) = WindowedSession(reader, vocoder, parts.samples_per_frame, 4).run(None, sound)
    assert np.abs(cut - whole).max() > 1e-3


@pytest.mark.parametrize("model", [voice(version=11), voice(upwards="Conv"), quantised(with_bias=False), b"", b"junk"])
def test_what_is_built_in_another_way_is_not_cut(tmp_path: Path, model: bytes) -> None:
    path = tmp_path / "other.onnx"
    path.write_bytes(model)
    with pytest.raises(Exception):  # noqa: B017, PT011 (onnx's errors for what is no model share no class)
        in_parts(path)


def test_a_voice_that_is_not_cut_speaks_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "older.onnx"
    path.write_bytes(voice(version=12))
    sound = {"x": RANDOM.normal(size=(1, CHANNELS, 20)).astype(np.float32)}
    (found,) = piper_session(path, "a voice").run(None, sound)
    (whole,) = session(path, 1, "a voice").run(None, sound)
    np.testing.assert_array_equal(found, whole)


def changed(change: Callable[[onnx.ModelProto], object]) -> onnx.ModelProto:
    model = onnx.load_model_from_string(voice())
    change(model)
    return model


def in_half_precision(model: onnx.ModelProto) -> None:
    for each in model.graph.initializer:
        each.CopyFrom(onnx.numpy_helper.from_array(VOICE[each.name].astype(np.float16), each.name))
    for end in (*model.graph.input, *model.graph.output):
        end.type.tensor_type.elem_type = onnx.TensorProto.FLOAT16


def with_a_branch(model: onnx.ModelProto) -> None:
    """Its reader takes a constant of the vocoder, from within a branch."""
    result = make_tensor_value_info("branched", onnx.TensorProto.FLOAT, None)
    branch = make_graph([make_node("Mul", ["x", "two"], ["branched"])], "a branch", [], [result])
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.array(True), "always"))
    model.graph.node[0].CopyFrom(make_node("If", ["always"], ["frames"], then_branch=branch, else_branch=branch))


def without_padding(model: onnx.ModelProto) -> None:
    (pads,) = (each for each in model.graph.node[-2].attribute if each.name == "pads")
    pads.ints[:] = [0, 0]


@pytest.mark.parametrize("change", [in_half_precision, with_a_branch, without_padding])
def test_a_voice_whose_parts_would_not_fit_speaks_as_it_is(
    tmp_path: Path, change: Callable[[onnx.ModelProto], object]
) -> None:
    path = tmp_path / "odd.onnx"
    onnx.save(changed(change), path)
    precision = np.float16 if change is in_half_precision else np.float32
    sound = {"x": RANDOM.normal(size=(1, CHANNELS, 250)).astype(precision)}
    (found,) = piper_session(path, "a voice").run(None, sound)
    (whole,) = session(path, 1, "a voice").run(None, sound)
    np.testing.assert_array_equal(found, whole)


def test_weights_in_a_file_of_their_own_are_left_to_onnxruntime(tmp_path: Path) -> None:
    path = tmp_path / "voice.onnx"
    onnx.save(changed(lambda _: None), path, save_as_external_data=True, location="weights", size_threshold=0)
    with pytest.raises(ValueError, match="raw_data"):
        in_parts(path)
    sound = {"x": RANDOM.normal(size=(1, CHANNELS, 20)).astype(np.float32)}
    assert piper_session(path, "a voice").run(None, sound)[0].shape == (1, 1, 80)


def test_a_huge_file_is_left_to_onnxruntime(on_disk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voice.onnx_graphs.LARGEST_VOICE_BYTES", 100)
    with pytest.raises(ValueError, match="too large"):
        in_parts(on_disk)
    sound = {"x": RANDOM.normal(size=(1, CHANNELS, 20)).astype(np.float32)}
    assert piper_session(on_disk, "a voice").run(None, sound)[0].shape == (1, 1, 80)


@pytest.mark.timeout(60)
def test_many_branches_are_seen_through_at_once(tmp_path: Path) -> None:
    count = 20_000
    sums = [make_node("Add", [f"sum {at}", f"part {at}"], [f"sum {at + 1}"]) for at in range(count)]
    model = assembled([*sums, make_node("Tanh", [f"sum {count}"], ["y"])], {})
    path = tmp_path / "branches.onnx"
    path.write_bytes(model)
    with pytest.raises(ValueError, match="without a vocoder"):
        in_parts(path)


@pytest.mark.model
def test_joe_is_cut(models_folder: Path) -> None:
    parts = in_parts(ModelStore(models_folder).piper("joe"))
    assert (parts.samples_per_frame, parts.reach_frames) == (256, 12)
    assert len(parts.vocoder) < 10_000_000
