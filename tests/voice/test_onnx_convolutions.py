"""A model of one convolution, put together by hand, computes the same when it no longer counts in 8 bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.voice.speaking import need_kokoro
from voice.model_store import KOKORO_MODEL, ModelStore
from voice.onnx_convolutions import Node, _encoded, _field, _fields, _node, with_float_convolutions
from voice.onnx_runtime import session

RANDOM = np.random.default_rng(7)
SOUND = RANDOM.normal(size=(1, 2, 40)).astype(np.float32)
WEIGHTS = RANDOM.integers(-100, 100, (3, 2, 5)).astype(np.int8)
WEIGHTS_SCALE = np.float32(0.01)
BIAS = np.array([0.5, -1.0, 2.0], dtype=np.float32)

FLOAT, INT8, INT32, INT64 = 1, 3, 6, 7
TYPES = {"float32": FLOAT, "int8": INT8, "int64": INT64}


def number(field: int, value: int) -> bytes:
    return _encoded(field << 3) + _encoded(value)


def text(field: int, value: str) -> bytes:
    return _field(field, value.encode())


def constant(name: str, value: NDArray[np.generic]) -> bytes:
    shape = b"".join(number(1, size) for size in value.shape)
    return _field(5, shape + number(2, TYPES[value.dtype.name]) + text(8, name) + _field(9, value.tobytes()))


def port(field: int, name: str) -> bytes:
    return _field(field, text(1, name) + _field(2, _field(1, number(1, FLOAT))))


def to(kind: int) -> bytes:
    return text(1, "to") + number(3, kind) + number(20, 2)


def padded(frames: int) -> bytes:
    return text(1, "pads") + number(8, frames) + number(8, frames) + number(20, 7)


def model(with_bias: bool) -> bytes:
    """One quantised convolution, as tools write it; its result goes through one more node."""
    bias = [
        Node("Div", ("bias", "scale"), ("bias steps",)),
        Node("Floor", ("bias steps",), ("whole bias steps",)),
        Node("Cast", ("whole bias steps",), ("whole bias",), (to(INT32),)),
        Node("Reshape", ("whole bias", "shape"), ("shaped bias",)),
        Node("Add", ("sum", "shaped bias"), ("biased sum",)),
    ]
    nodes = [
        Node("DynamicQuantizeLinear", ("x",), ("quantised", "x scale", "x zero")),
        Node("Mul", ("x scale", "weights scale"), ("scale",)),
        Node("ConvInteger", ("quantised", "weights", "x zero", "weights zero"), ("sum",), (padded(2),)),
        *(bias if with_bias else ()),
        Node("Cast", ("biased sum" if with_bias else "sum",), ("float sum",), (to(FLOAT),)),
        Node("Mul", ("float sum", "scale"), ("convolved",)),
        Node("Neg", ("convolved",), ("y",)),
    ]
    constants = {
        "weights": WEIGHTS,
        "weights scale": np.array(WEIGHTS_SCALE),
        "weights zero": np.array(0, dtype=np.int8),
        "bias": BIAS,
        "shape": np.array([1, 3, 1], dtype=np.int64),
    }
    graph = [
        *(_field(1, bytes(node.encoded())) for node in nodes),
        text(2, "one convolution"),
        *(constant(name, value) for name, value in constants.items()),
        port(11, "x"),
        port(12, "y"),
    ]
    return number(1, 8) + _field(7, b"".join(graph)) + _field(8, text(1, "") + number(2, 17))


def computed(content: bytes) -> NDArray[np.float32]:
    (found,) = session(content, 1, "one convolution").run(None, {"x": SOUND})
    return np.asarray(found)


def operations(content: bytes) -> list[str]:
    (graph,) = (value for field, value, _ in _fields(memoryview(content)) if field == 7)
    return [_node(value).operation for field, value, _ in _fields(graph) if field == 1]


@pytest.mark.parametrize("with_bias", [True, False])
def test_it_computes_the_same_and_no_longer_in_8_bit(with_bias: bool) -> None:
    quantised = model(with_bias)
    widened = with_float_convolutions(quantised)
    assert operations(widened) == ["DequantizeLinear", "Conv", "Neg"]
    padded_sound = np.pad(SOUND[0], ((0, 0), (2, 2)))
    weights = WEIGHTS * WEIGHTS_SCALE
    exact = [
        sum(np.correlate(padded_sound[channel], kernel[channel]) for channel in range(2)) + bias * with_bias
        for kernel, bias in zip(weights, BIAS, strict=True)
    ]
    np.testing.assert_allclose(computed(widened)[0], -np.array(exact), atol=1e-4)
    np.testing.assert_allclose(computed(quantised), computed(widened), atol=0.1)


def test_a_model_without_such_convolutions_stays() -> None:
    once = with_float_convolutions(model(with_bias=True))
    assert with_float_convolutions(once) == once


def test_another_way_of_quantising_is_told() -> None:
    odd = model(with_bias=False).replace(b"Cast", b"Sqrt")
    with pytest.raises(ValueError, match="another way"):
        with_float_convolutions(odd)


@given(st.integers(min_value=0, max_value=2**63 - 1), st.binary(max_size=300))
def test_fields_are_read_as_they_were_written(value: int, content: bytes) -> None:
    message = number(3, value) + _field(12345, content) + b"\x2d1234" + b"\x3112345678"
    found = [(field, bytes(inner)) for field, inner, _ in _fields(memoryview(message))]
    assert found == [(3, b""), (12345, content), (5, b"1234"), (6, b"12345678")]
    assert b"".join(bytes(whole) for _, _, whole in _fields(memoryview(message))) == message


@pytest.mark.model
def test_kokoro_counts_no_convolution_in_8_bit(models_folder: Path) -> None:
    store = ModelStore(models_folder)
    need_kokoro(store)
    content = (store.kokoro() / KOKORO_MODEL).read_bytes()
    assert operations(content).count("ConvInteger") == 87
    found = operations(with_float_convolutions(content))
    assert found.count("ConvInteger") == 0
    assert found.count("Conv") == 88
