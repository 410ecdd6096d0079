"""The page in a real browser: what its tests share. Fixtures are registered in conftest.py."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import running

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Request

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
LAPTOP, PHONE = (1280, 900), (390, 844)
_WAITING = ".loading, [aria-busy=true], .picture[data-state=waiting], .editor[data-state=waiting]"
# What the Content-Security-Policy refuses, told by the page itself.
_WATCH = """
window.violations = [];
addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective}: ${event.blockedURI}`);
});
"""


def find_chromium() -> str | None:
    """The browser's command, if one is installed."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Desk:
    """One tab at the page. ``complaints`` are what its console, its requests and its policy report."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.address = address
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        page.set_default_timeout(20_000)
        page.add_init_script(_WATCH)
        page.on("console", lambda message: message.type == "error" and self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if not request.url.startswith((f"{self.address}/", f"blob:{self.address}/")):
            self.foreign.append(request.url)

    def open(self, place: str = "", *, ready: str | None = None) -> Desk:
        """Go to a place behind the ``#``; wait until it has been read."""
        # A mere change behind the # loads nothing; the page itself is loaded once.
        self.page.goto(f"{self.address}/{f'#/{place}' if place else ''}")
        return self.settle(ready)

    def settle(self, ready: str | None = None) -> Desk:
        """Wait until nothing is awaited any more (and until an element of the selector ``ready`` is seen)."""
        self.page.wait_for_selector("main h1")
        if ready is not None:
            self.page.wait_for_selector(ready)
        self.page.locator(_WAITING).first.wait_for(state="detached")
        return self

    def button(self, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """The first button of a name."""
        return (within or self.page.locator("body")).get_by_role("button", name=name).first

    def link(self, name: str | re.Pattern[str], within: Locator | None = None) -> Locator:
        """The first link of a name in the view."""
        return (within or self.page.locator("main")).get_by_role("link", name=name).first

    def text(self, selector: str = "main") -> str:
        """The visible text of the first element that matches."""
        return self.page.locator(selector).first.inner_text()

    @property
    def place(self) -> str:
        """What stands behind the ``#`` of the address."""
        return str(self.page.evaluate("decodeURIComponent(location.hash)"))

    def open_source(self, button: Locator) -> Locator:
        """Press a button that leads to a source; the panel, when it shows the place."""
        button.click()
        panel = self.page.locator("dialog.panel[open]")
        panel.locator("blockquote").first.wait_for()
        panel.locator(".loading, .picture[data-state=waiting]").first.wait_for(state="detached")
        return panel

    def forgive(self, pattern: str) -> None:
        """Complaints that match are meant to be there; there must be one."""
        meant = [complaint for complaint in self.complaints if re.search(pattern, complaint)]
        assert meant, f"nothing like {pattern!r} was reported: {self.complaints}"
        self.complaints = [complaint for complaint in self.complaints if complaint not in meant]

    def wide(self) -> bool:
        """Whether the page is wider than the screen: it must not be, only tables scroll in themselves."""
        script = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        return bool(self.page.evaluate(script))

    def check(self) -> None:
        """Nothing was reported, nobody else was asked."""
        violations = self.page.evaluate("window.violations ?? []")
        assert (self.complaints, violations, self.foreign) == ([], [], [])


@pytest.fixture(scope="session")
def sample_server(sample_home: Path) -> Iterator[str]:
    """The address of a served workspace of all samples, for tests that only read."""
    with running.server(sample_home) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium. It ends with the module: while it runs, no other test of the process can have a loop."""
    command = find_chromium()
    if command is None:
        pytest.skip("no browser here: install Debian's chromium and fonts-wqy-microhei")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install .[dev]"
    )
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=command, args=list(FLAGS))
        yield chromium
        chromium.close()


def desk_at(browser: Browser, address: str, size: tuple[int, int] = LAPTOP, **more: Any) -> Iterator[Desk]:
    """A tab of that size, in Chinese unless the tab's storage says otherwise; checked when it is left."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", **more)
    desk = Desk(context.new_page(), address)
    yield desk
    desk.check()
    context.close()


@pytest.fixture
def desk(browser: Browser, sample_server: str) -> Iterator[Desk]:
    """A tab as wide as a laptop's screen."""
    yield from desk_at(browser, sample_server)


@pytest.fixture(params=[LAPTOP, PHONE], ids=["laptop", "phone"])
def any_desk(request: pytest.FixtureRequest, browser: Browser, sample_server: str) -> Iterator[Desk]:
    """A tab as wide as a laptop's screen, then one as wide as a phone's."""
    yield from desk_at(browser, sample_server, request.param)
