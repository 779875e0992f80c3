"""onnxruntime: the only module that imports it, so that nothing reaches it before its telemetry is off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from core.errors import ModelDamaged


def quiet() -> None:
    """Turns onnxruntime's telemetry off; to be called before anything imports it."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def session(model: Path | bytes, threads: int, name: str) -> Any:
    """An ``InferenceSession`` on the CPU, of a file or of what stands in one.

    Raises:
        ModelDamaged: it is no ONNX model; ``name`` is the name people know it by.
    """
    quiet()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    # Sentences differ in length, and an arena would keep the largest block of every size it ever met.
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    source = str(model) if isinstance(model, Path) else model
    try:
        return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])
    except Exception:  # noqa: BLE001 (onnxruntime's errors share no base class of their own)
        raise ModelDamaged(name) from None
