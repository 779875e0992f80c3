"""A phone in the home network: it learns to trust, is paired, and uses Outbreath over https."""

from __future__ import annotations

import os
import re
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.architecture.house import REPOSITORY
from tests.end_to_end.conftest import chromium

ADDRESS = "127.0.0.2"  # stands for that of the home network

pytestmark = pytest.mark.browser


@contextmanager
def serving(home: Path) -> Iterator[tuple[subprocess.Popen[str], str, str, str]]:
    """A server in a process of its own: its page, the page of trust, and the pairing code."""
    environment = {**os.environ, "OUTBREATH_HOME": str(home), "OUTBREATH_KEY_STORE": "file"}
    command = [sys.executable, "-m", "outbreath", "serve", "--lan", "--no-open", "--port", "0"]
    with subprocess.Popen(
        command,
        cwd=REPOSITORY,
        env={**environment, "OUTBREATH_LAN_ADDRESS": ADDRESS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            told = "".join(process.stdout.readline() for _ in range(3))
            page, trust, _ = re.findall(r"http://\S+", told)
            code = re.search(r"\d{3} \d{3}", told)
            assert code
            yield process, page, trust, code.group()
        finally:
            process.kill()


def trusted(trust_page: str) -> tuple[str, ssl.SSLContext]:
    """What a phone gets at the page of trust: where Outbreath is, and the certificate."""
    page = re.search(r"https://[^\"/]+/", httpx.get(trust_page).text)
    assert page
    certificate = httpx.get(f"{trust_page}outbreath-at-home.crt").content
    return page.group(), ssl.create_default_context(cadata=certificate)


def test_who_took_the_certificate_believes_the_server_and_has_to_be_paired(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, _, trust, _):
        page, context = trusted(trust)
        assert httpx.get(f"{page}api/v1/entries", verify=context).status_code == 401
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(page)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) in (0, -signal.SIGINT, 130)


@pytest.fixture
def browser(playwright: Playwright, tmp_path: Path) -> Iterator[Browser]:
    opened = chromium(playwright, str(tmp_path / "silence.wav"))
    yield opened
    opened.close()


def locks_and_opens(phone: Page) -> None:
    """The phone gets a passcode, asks for it, and has none afterwards."""
    phone.goto(f"{phone.url.split('#')[0]}#/settings")
    phone.get_by_role("button", name="Set a passcode").click()
    phone.get_by_label("New passcode").fill("kettle 47")
    phone.get_by_label("The same again").fill("kettle 47")
    phone.get_by_role("button", name="Keep it").click()
    phone.get_by_role("button", name="Lock now").click()
    expect(phone.get_by_role("heading", name="Locked.")).to_be_visible()
    phone.locator("#lock-passcode").fill("kettle 47")
    phone.locator("#lock-passcode").press("Enter")
    phone.get_by_role("button", name="Take it away").click()
    phone.get_by_label("Passcode now").fill("kettle 47")
    phone.locator("#passcode-keep").click()
    expect(phone.get_by_text("There is no passcode any more.")).to_be_visible()
    expect(phone.get_by_role("link", name="Which phones are let in")).to_have_count(0)


def test_a_phone_is_paired_with_the_code_and_may_listen(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as (_, here, trust, code):
        phone = browser.new_context(ignore_https_errors=True, viewport={"width": 390, "height": 844}).new_page()
        phone.goto(trust)
        phone.locator("a[href^=https]").click()
        expect(phone.get_by_role("heading", name="Pair this phone")).to_be_visible()
        phone.get_by_label("Code").fill("000 000" if code != "000 000" else "111 111")
        phone.get_by_role("button", name="Pair").click()
        expect(phone.get_by_role("alert")).to_contain_text("That isn't the code")
        phone.get_by_label("Code").fill(code)
        phone.get_by_label("A name for this phone").fill("Kitchen")
        phone.get_by_role("button", name="Pair").click()
        expect(phone.get_by_role("link", name="Journal")).to_be_visible()
        assert phone.evaluate("() => isSecureContext && Boolean(navigator.mediaDevices)")
        locks_and_opens(phone)
        machine = browser.new_context().new_page()
        machine.goto(f"{here}/phones")
        expect(machine.get_by_text("Kitchen")).to_be_visible()
        machine.get_by_role("button", name="Forget Kitchen").click()
        expect(machine.get_by_text("None.")).to_be_visible()
        phone.get_by_role("link", name="Practise").click()
        phone.get_by_role("button", name="Pair this phone").click()
        expect(phone.get_by_role("heading", name="Pair this phone")).to_be_visible()
