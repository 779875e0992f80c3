from __future__ import annotations

import pytest

from core.errors import TooManyTries, WrongPairingCode
from outbreath.phones.pairing import DIGITS, MOST_TRIES, VALID_SECONDS, Pairing


def test_a_code_lets_one_phone_in_once() -> None:
    pairing = Pairing()
    code = pairing.new_code(0.0)
    assert len(code) == DIGITS
    assert code.isdigit()
    pairing.use(f" {code[:3]} {code[3:]}", 1.0)
    with pytest.raises(WrongPairingCode):
        pairing.use(code, 2.0)


def test_it_is_valid_for_ten_minutes() -> None:
    pairing = Pairing()
    code = pairing.new_code(100.0)
    with pytest.raises(WrongPairingCode):
        pairing.use(code, 100.0 + VALID_SECONDS)
    code = pairing.new_code(100.0)
    pairing.use(code, 99.0 + VALID_SECONDS)


def test_after_some_guesses_even_the_right_code_does_not_count() -> None:
    pairing = Pairing()
    code = pairing.new_code(0.0)
    for _ in range(MOST_TRIES):
        with pytest.raises(WrongPairingCode):
            pairing.use("1", 1.0)
    with pytest.raises(TooManyTries):
        pairing.use(code, 1.0)
    pairing.use(pairing.new_code(2.0), 3.0)


@pytest.mark.parametrize("given", ["", " ", "abc", "٣٤٥٦٧٨", "0" * 5000])
def test_without_a_code_nothing_lets_anybody_in(given: str) -> None:
    with pytest.raises(WrongPairingCode):
        Pairing().use(given, 0.0)


def test_a_new_code_ends_the_one_before() -> None:
    pairing = Pairing()
    first = pairing.new_code(0.0)
    second = pairing.new_code(1.0)
    if first != second:
        with pytest.raises(WrongPairingCode):
            pairing.use(first, 2.0)
    pairing.use(second, 2.0)
