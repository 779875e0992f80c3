from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.multipart import LONGEST_FIELD_BYTES, AudioBegins, AudioBytes, BadForm, FormReader
from core.errors import BadValue

BOUNDARY = "b0undary"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def part(name: str, content: bytes, extra: str = "") -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return head.encode() + content + b"\r\n"


def audio_part(content: bytes) -> bytes:
    return part("audio", content, '; filename="a.webm"\r\nContent-Type: audio/webm')


END = f"--{BOUNDARY}--\r\n".encode()


def read(body: bytes, piece: int = 1 << 16) -> tuple[FormReader, bytes, list[AudioBegins]]:
    form = FormReader(CONTENT_TYPE)
    sound, begins = b"", []
    for start in range(0, len(body), piece):
        for event in form.feed(body[start : start + piece]):
            if isinstance(event, AudioBegins):
                begins.append(event)
            else:
                assert isinstance(event, AudioBytes)
                sound += event.data
    form.finish()
    return form, sound, begins


@given(content=st.binary(max_size=300), piece=st.integers(1, 50))
def test_however_it_is_cut_the_sound_arrives_byte_for_byte(content: bytes, piece: int) -> None:
    body = part("guide", b"free") + audio_part(content) + part("mood_after", b"4") + END
    form, sound, begins = read(body, piece)
    assert sound == content
    assert begins == [AudioBegins("audio/webm", "a.webm")]
    assert form.fields == {"guide": ["free"], "mood_after": ["4"]}


def test_sound_that_looks_like_a_boundary_stays_whole() -> None:
    content = f"\r\n--{BOUNDARY[:-1]}\r\n--".encode() * 3
    assert read(audio_part(content) + END)[1] == content


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "audio/webm",
        "multipart/form-data",
        "multipart/mixed; boundary=x",
        f"multipart/form-data; boundary={'x' * 999}",
    ],
)
def test_a_header_that_announces_no_form_is_refused(content_type: str) -> None:
    with pytest.raises(BadForm):
        FormReader(content_type)


@pytest.mark.parametrize("body", [b"", b"hello", audio_part(b"abc"), b"--b0undary\r\nno header\r\n\r\n"])
def test_a_form_that_breaks_off_is_refused(body: bytes) -> None:
    with pytest.raises(BadForm):
        read(body)


def test_two_recordings_are_one_too_many() -> None:
    with pytest.raises(BadValue):
        read(audio_part(b"a") + audio_part(b"b") + END)


def test_a_field_may_not_fill_the_memory() -> None:
    with pytest.raises(BadValue):
        read(part("guide", b"x" * (LONGEST_FIELD_BYTES + 1)) + END)


def test_nor_may_many_fields() -> None:
    with pytest.raises(BadForm):
        read(b"".join(part(f"f{number}", b"x") for number in range(1000)) + END)


def test_a_field_that_is_no_text_is_refused() -> None:
    with pytest.raises(BadForm):
        read(part("guide", b"\xff\xfe") + END)
