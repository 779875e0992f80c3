from __future__ import annotations

import errno
import logging
import threading

import pytest

from core.errors import JournalBusy
from journal.rounds import Rounds


def test_rounds_are_made_until_stopped_whatever_fails_and_a_lasting_trouble_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    troubles = [JournalBusy(), JournalBusy(), OSError(errno.ENOSPC, "full"), None, JournalBusy()]
    over = threading.Event()

    def make() -> None:
        if not troubles:
            over.set()
        elif trouble := troubles.pop(0):
            raise trouble

    rounds = Rounds(make, lambda: 0.001)
    with caplog.at_level(logging.WARNING):
        rounds.start()
        assert over.wait(30)
        rounds.stop()
    assert not rounds.started
    assert [record.args for record in caplog.records] == [("journal_busy",), ("disk_full",), ("journal_busy",)]
