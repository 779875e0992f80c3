"""What the recorders of browsers and phones make is taken in, each as its own container and codec."""

from __future__ import annotations

import io

import av
import numpy as np
import pytest
from starlette.testclient import TestClient

from audio import files
from audio.clip import AudioClip, join
from tests.api.conftest import settled

# (what makes it, container, codec, Hz, media type as the recorder gives it)
RECORDERS = [
    ("Chrome, Android", "webm", "libopus", 48_000, "audio/webm;codecs=opus"),
    ("Firefox", "ogg", "libopus", 48_000, "audio/ogg; codecs=opus"),
    ("Safari, iPhone", "mp4", "aac", 44_100, "audio/mp4"),
    ("iPhone voice memo", "ipod", "aac", 44_100, "audio/x-m4a"),
    ("old iPhone", "caf", "pcm_s16le", 44_100, "audio/x-caf"),
    ("iPhone, lossless", "caf", "alac", 44_100, "audio/x-caf"),
    ("Android recorder", "adts", "aac", 44_100, "audio/aac"),
    ("old Android", "3gp", "aac", 16_000, "video/3gpp"),
    ("QuickTime", "mov", "aac", 44_100, "video/quicktime"),
    ("dictation machine", "wav", "pcm_s16le", 44_100, "audio/wav"),
]


def recorded(clip: AudioClip, container: str, codec: str) -> bytes:
    """The clip as a recorder writes it."""
    content = io.BytesIO()
    with av.open(content, "w", format=container) as file:
        stream = file.add_stream(codec, rate=clip.sample_rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(clip.to_int16()[None], format="s16", layout="mono")
        frame.sample_rate = clip.sample_rate
        resampler = av.AudioResampler(
            format=stream.codec_context.format, layout="mono", frame_size=stream.codec_context.frame_size or 1024
        )
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return content.getvalue()


@pytest.mark.parametrize(
    ("container", "codec", "sample_rate", "media_type"),
    [maker[1:] for maker in RECORDERS],
    ids=[m[0] for m in RECORDERS],
)
def test_it_is_filed_with_its_words_and_can_be_played(
    client: TestClient, speech: bytes, container: str, codec: str, sample_rate: int, media_type: str
) -> None:
    clip = join(list(files.decode(io.BytesIO(speech), sample_rate)))
    content = recorded(clip, container, codec)
    answer = client.post("/api/v1/entries", files={"audio": ("spoken", content, media_type)})
    assert answer.status_code == 202, answer.text
    entry = settled(client, answer.json()["id"])
    assert entry["state"] == "ready"
    assert entry["text"]
    assert entry["duration_seconds"] == pytest.approx(clip.duration_seconds, abs=0.15)
    played = client.get(f"/api/v1/entries/{entry['id']}/audio")
    assert played.content == content
    assert played.headers["content-type"] == media_type.partition(";")[0]


def test_a_silent_recording_of_any_kind_has_no_words(client: TestClient) -> None:
    silence = AudioClip(np.zeros(96_000, dtype=np.float32), 48_000)
    answer = client.post("/api/v1/entries", files={"audio": ("spoken", recorded(silence, "webm", "libopus"))})
    assert settled(client, answer.json()["id"])["state"] == "no_speech"
