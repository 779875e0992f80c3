"""Lets a model whose convolutions count in 8 bit compute them in floating point, without another copy on disk.

onnxruntime has no quick way for ``ConvInteger`` on most processors: nine tenths of the time of Kokoro went into it, and
floating point is several times faster. The weights stay as they are in the file and are widened while the model loads.

A quantised convolution is a chain of nodes, with a bias or without::

    x ─ DynamicQuantizeLinear ─ ConvInteger ─ [Add ── Reshape ── Cast ── Floor ── Div ── bias] ─ Cast ─ Mul ─ y
                                                                                  └──── scale ──────────┘

and becomes ``y = Conv(x, DequantizeLinear(weights), bias)``. The file is a message of Protocol Buffers, of which only
the list of nodes is touched. ONNX numbers the fields in its ``onnx.proto``; how they are encoded, Protocol Buffers say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

# Numbers of the fields: in a model, in a graph, in a node, in the description of a result.
_GRAPH = 7
_NODE, _RESULT = 1, 12
_INPUT, _OUTPUT, _NAME, _OPERATION, _ATTRIBUTE = 1, 2, 3, 4, 5
_RESULT_NAME = 1

_NUMBER, _EIGHT_BYTES, _MESSAGE, _FOUR_BYTES = 0, 1, 2, 5
"""How a field is encoded: a number of any length, or so many bytes; a message has its length before it."""


@dataclass(frozen=True, slots=True)
class Node:
    """One operation: names of what goes in and comes out, and its attributes as they stand in the file."""

    operation: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: tuple[bytes | memoryview, ...] = ()
    original: bytes | memoryview | None = None
    """The whole node as it stands in the file, if it does."""

    def encoded(self) -> bytes | memoryview:
        """The node as a message."""
        if self.original is not None:
            return self.original
        return b"".join(
            (
                *(_field(_INPUT, name.encode()) for name in self.inputs),
                *(_field(_OUTPUT, name.encode()) for name in self.outputs),
                _field(_NAME, f"{self.outputs[0]}/{self.operation}".encode()),
                _field(_OPERATION, self.operation.encode()),
                *(_field(_ATTRIBUTE, attribute) for attribute in self.attributes),
            )
        )


def with_float_convolutions(model: bytes) -> bytes:
    """The model with every quantised convolution computed in floating point.

    Raises:
        ValueError, LookupError: this is no model, or its convolutions are quantised in another way.
    """
    return b"".join(
        _field(_GRAPH, _graph(value)) if number == _GRAPH else whole
        for number, value, whole in _fields(memoryview(model))
    )


def _graph(graph: memoryview) -> bytes:
    nodes: list[Node] = []
    others: list[memoryview] = []
    results: set[str] = set()
    for number, value, whole in _fields(graph):
        if number == _NODE:
            nodes.append(_node(value))
            continue
        others.append(whole)
        if number == _RESULT:
            results.update(_text(inner) for field, inner, _ in _fields(value) if field == _RESULT_NAME)
    return b"".join((*(_field(_NODE, node.encoded()) for node in _used(_rewritten(nodes), results)), *others))


def _rewritten(nodes: list[Node]) -> list[Node]:
    makers = {name: node for node in nodes for name in node.outputs}
    users: dict[str, list[Node]] = {}
    for node in nodes:
        for name in node.inputs:
            users.setdefault(name, []).append(node)
    replaced: dict[str, tuple[Node, Node]] = {}
    for node in nodes:
        if node.operation == "ConvInteger":
            end, pair = _widened(node, makers, users)
            replaced[end] = pair
    return [new for node in nodes for new in replaced.get(node.outputs[0], (node,))]


def _widened(convolution: Node, makers: dict[str, Node], users: dict[str, list[Node]]) -> tuple[str, tuple[Node, Node]]:
    """The name of what a chain yields, and the two nodes that yield the same."""
    quantised, weights, _, zero_point = convolution.inputs
    source, source_scale = makers[quantised].inputs[0], makers[quantised].outputs[1]
    (follower,) = users[convolution.outputs[0]]
    bias: tuple[str, ...] = ()
    if follower.operation == "Add":
        (reshaped,) = (name for name in follower.inputs if name not in convolution.outputs)
        division = makers[reshaped]
        while division.operation != "Div":
            division = makers[division.inputs[0]]
        bias = division.inputs[:1]
        (follower,) = users[follower.outputs[0]]
    (end,) = users[follower.outputs[0]]
    if (follower.operation, end.operation) != ("Cast", "Mul"):
        raise ValueError("a convolution that is quantised in another way")
    (scale,) = (name for name in end.inputs if name not in follower.outputs)
    (weights_scale,) = (name for name in makers[scale].inputs if name != source_scale)
    wide = f"{end.outputs[0]}/weights"
    return end.outputs[0], (
        Node("DequantizeLinear", (weights, weights_scale, zero_point), (wide,)),
        Node("Conv", (source, wide, *bias), end.outputs, convolution.attributes),
    )


def _used(nodes: list[Node], results: set[str]) -> list[Node]:
    """Those that something depends on, in their order; a node stands behind all that it needs."""
    needed = set(results)
    kept: list[Node] = []
    for node in reversed(nodes):
        if needed.intersection(node.outputs):
            needed.update(node.inputs)
            kept.append(node)
    return kept[::-1]


def _node(message: memoryview) -> Node:
    values: dict[int, list[memoryview]] = {}
    for number, value, _ in _fields(message):
        values.setdefault(number, []).append(value)
    return Node(
        _text(values[_OPERATION][0]),
        tuple(_text(name) for name in values.get(_INPUT, ())),
        tuple(_text(name) for name in values.get(_OUTPUT, ())),
        tuple(values.get(_ATTRIBUTE, ())),
        message,
    )


def _text(value: memoryview) -> str:
    return bytes(value).decode()


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """The number, the content and the whole of each field, in their order; of a plain number no content."""
    at = 0
    while at < len(message):
        start = at
        key, at = _number(message, at)
        length, encoding = 0, key & 7
        if encoding == _NUMBER:
            _, at = _number(message, at)
        elif encoding == _MESSAGE:
            length, at = _number(message, at)
        elif encoding in (_FOUR_BYTES, _EIGHT_BYTES):
            length = 4 if encoding == _FOUR_BYTES else 8
        else:
            raise ValueError("not a message")
        yield key >> 3, message[at : at + length], message[start : at + length]
        at += length


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """A number that begins at ``at``, seven bits a byte, the least first; and where the next field begins."""
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def _field(number: int, content: bytes | memoryview) -> bytes:
    return _encoded(number << 3 | _MESSAGE) + _encoded(len(content)) + bytes(content)


def _encoded(number: int) -> bytes:
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    return bytes((*found, number))
