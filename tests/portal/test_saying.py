"""What a page says of itself to those who do not look at it: each thing that happens once, and no more."""

from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.portal.browsing import tab
from tests.portal.pages import BY_NAME
from tests.portal.seed import EVERYTHING
from tests.portal.stage import Stage
from tests.portal.walking import develop, lay_out, photos, somebody


def test_pictures_that_arrive_are_announced_together(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        there.go("/new")
        there.page.locator("input[type=file]").first.set_input_files(photos(tmp_path))
        there.until("announced.some((text) => text.includes('6 pictures are here'))")
        said = [text for text in there.announced() if "picture" in text]

        assert len(said) <= 8, said


def test_a_job_that_develops_says_each_state_once(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        develop(there, tmp_path)
        expect(there.page.get_by_role("heading", level=1, name="Ready to print")).to_be_visible(timeout=60_000)
        said = there.announced()

        for state in ("Developing has begun.", "Ready to print."):
            assert sum(state in text for text in said) == 1, said
        assert len(said) < 40, said


def test_prints_that_are_drawn_are_announced(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["generate"])
        there.page.get_by_role("button", name="Make 4 prints").click()
        there.until("announced.some((text) => text.includes('All 4 prints are there'))")

        assert sum("All 4 prints are there" in text for text in there.announced()) == 1


def test_a_refused_picture_says_why_in_words(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    invoice = tmp_path / "Invoice.pdf"
    invoice.write_bytes(b"%PDF-1.7\n" + bytes(400))
    with tab(browser, stood, somebody()) as there:
        lay_out(there, photos(tmp_path, 5))
        there.page.go_back()
        there.page.locator("input[type=file]").first.set_input_files([invoice])

        expect(there.page.get_by_text("Invoice.pdf is not a picture we can read (it is a PDF)")).to_be_visible()
