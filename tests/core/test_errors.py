from __future__ import annotations

import pytest

from core.errors import OutbreathError, TooShort
from docs.reference import example, said_errors


@pytest.mark.parametrize("kind", said_errors())
def test_a_code_belongs_to_one_error(kind: type[OutbreathError]) -> None:
    assert [other for other in said_errors() if other.code == kind.code] == [kind]
    assert kind.code == kind.code.lower().replace(" ", "_")


@pytest.mark.parametrize("kind", said_errors())
def test_an_error_is_told_in_whole_sentences(kind: type[OutbreathError]) -> None:
    error = example(kind)
    assert str(error) == error.message
    for sentence in (error.message, error.next_step):
        assert sentence
        assert sentence == sentence.strip()
        assert "\n" not in sentence
    assert error.as_json() == {"code": kind.code, "message": error.message, "next_step": error.next_step}


@pytest.mark.parametrize(("minutes", "said"), [(1, "1 minute"), (1.5, "1.5 minutes"), (0.7, "0.7 minutes")])
def test_the_shortest_length_is_said_as_people_say_it(minutes: float, said: str) -> None:
    assert TooShort("between-clients", minutes).next_step == f"The shortest possible length is {said}."
