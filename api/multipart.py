"""Forms with a recording in them, read as they arrive.

The sound goes from the socket straight to whoever takes it, never into a file in between: such a file would hold the
person's words in plain. Only the small fields are kept in memory.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from core.errors import BadValue, UsageError

AUDIO_PART = "audio"
MOST_FIELDS = 64
LONGEST_FIELD_BYTES = 64 * 1024


class BadForm(UsageError):
    """The body is not the form that its header announces."""

    def __init__(self) -> None:
        super().__init__("This form can't be read.", "Send it as multipart/form-data with the recording as part audio.")


@dataclass(frozen=True, slots=True)
class AudioBegins:
    """The headers of the part with the recording are complete; its bytes follow."""

    media_type: str
    filename: str


@dataclass(frozen=True, slots=True)
class AudioBytes:
    """Some of the recording."""

    data: bytes


Event = AudioBegins | AudioBytes


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    header_name: bytes = b""
    header_value: bytes = b""
    name: str = ""
    value: bytearray = field(default_factory=bytearray)


class FormReader:
    """Turns chunks of a multipart body into events of the recording; ``fields`` fills with the rest.

    Raises (from ``feed`` and ``finish``):
        BadForm: broken or too many parts.
        BadValue: a field longer than ``LONGEST_FIELD_BYTES``, or two recordings.
    """

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise BadForm
        self.fields: dict[str, list[str]] = {}
        self._part = _Part()
        self._parts = 0
        self._audio_seen = False
        self._ended = False
        self._events: list[Event] = []
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin_part,
                    "on_header_field": self._header_name,
                    "on_header_value": self._header_value,
                    "on_header_end": self._end_header,
                    "on_headers_finished": self._end_headers,
                    "on_part_data": self._data,
                    "on_part_end": self._end_part,
                    "on_end": self._end,
                },
            )
        except FormParserError:
            raise BadForm from None

    def feed(self, chunk: bytes) -> list[Event]:
        """Reads on; gives what came of the recording."""
        try:
            self._parser.write(chunk)
        except FormParserError:
            raise BadForm from None
        events, self._events = self._events, []
        return events

    def finish(self) -> None:
        """To be called after the last chunk: a form that stops before its closing line is broken."""
        if not self._ended:
            raise BadForm

    def _begin_part(self) -> None:
        self._parts += 1
        if self._parts > MOST_FIELDS:
            raise BadForm
        self._part = _Part()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._part.header_name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._part.header_value += data[start:end]

    def _end_header(self) -> None:
        part = self._part
        part.headers[part.header_name.lower()] = part.header_value
        part.header_name = part.header_value = b""

    def _end_headers(self) -> None:
        part = self._part
        _, options = parse_options_header(part.headers.get(b"content-disposition"))
        part.name = options.get(b"name", b"").decode("utf-8", "replace")
        if part.name == AUDIO_PART:
            if self._audio_seen:
                raise BadValue(AUDIO_PART, "one recording per entry")
            self._audio_seen = True
            media_type = part.headers.get(b"content-type", b"").decode("latin-1")
            filename = options.get(b"filename", b"").decode("utf-8", "replace")
            self._events.append(AudioBegins(media_type, filename))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._part.name == AUDIO_PART:
            self._events.append(AudioBytes(data[start:end]))
            return
        self._part.value += data[start:end]
        if len(self._part.value) > LONGEST_FIELD_BYTES:
            raise BadValue("a field of the form", f"at most {LONGEST_FIELD_BYTES:,} bytes")

    def _end_part(self) -> None:
        if self._part.name == AUDIO_PART:
            return
        try:
            value = self._part.value.decode()
        except UnicodeDecodeError:
            raise BadForm from None
        self.fields.setdefault(self._part.name, []).append(value)

    def _end(self) -> None:
        self._ended = True
