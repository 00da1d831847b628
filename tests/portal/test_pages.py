"""Each page in each state, in both themes and both languages: to be read by everybody, on any screen, without a complaint."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.portal.browsing import LANGUAGES, Tab, context, opened
from tests.portal.pages import PAGES, Shown
from tests.portal.stage import Stage

# 1280 pixels at 200 per cent, a phone, and the narrowest that WCAG asks for
NARROW = (640, 390, 320)
# colours are the same in every language
THEMES = {"en": ("dark", "light"), "de": ("light",)}


@pytest.fixture(scope="module")
def contexts(browser: Browser) -> Iterator[dict[tuple[str, str], BrowserContext]]:
    made: dict[tuple[str, str], BrowserContext] = {}
    yield made
    for each in made.values():
        each.close()


@pytest.fixture
def here(shown: Shown, language: str, browser: Browser, stood: Stage, contexts: dict[tuple[str, str], BrowserContext]) -> Iterator[Tab]:
    """The page, in a window that has what the pages before have fetched."""
    if (shown.designer, language) not in contexts:
        contexts[shown.designer, language] = context(browser, stood, shown.designer, language)
    found = opened(contexts[shown.designer, language], stood, shown.designer)
    found.show(shown)
    yield found
    found.page.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("shown", PAGES, ids=lambda shown: shown.name)
def test_a_page_is_sound_in_every_theme_and_at_every_width(here: Tab, shown: Shown, language: str) -> None:
    found = []
    for theme in THEMES[language]:
        here.page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {each}" for each in here.violations()]
    here.page.set_viewport_size({"width": 390, "height": 844})
    found += [f"phone: {each}" for each in here.violations()]
    for width in NARROW:
        found += [f"{width} pixels: {each}" for each in here.overflow(width)]

    complaints = [fault for fault in here.faults if not (shown.missing and fault.startswith("404") and fault.endswith(shown.missing))]

    assert here.page.evaluate("document.documentElement.lang") == language
    assert found == []
    assert complaints == []
