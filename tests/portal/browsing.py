"""A browser as designers use it, with ears: what it complains of, what is announced, what axe finds."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response, sync_playwright

from tests.portal.front import COOKIE
from tests.portal.pages import Shown
from tests.portal.stage import FRONTEND, Stage

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_PATIENCE_S = 15
LANGUAGES = {"en": "en-GB", "de": "de-DE"}
# what a browser says of an answer that is no success, whatever the page makes of it
_ANSWERED = "Failed to load resource"
# of which a page makes something: it reads what is there and writes again
_CHANGED_MEANWHILE = 412
_LISTEN = """
window.announced = [];
const regions = '[aria-live]:not([aria-live="off"]), [role="status"], [role="alert"], [role="log"]';
const heard = new WeakMap();
const hear = () => document.querySelectorAll(regions).forEach((region) => {
  const text = region.textContent.trim().replace(/\\s+/g, ' ');
  if (text && heard.get(region) !== text) window.announced.push(text);
  heard.set(region, text);
});
new MutationObserver(hear).observe(document, { childList: true, subtree: true, characterData: true });
"""


@contextmanager
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Tab:
    """One page of one designer. `faults` are what the browser complained of."""

    page: Page
    stage: Stage
    designer: str
    faults: list[str] = field(default_factory=list)
    under_way: set[Request] = field(default_factory=set)

    def go(self, path: str) -> None:
        self.page.goto(self.stage.url + path)

    def show(self, shown: Shown) -> None:
        """Whole: nothing is being fetched any more, and everything has faded in."""
        self.go(shown.at(self.stage.ids))
        self.settle()

    def settle(self) -> None:
        self.page.wait_for_selector("main h1")
        self._quiet()
        self.until("[...document.images].every((image) => image.complete || image.loading === 'lazy')")
        self.until("document.getAnimations().every((each) => each.playState !== 'running')")

    def _quiet(self) -> None:
        """Nothing is asked for, and nothing was for a moment. Streams stay open."""
        quiet, end = 0, time.monotonic() + _PATIENCE_S
        while quiet < 3 and time.monotonic() < end:
            self.page.wait_for_timeout(50)
            quiet = 0 if self.under_way else quiet + 1

    def until(self, expression: str, argument: object = None) -> None:
        """Asked again and again from here: the page's policy forbids it to evaluate what it is handed."""
        end = time.monotonic() + _PATIENCE_S
        while not self.page.evaluate(expression, argument):
            if time.monotonic() > end:
                raise TimeoutError(f"{self.page.url}: never {expression} {argument or ''}")
            self.page.wait_for_timeout(50)

    def announced(self) -> list[str]:
        said: list[str] = self.page.evaluate("window.announced")
        return said

    def violations(self) -> list[str]:
        """Each as its rule and the places where it is broken."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(_axe())
        run = "(rules) => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })"
        found: dict[str, Any] = self.page.evaluate(run, list(RULES))
        return [f"{each['id']}: {node['target'][0]} {node['failureSummary']}" for each in found["violations"] for node in each["nodes"]]

    def overflow(self, width: int, height: int = 800) -> list[str]:
        """What is wider than the page at this width."""
        self.page.set_viewport_size({"width": width, "height": height})
        wide: list[str] = self.page.evaluate(
            """() => document.scrollingElement.scrollWidth <= document.documentElement.clientWidth ? []
              : [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
                  .map((each) => `${each.tagName}.${each.className}`).slice(0, 5)"""
        )
        return wide


@cache
def _axe() -> str:
    return (FRONTEND / "node_modules" / "axe-core" / "axe.min.js").read_text()


def context(browser: Browser, stage: Stage, designer: str, language: str = "en", **options: Any) -> BrowserContext:
    """Signed in."""
    made = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": LANGUAGES[language], **options})
    made.set_default_timeout(15_000)
    made.add_init_script(_LISTEN)
    made.add_cookies([{"name": COOKIE, "value": designer, "url": stage.url}])
    return made


@contextmanager
def tab(browser: Browser, stage: Stage, designer: str, language: str = "en", **options: Any) -> Iterator[Tab]:
    """A context of its own, so that nothing of one test is left in another."""
    with context(browser, stage, designer, language, **options) as made:
        yield opened(made, stage, designer)


def opened(within: BrowserContext, stage: Stage, designer: str) -> Tab:
    found = Tab(within.new_page(), stage, designer)

    def complained(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and _ANSWERED not in message.text:
            found.faults.append(message.text)

    def answered(response: Response) -> None:
        if response.status >= 400 and response.status != _CHANGED_MEANWHILE:
            found.faults.append(f"{response.status} {response.url}")

    def asked(request: Request) -> None:
        if not request.url.endswith("/events"):
            found.under_way.add(request)

    found.page.on("request", asked)
    # the browser is told to hand over its choosers by the first who listens; told at the press of a button, it can be too late
    found.page.on("filechooser", lambda _: None)

    def over(request: Request) -> None:
        found.under_way.discard(request)

    found.page.on("requestfinished", over)
    found.page.on("requestfailed", over)
    found.page.on("console", complained)
    found.page.on("pageerror", lambda error: found.faults.append(str(error)))
    found.page.on("response", answered)
    return found
