"""What tests do on a page again and again: pictures at hand, a way by keyboard, a job that is on its way."""

import re
import secrets
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.portal import painter
from tests.portal.browsing import Tab


def somebody() -> str:
    """A designer who has nothing yet."""
    return f"{secrets.token_hex(5)}@example.com"


def photos(folder: Path, count: int = 6, class_word: str = "vase") -> list[Path]:
    made = []
    for number in range(count):
        path = folder / f"IMG_{2201 + number}.jpg"
        path.write_bytes(painter.jpeg(class_word, number, (800, 600)))
        made.append(path)
    return made


def focused(page: Page) -> str:
    """What has the focus, as the accessibility tree tells it: `link "Models"`."""
    if not page.evaluate("document.activeElement && document.activeElement !== document.body"):
        return ""
    told = page.locator(":focus").aria_snapshot().split("\n")[0].removeprefix("- ").strip("'")
    return re.sub(r'^(\w+ ".*?(?<!\\)").*', r"\1", told)  # without what it holds


def tab_to(page: Page, wanted: str) -> None:
    """By the Tab key alone; `wanted` is a part of the name."""
    met = []
    for _ in range(60):
        page.keyboard.press("Tab")
        met.append(focused(page))
        if re.search(wanted, met[-1]):
            return
    raise AssertionError(f"{wanted!r} is not met by Tab: {met}")


def stops(page: Page, most: int = 36) -> Iterator[str]:
    """Where the Tab key stops, from the top of the page to its end."""
    first = ""
    for _ in range(most):
        page.keyboard.press("Tab")
        here = focused(page)
        if not here or here == first:
            return
        first = first or here
        yield here


def lay_out(tab: Tab, pictures: list[Path]) -> str:
    """A new job with these pictures, all of which have arrived; answers its id."""
    tab.go("/new")
    tab.page.locator("input[type=file]").first.set_input_files(pictures)
    tab.page.get_by_role("button", name="Describe it").click()
    expect(tab.page).to_have_url(re.compile(r"/jobs/[0-9a-z]{26}/describe"))
    return tab.page.url.split("/")[4]


def describe(tab: Tab, name: str = "", class_word: str = "vase") -> None:
    """On the page for it; ends on the page of checking."""
    tab.page.get_by_label("What is it?").fill(class_word)
    if name:
        tab.page.get_by_label("Name of the sheet").fill(name)
    tab.page.get_by_text("I may use these pictures").click()
    tab.page.get_by_role("button", name="Check it").click()
    expect(tab.page).to_have_url(re.compile("/check"))


def develop(tab: Tab, folder: Path, name: str = "", count: int = 6) -> str:
    """The whole way to a job that is handed in; answers its id."""
    job_id = lay_out(tab, photos(folder, count))
    describe(tab, name)
    tab.page.get_by_role("button", name=f"Develop {count} pictures").click()
    expect(tab.page).to_have_url(re.compile("/follow"))
    return job_id


def sign_out(tab: Tab) -> None:
    """As a session ends hours later: the dialog for it has been fetched, since nothing can be fetched without one."""
    tab.until("performance.getEntriesByType('resource').some((each) => each.name.includes('/assets/session-'))")
    tab.page.context.clear_cookies()
