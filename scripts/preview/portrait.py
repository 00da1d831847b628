"""A picture of the portal, as a designer sees it who has just signed in."""

import shutil
from pathlib import Path

_BROWSERS = ("chromium", "google-chrome", "chromium-browser")
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync")
_FADED_IN_MS = 800


class NoPicture(Exception):
    """The text says why."""


def portrait(portal: str, user: str, picture: Path) -> None:
    """Raises NoPicture."""
    # most previews take no picture, and importing this takes a while
    from playwright.sync_api import Error, sync_playwright

    found = next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        raise NoPicture(f"none of {', '.join(_BROWSERS)} is installed here (`make setup` says how).")
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=found, args=[*_QUIET, "--disable-component-update"])
            page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
            page.set_default_timeout(30_000)
            page.goto(portal)
            page.get_by_label("Your e-mail address").fill(user)
            page.get_by_role("button", name="Sign in").click()
            page.get_by_role("heading", level=1).wait_for()
            page.wait_for_timeout(_FADED_IN_MS)
            page.screenshot(path=picture)
            browser.close()
    except Error as error:
        raise NoPicture(str(error).partition("\n")[0]) from error
