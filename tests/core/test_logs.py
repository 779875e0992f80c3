from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from core.logs import TALKATIVE, configure


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    talkative = {name: logging.getLogger(name).level for name in TALKATIVE}
    yield
    root.setLevel(before[0])
    root.handlers[:] = before[1]
    for name, level in talkative.items():
        logging.getLogger(name).setLevel(level)


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error"])
@pytest.mark.parametrize("name", TALKATIVE)
def test_a_library_that_logs_texts_is_held_at_any_level(
    level: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    configure(level)
    for logger in (logging.getLogger(name), logging.getLogger(f"{name}.inner")):
        logger.debug("canary")
        logger.info("canary")
    assert "canary" not in "".join(capsys.readouterr())


def test_our_own_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    configure("info")
    logging.getLogger("journal.notebook").info("entry stored")
    logging.getLogger("journal.notebook").debug("not asked for")
    out, err = capsys.readouterr()
    assert out == ""
    assert "INFO journal.notebook: entry stored" in err
    assert "not asked for" not in err
