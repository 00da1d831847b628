"""Without a mouse: the whole way in, where the focus goes, and that it comes back."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.portal.browsing import tab
from tests.portal.pages import BY_NAME
from tests.portal.seed import EVERYTHING
from tests.portal.stage import Stage
from tests.portal.walking import focused, photos, somebody, stops, tab_to

# where Tab stops on a page, one after another; `PORTAL_WRITE=1` writes it anew, to be read before it is committed
EXPECTED = Path(__file__).with_name("focus_order.txt")
ORDERED = ("sheets", "sheets-first", "choose", "describe", "check", "follow-training", "result", "generate", "models", "model", "you")


def test_the_way_from_pictures_to_developing_needs_no_mouse(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        there.go("/new")
        keys = there.page.keyboard
        tab_to(there.page, "Choose pictures|browse")
        with there.page.expect_file_chooser() as chooser:
            keys.press("Enter")
        chooser.value.set_files(photos(tmp_path))
        tab_to(there.page, "Describe it")
        keys.press("Enter")
        tab_to(there.page, "What is it")
        keys.type("vase")
        tab_to(there.page, "a model of its own")
        keys.press("ArrowRight")
        tab_to(there.page, "I may use these pictures")
        keys.press("Space")
        tab_to(there.page, "Check it")
        keys.press("Enter")
        expect(there.page.get_by_role("button", name="Develop 6 pictures")).to_be_enabled()
        expect(there.page.get_by_role("link", name="a small file")).to_be_visible()
        tab_to(there.page, "Develop 6 pictures")
        keys.press("Enter")

        expect(there.page.get_by_role("heading", level=1, name="Developing")).to_be_visible(timeout=30_000)
        assert there.faults == []


@pytest.mark.parametrize("name", ORDERED)
def test_the_tab_key_goes_through_a_page_as_it_is_read(name: str, browser: Browser, stood: Stage) -> None:
    shown = BY_NAME[name]
    with tab(browser, stood, shown.designer) as there:
        there.show(shown)
        met = list(stops(there.page))

    orders = _orders()
    if os.environ.get("PORTAL_WRITE"):
        orders[name] = met
        paragraphs = ["\n  ".join([page, *order]) for page, order in sorted(orders.items())]
        EXPECTED.write_text("\n\n".join(paragraphs) + "\n")
    assert met == orders[name]


def test_the_first_stop_of_a_page_leads_past_its_navigation(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["models"])
        there.page.keyboard.press("Tab")
        first = focused(there.page)
        there.page.keyboard.press("Enter")
        there.page.keyboard.press("Tab")

        assert first == 'link "Skip to the page"'
        assert there.page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_dialog_takes_the_focus_and_gives_it_back(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["follow-training"])
        there.page.get_by_role("button", name="Cancel").focus()
        there.page.keyboard.press("Enter")
        dialog = there.page.get_by_role("alertdialog")

        expect(dialog.locator(":focus").or_(dialog.and_(there.page.locator(":focus")))).to_have_count(1)
        there.page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(there.page.get_by_role("button", name="Cancel")).to_be_focused()


def test_a_new_page_is_begun_at_its_heading(browser: Browser, stood: Stage) -> None:
    """Who cannot see it hears where they are, and goes on from there."""
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["sheets"])
        there.page.get_by_role("navigation").first.get_by_role("link", name="Models").press("Enter")
        expect(there.page.get_by_role("heading", level=1, name="Your models")).to_be_visible()

        expect(there.page.locator("main:focus, main :focus"), "the focus stayed behind").to_have_count(1)


def test_prints_are_looked_through_with_keys(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["prints"])
        tab_to(there.page, "Print [0-9]+:")
        first = focused(there.page)
        there.page.keyboard.press("ArrowRight")
        second = focused(there.page)
        there.page.keyboard.press("ArrowLeft")
        there.page.keyboard.press("Enter")
        expect(there.page.get_by_role("dialog")).to_be_visible()
        there.page.keyboard.press("Escape")
        expect(there.page.get_by_role("dialog")).to_be_hidden()

        assert first != second
        expect(there.page.locator(":focus")).to_have_accessible_name(first.split('"')[1])


def _orders() -> dict[str, list[str]]:
    """By page, each of which is a paragraph."""
    paragraphs = EXPECTED.read_text().strip().split("\n\n") if EXPECTED.exists() else []
    return {page: [stop.strip() for stop in order] for page, *order in (each.split("\n") for each in paragraphs)}
