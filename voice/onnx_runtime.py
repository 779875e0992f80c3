"""onnxruntime: the only module that imports it, so that nothing reaches it before its telemetry is off."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.errors import ModelDamaged


def quiet() -> None:
    """Turns onnxruntime's telemetry off; to be called before anything imports it."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class Session:
    """An ``InferenceSession`` that gives its memory back after a run.

    Sentences differ in length, and an arena keeps the largest block of every size it ever met. Without an arena a run
    takes a fifth longer, since the system hands out each block anew; so there is one, and it shrinks.
    """

    def __init__(self, inference: Any) -> None:
        import onnxruntime

        self._inference = inference
        self._giving_back = onnxruntime.RunOptions()
        self._giving_back.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")

    def run(self, outputs: list[str] | None, inputs: Mapping[str, Any], give_back: bool = True) -> list[Any]:
        """What the model makes of ``inputs``: the named outputs, or all of them.

        Args:
            give_back: False if there is more to run at once, which the memory is kept for.
        """
        made: list[Any] = self._inference.run(outputs, inputs, self._giving_back if give_back else None)
        return made

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inference, name)


def session(model: Path | bytes, threads: int, name: str, layouts: bool = True) -> Session:
    """A model on the CPU, of a file or of what stands in one.

    Args:
        layouts: whether to look for convolutions of pictures, to lay them out for the processor. To look takes a
            quarter of the loading time of a large graph, in vain if it has none.

    Raises:
        ModelDamaged: it is no ONNX model; ``name`` is the name people know it by.
    """
    quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if not layouts:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    source = str(model) if isinstance(model, Path) else model
    try:
        inference = onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001 (onnxruntime's errors share no base class of their own)
        raise ModelDamaged(name) from None
    inference._model_bytes = None  # else they stay beside what was made of them, as long as the session
    return Session(inference)
