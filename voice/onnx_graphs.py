"""Changes models while they load, for speed and memory; the files stay as they are. The door to onnx."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

VOCODER_OPERATIONS: Final = {"Conv", "ConvTranspose", "LeakyRelu", "Add", "Div", "Tanh", "Unsqueeze"}
"""What a HiFi-GAN is made of (Kong et al. 2020, arXiv:2010.05646)."""

AXES_AS_INPUT_SINCE: Final = 13
"""The version of ONNX's operators from which ``Unsqueeze`` and ``Squeeze`` take their axes as an input."""

LARGEST_VOICE_BYTES: Final = 500_000_000
"""Piper's largest voices have a quarter of it. onnx reads a file whole before it looks at it, whatever it is."""

_HEIGHT_AXIS: Final = "the axis of a picture's height"


# --- Convolutions in floating point -----------------------------------------------------------------------------------


def with_float_convolutions(model: bytes) -> bytes:
    """The model with every quantised convolution computed in floating point.

    onnxruntime has no quick way for ``ConvInteger`` on most processors: nine tenths of the time of Kokoro went into it,
    and floating point is several times faster. The weights are widened while the model loads. A quantised convolution
    is a chain of nodes, with a bias or without::

        x ─ DynamicQuantizeLinear ─ ConvInteger ─ [Add ── Reshape ── Cast ── Floor ── Div ── bias] ─ Cast ─ Mul ─ y
                                                                                      └──── scale ──────────┘

    and becomes ``y = Conv(x, DequantizeLinear(weights), bias)``.

    Raises:
        ValueError, LookupError: its convolutions are quantised in another way.
    """
    import onnx

    whole = onnx.load_model_from_string(model)
    nodes = list(whole.graph.node)
    replaced = dict(_widened(nodes))
    wide = [new for node in nodes for new in replaced.get(node.output[0], (node,))]
    _keep(whole, _needed(wide, {result.name for result in whole.graph.output}))
    widened: bytes = whole.SerializeToString()
    return widened


def _widened(nodes: list[NodeProto]) -> Iterator[tuple[str, tuple[NodeProto, NodeProto]]]:
    """For each chain the name of what it yields, and the two nodes that yield the same."""
    from onnx.helper import make_node

    makers = {name: node for node in nodes for name in node.output}
    users: dict[str, list[NodeProto]] = {}
    for node in nodes:
        for name in node.input:
            users.setdefault(name, []).append(node)
    for convolution in (node for node in nodes if node.op_type == "ConvInteger"):
        quantised, weights, _, zero_point = convolution.input
        source, source_scale = makers[quantised].input[0], makers[quantised].output[1]
        (follower,) = users[convolution.output[0]]
        bias: list[str] = []
        if follower.op_type == "Add":
            (reshaped,) = (name for name in follower.input if name not in convolution.output)
            division = makers[reshaped]
            while division.op_type != "Div":
                division = makers[division.input[0]]
            bias = [division.input[0]]
            (follower,) = users[follower.output[0]]
        (end,) = users[follower.output[0]]
        if (follower.op_type, end.op_type) != ("Cast", "Mul"):
            raise ValueError("a convolution that is quantised in another way")
        (scale,) = (name for name in end.input if name not in follower.output)
        (weights_scale,) = (name for name in makers[scale].input if name != source_scale)
        wide = f"{end.output[0]}/weights"
        in_float = make_node("Conv", [source, wide, *bias], end.output)
        in_float.attribute.extend(convolution.attribute)
        yield end.output[0], (make_node("DequantizeLinear", [weights, weights_scale, zero_point], [wide]), in_float)


# --- A voice in two parts ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VoiceInParts:
    """A voice that was cut in two: what decides about the sounds, and the vocoder that makes samples of them.

    Attributes:
        reader: from phonemes to frames, shape (1, channels, frames).
        vocoder: from frames to samples. It may be run on any stretch of the frames.
        samples_per_frame: so many samples it makes of each frame.
        reach_frames: so many frames to each side have a part in a sample.
    """

    reader: bytes
    vocoder: bytes
    samples_per_frame: int
    reach_frames: int


def in_parts(model: Path) -> VoiceInParts:
    """A VITS voice, such as Piper's, cut where its vocoder begins.

    The vocoder takes most of the time and nearly all of the memory, both for each second of sound. Cut off, it can be
    run window by window. Its convolutions are of sound, in one dimension, for which onnxruntime has no quick layout;
    of pictures with a height of one they take a quarter less time.

    Raises:
        ValueError, LookupError: the model is built in another way.
    """
    import onnx
    from onnx.external_data_helper import convert_model_from_external_data

    if model.stat().st_size > LARGEST_VOICE_BYTES:
        raise ValueError("too large to be read twice")
    # Weights in files of their own onnx would read whole, however large; onnxruntime reads what belongs to the model.
    whole = onnx.load(model, load_external_data=False)
    convert_model_from_external_data(whole)  # a ValueError if there are any
    if not any(each.domain in ("", "ai.onnx") and each.version >= AXES_AS_INPUT_SINCE for each in whole.opset_import):
        raise ValueError("a model of old operators")
    cut, vocoder = _vocoder(whole)
    samples_per_frame, reach_frames = _reach(vocoder, cut)
    last = _only(whole, vocoder, cut)
    made = {name for node in vocoder for name in node.output}
    first = [node for node in whole.graph.node if made.isdisjoint(node.output)]
    whole.graph.output[0].CopyFrom(onnx.helper.make_tensor_value_info(cut, onnx.TensorProto.FLOAT, None))
    _keep(whole, first)
    return VoiceInParts(whole.SerializeToString(), last, samples_per_frame, reach_frames)


