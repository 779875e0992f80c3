from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import PageLocked, TooManyTries, WrongPasscode
from outbreath.page_lock.lock import FREE_TRIES, LONGEST_WAIT_SECONDS, PageLock
from outbreath.page_lock.passcode import Passcode
from tests.fakes.clock import HandClock

CODE = "kettle 47"
IDLE_SECONDS = 300.0


class QuickPasscode(Passcode):
    """Compares without the fifth of a second."""

    def is_(self, passcode: str) -> bool:
        return passcode == CODE


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def lock(tmp_path: Path, clock: HandClock) -> PageLock:
    Passcode(tmp_path / "passcode.json").set(CODE)
    return PageLock(QuickPasscode(tmp_path / "passcode.json"), clock, lambda: IDLE_SECONDS)


def test_without_a_passcode_every_page_is_open(tmp_path: Path, clock: HandClock) -> None:
    lock = PageLock(Passcode(tmp_path / "passcode.json"), clock, lambda: IDLE_SECONDS)
    clock.seconds += 10**6
    assert lock.is_open("")
    assert lock.seconds_left("") is None
    lock.touch("")


def test_a_page_locks_when_nobody_touches_it(lock: PageLock, clock: HandClock) -> None:
    token = lock.open(CODE)
    assert lock.seconds_left(token) == IDLE_SECONDS
    clock.seconds += IDLE_SECONDS - 1
    lock.touch(token)
    clock.seconds += IDLE_SECONDS - 1
    assert lock.seconds_left(token) == 1.0
    clock.seconds += 1
    assert not lock.is_open(token)
    assert lock.was_open(token)
    with pytest.raises(PageLocked):
        lock.touch(token)
    assert lock.open(CODE, token) == token
    assert lock.is_open(token)


@pytest.mark.parametrize("token", ["", "made up", "\ud800", "x" * 10**6])
def test_a_page_that_never_gave_it_is_locked(lock: PageLock, token: str) -> None:
    assert not lock.is_open(token)
    assert not lock.was_open(token)
    assert lock.open(CODE, token) != token


def test_each_page_locks_by_itself_and_at_once_when_asked(lock: PageLock) -> None:
    one, other = lock.open(CODE), lock.open(CODE)
    lock.close(one)
    assert not lock.is_open(one)
    assert lock.is_open(other)


def test_a_new_passcode_locks_all_other_pages(lock: PageLock) -> None:
    before = lock.open(CODE)
    after = lock.set_passcode("another one", CODE)
    assert lock.is_open(after)
    assert not lock.was_open(before)


def test_it_is_changed_and_taken_away_only_by_who_knows_it(lock: PageLock) -> None:
    for current in (None, "", "wrong"):
        with pytest.raises(WrongPasscode):
            lock.set_passcode(None, current)
    assert lock.has_passcode
    lock.set_passcode(None, CODE)
    assert not lock.has_passcode
    assert lock.is_open("")


def test_wrong_tries_wait_longer_and_longer(lock: PageLock, clock: HandClock) -> None:
    waits = []
    for number in range(FREE_TRIES + 12):
        with pytest.raises(WrongPasscode):
            lock.open("wrong")
        if number >= FREE_TRIES:
            with pytest.raises(TooManyTries) as put_off:
                lock.open("wrong")
            waits.append(put_off.value.wait_seconds or 0)
            clock.seconds += waits[-1]
    assert waits == sorted(waits)
    assert waits[0] == 5
    assert waits[-1] == LONGEST_WAIT_SECONDS


def test_while_it_waits_the_right_one_does_not_help_and_tries_cost_nothing(lock: PageLock, clock: HandClock) -> None:
    for _ in range(FREE_TRIES + 1):
        with pytest.raises(WrongPasscode):
            lock.open("wrong")
    for _ in range(50):
        with pytest.raises(TooManyTries):
            lock.open(CODE)
    clock.seconds += 5
    lock.open(CODE)
    with pytest.raises(WrongPasscode):  # and the count begins anew
        lock.open("wrong")
    lock.open(CODE)


def test_another_process_takes_it_away(lock: PageLock, tmp_path: Path) -> None:
    assert not lock.is_open("")
    Passcode(tmp_path / "passcode.json").remove()
    assert lock.is_open("")
