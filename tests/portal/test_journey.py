"""The life of a job on a stage, as a designer lives it."""

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.portal.browsing import Tab, tab
from tests.portal.pages import BY_NAME
from tests.portal.seed import EVERYTHING, MANY
from tests.portal.stage import Stage
from tests.portal.walking import develop, lay_out, photos, somebody

LIVE_MS = 60_000


def test_a_job_is_developed_printed_put_to_sleep_and_deleted(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        job_id = develop(there, tmp_path, "Journey vase")
        expect(there.page.get_by_role("heading", level=1, name="Ready to print")).to_be_visible(timeout=LIVE_MS)
        _print(there, job_id)
        _sleep_and_wake(there, job_id)
        _delete(there, job_id)

        assert there.faults == []


def test_the_picture_that_she_circles_stands_for_the_sheet_on_every_machine(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    designer = somebody()
    with tab(browser, stood, designer) as there:
        job_id = lay_out(there, photos(tmp_path, 3))
        there.go(f"/jobs/{job_id}/choose")
        row = there.page.get_by_role("row", name=re.compile("^Frame 3"))
        with there.page.expect_response(lambda answer: answer.request.method == "PATCH"):
            row.press("o")
        expect(row).to_have_accessible_name(re.compile("cover"))

    with tab(browser, stood, designer) as elsewhere:
        elsewhere.go(f"/jobs/{job_id}/choose")
        expect(elsewhere.page.get_by_role("row", name=re.compile("^Frame 3.*cover"))).to_be_visible()


def test_a_sheet_that_is_laid_out_anew_is_to_become_what_it_was_to_before(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        job_id = lay_out(there, photos(tmp_path, 3))
        there.go(f"/jobs/{job_id}/describe")
        with there.page.expect_response(lambda answer: answer.request.method == "PATCH"):
            there.page.get_by_text("a small file").click()

        there.go(f"/new?from={job_id}")
        there.page.get_by_role("button", name="Describe it").click()

        expect(there.page).not_to_have_url(re.compile(job_id))
        expect(there.page.get_by_role("radio", name=re.compile("LoRA"))).to_be_checked()


def test_what_is_learnt_so_far_is_kept_when_she_stops_it(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        develop(there, tmp_path, "Early vase")
        there.page.get_by_role("button", name="Stop here and keep it").click(timeout=LIVE_MS)
        there.page.get_by_role("alertdialog").get_by_role("button", name="Stop and keep it").click()

        expect(there.page.get_by_role("heading", level=1, name="Ready to print")).to_be_visible(timeout=LIVE_MS)


def test_a_job_that_is_cancelled_can_be_developed_again(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        develop(there, tmp_path, "Second vase")
        there.page.get_by_role("button", name="Cancel").click()
        there.page.get_by_role("alertdialog").get_by_role("button", name="Stop it").click()
        expect(there.page.get_by_role("heading", level=1, name="Stopped")).to_be_visible(timeout=LIVE_MS)
        there.page.get_by_role("button", name="Develop it again").click()

        expect(there.page.get_by_role("heading", level=1, name=re.compile("Handed in|In line|Warming|Developing"))).to_be_visible()


def test_a_training_that_fails_is_told_in_words_with_a_way_on(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    with tab(browser, stood, somebody()) as there:
        develop(there, tmp_path, "Doomed vase")

        expect(there.page.get_by_text("What helps")).to_be_visible(timeout=LIVE_MS)
        expect(there.page.get_by_role("button", name="Develop it again")).to_be_enabled()


def test_a_thousand_prints_are_scrolled_without_holding_them_all(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, MANY) as there:
        there.show(BY_NAME["prints-many"])
        most = 0
        for _ in range(80):
            there.page.mouse.wheel(0, 20_000)
            there.page.wait_for_timeout(60)
            most = max(most, there.page.evaluate("document.images.length"))
            if there.page.get_by_text("That is all of them.").count():
                break

        expect(there.page.get_by_text("That is all of them.")).to_be_visible()
        assert 0 < most < 300


def test_the_language_is_changed_on_the_spot_and_kept(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["you"])
        there.page.get_by_text("Deutsch", exact=True).first.click()
        expect(there.page.locator("html")).to_have_attribute("lang", "de")
        there.settle()
        german = there.page.get_by_role("heading", level=2).first.inner_text()
        there.page.reload()
        there.settle()

        expect(there.page.locator("html")).to_have_attribute("lang", "de")
        expect(there.page.get_by_role("heading", level=2).first).to_have_text(german)


def test_whoever_wants_less_motion_sees_none(browser: Browser, stood: Stage, tmp_path: Path) -> None:
    moving = "document.getAnimations().filter((each) => each.effect.getComputedTiming().duration > 1).length"
    with tab(browser, stood, somebody(), reduced_motion="reduce") as there:
        develop(there, tmp_path, "Still vase")
        most = 0
        for _ in range(60):
            most = max(most, there.page.evaluate(moving))
            there.page.wait_for_timeout(100)

        assert most == 0


def _print(there: Tab, job_id: str) -> None:
    there.go(f"/models/{job_id}/generate")
    there.page.get_by_role("textbox", name="Prompt").fill("a photo of a sks vase in snow")
    there.page.get_by_role("button", name="Make 4 prints").click()
    there.until("announced.some((text) => text.includes('All 4 prints are there'))")
    there.page.get_by_role("button", name=re.compile("is a favourite")).first.click()
    there.page.get_by_role("button", name="Compare with untuned").click()
    expect(there.page.get_by_text("untuned", exact=True).first).to_be_visible(timeout=LIVE_MS)
    there.go("/prints")
    there.page.get_by_text("Favourites", exact=True).first.click()
    expect(there.page.get_by_role("button", name=re.compile(r"^Print \d+:")).or_(there.page.get_by_role("gridcell"))).not_to_have_count(0)


def _sleep_and_wake(there: Tab, job_id: str) -> None:
    there.go(f"/models/{job_id}")
    there.page.get_by_role("button", name=re.compile("^Put .*to sleep")).click()
    there.page.get_by_role("alertdialog").get_by_role("button", name="Put to sleep").click()
    expect(there.page.get_by_role("heading", name="Asleep", exact=True)).to_be_visible(timeout=LIVE_MS)
    there.page.get_by_role("button", name=re.compile("^Wake ")).click()
    there.page.get_by_role("alertdialog").get_by_role("button", name=re.compile("Wake it")).click()
    expect(there.page.get_by_role("heading", name="Awake", exact=True)).to_be_visible(timeout=LIVE_MS)


def _delete(there: Tab, job_id: str) -> None:
    there.go(f"/jobs/{job_id}/result")
    there.page.get_by_role("button", name="Delete this sheet").click()
    there.page.get_by_role("alertdialog").get_by_role("button", name="Delete the sheet").click()
    expect(there.page).to_have_url(re.compile("/receipts/"))
    expect(there.page.get_by_role("heading", level=1, name="Deleted", exact=True)).to_be_visible(timeout=LIVE_MS)
    there.go("/")
    expect(there.page.get_by_text("Journey vase")).to_have_count(0)