def _vocoder(whole: ModelProto) -> tuple[str, list[NodeProto]]:
    """The name of the one thing that goes into the vocoder, and its nodes in their order."""
    graph = whole.graph
    constants = {each.name for each in graph.initializer}
    constants.update(name for node in graph.node if node.op_type == "Constant" for name in node.output)
    needed = {graph.output[0].name}
    behind: list[NodeProto] = []
    found: tuple[str, int] | None = None
    for node in reversed(graph.node):
        if node.op_type not in VOCODER_OPERATIONS or not needed.intersection(node.output):
            continue
        needed.difference_update(node.output)
        needed.update(name for name in node.input if name not in constants)
        behind.append(node)
        if len(needed) == 1:
            found = (*needed, len(behind))
    if len(graph.output) != 1 or not found or not any(node.op_type == "ConvTranspose" for node in behind[: found[1]]):
        raise ValueError("a model without a vocoder that stands for itself")
    cut, count = found
    return cut, behind[:count][::-1]


def _reach(vocoder: list[NodeProto], cut: str) -> tuple[int, int]:
    """Samples for each frame that goes in, and the frames to each side that have a part in a sample.

    Raises:
        ValueError: a convolution makes other than as many samples of each that goes in as its stride says.
    """
    samples, reach = {cut: 1}, {cut: 0.0}
    for node in vocoder:
        sources = [name for name in node.input if name in samples]
        rate, far = samples[sources[0]], max(reach[name] for name in sources)
        if node.op_type in ("Conv", "ConvTranspose"):
            shape = _shape(node)
            extent = (shape.kernel - 1) * shape.dilation + 1
            backwards = node.op_type == "ConvTranspose"
            if extent - sum(shape.pads) != shape.stride or (shape.stride != 1 and not backwards):
                raise ValueError("a convolution that pads in another way")
            far += (extent / shape.stride if backwards else max(shape.pads)) / rate
            rate *= shape.stride
        for name in node.output:
            samples[name], reach[name] = rate, far
    last = vocoder[-1].output[0]
    return samples[last], ceil(reach[last])


def _only(whole: ModelProto, nodes: list[NodeProto], source: str) -> bytes:
    """The last nodes of a model as a model of its own, their convolutions as those of pictures."""
    from onnx import TensorProto
    from onnx.helper import make_graph, make_model, make_tensor, make_tensor_value_info

    names = {name for node in nodes for name in node.input}
    constants = [node for node in whole.graph.node if node.op_type == "Constant" and names.intersection(node.output)]
    used = [each for each in whole.graph.initializer if each.name in names]
    graph = make_graph(
        [*constants, *(new for node in nodes for new in _of_pictures(node))],
        "vocoder",
        [make_tensor_value_info(source, TensorProto.FLOAT, None)],
        [make_tensor_value_info(nodes[-1].output[0], TensorProto.FLOAT, None)],
        [*used, make_tensor(_HEIGHT_AXIS, TensorProto.INT64, [1], [2])],
    )
    model = make_model(graph, opset_imports=whole.opset_import, ir_version=whole.ir_version)
    alone: bytes = model.SerializeToString()
    return alone


def _of_pictures(node: NodeProto) -> Iterator[NodeProto]:
    """A convolution of sound as one of pictures with a height of one; other nodes as they are."""
    from onnx.helper import make_node

    if node.op_type not in ("Conv", "ConvTranspose"):
        yield node
        return
    shape = _shape(node)
    sound, weights, *bias = node.input
    (result,) = node.output
    picture, wide, made = (f"{result}/{name}" for name in ("picture", "weights", "made"))
    yield make_node("Unsqueeze", [sound, _HEIGHT_AXIS], [picture])
    yield make_node("Unsqueeze", [weights, _HEIGHT_AXIS], [wide])
    yield make_node(
        node.op_type,
        [picture, wide, *bias],
        [made],
        kernel_shape=[1, shape.kernel],
        strides=[1, shape.stride],
        dilations=[1, shape.dilation],
        pads=[0, shape.pads[0], 0, shape.pads[1]],
        group=shape.group,
    )
    yield make_node("Squeeze", [made, _HEIGHT_AXIS], [result])


class _Shape(NamedTuple):
    """What a convolution of sound says of itself."""

    kernel: int
    stride: int
    dilation: int
    pads: tuple[int, int]
    group: int


def _shape(convolution: NodeProto) -> _Shape:
    from onnx.helper import get_attribute_value

    said = {each.name: get_attribute_value(each) for each in convolution.attribute}
    if said.get("auto_pad", b"NOTSET") != b"NOTSET" or any(said.get("output_padding", ())) or "output_shape" in said:
        raise ValueError("a convolution that leaves its padding open")
    (kernel,), (stride,), (dilation,) = said["kernel_shape"], said["strides"], said["dilations"]
    begin, end = said["pads"]
    return _Shape(kernel, stride, dilation, (begin, end), said["group"])


# --- Graphs -----------------------------------------------------------------------------------------------------------


def _needed(nodes: list[NodeProto], results: set[str]) -> list[NodeProto]:
    """Those that something depends on, in their order; a node stands behind all that it needs."""
    needed = set(results)
    kept: list[NodeProto] = []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]


def _keep(whole: ModelProto, nodes: list[NodeProto]) -> None:
    """Leaves only these nodes in the model, without the constants that nothing else used."""
    graph = whole.graph
    named = {name for node in graph.node for name in node.input}
    unused = named.difference(name for node in nodes for name in node.input)
    del graph.node[:]
    graph.node.extend(nodes)
    for at in reversed(range(len(graph.initializer))):
        if graph.initializer[at].name in unused:
            del graph.initializer[at]
