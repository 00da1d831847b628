"""When something breaks: the network in the middle of pictures, the service, the session. Nothing that was chosen or typed is lost."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.portal.between import Between, Instead
from tests.portal.browsing import Tab, tab
from tests.portal.pages import BY_NAME
from tests.portal.seed import EVERYTHING
from tests.portal.stage import Stage
from tests.portal.walking import describe, lay_out, photos, sign_out, somebody

SLOW = 90_000


@pytest.fixture
def line(stood: Stage) -> Iterator[Between]:
    """What the browser reaches the stage by; it is this test's own to break."""
    between = Between(stood.url)
    with between.standing():
        yield between


@pytest.fixture
def there(browser: Browser, stood: Stage, line: Between) -> Iterator[Tab]:
    with tab(browser, Stage(line.url, stood.ids), somebody()) as found:
        yield found


def test_a_network_that_dies_amid_the_pictures_loses_none(there: Tab, line: Between, tmp_path: Path) -> None:
    line.bytes_per_second = SLOW
    job_id = lay_out(there, photos(tmp_path))
    there.page.wait_for_timeout(400)
    line.cut()
    there.page.context.set_offline(True)
    there.page.wait_for_timeout(800)
    line.mend()
    line.bytes_per_second = 0
    there.page.context.set_offline(False)
    describe(there)

    expect(there.page.get_by_role("heading", level=1, name="Ready to develop 6 pictures")).to_be_visible(timeout=45_000)
    assert _verified(there, job_id) == 6


def test_a_window_that_is_closed_amid_the_pictures_goes_on_when_it_is_opened_again(there: Tab, line: Between, tmp_path: Path) -> None:
    line.bytes_per_second = SLOW
    job_id = lay_out(there, photos(tmp_path))
    there.page.wait_for_timeout(400)
    context = there.page.context
    there.page.close()
    line.bytes_per_second = 0

    again = Tab(context.new_page(), there.stage, there.designer)
    again.go(f"/jobs/{job_id}/check")

    expect(again.page.get_by_text("6 pictures to learn from")).to_be_visible(timeout=45_000)
    _until_verified(again, job_id, 6)


def test_each_step_of_the_way_in_stands_a_reload(there: Tab, tmp_path: Path) -> None:
    job_id = lay_out(there, photos(tmp_path))
    there.page.get_by_label("What is it?").fill("vase")
    there.page.get_by_text("All words are kept").wait_for()
    there.page.reload()
    expect(there.page.get_by_label("What is it?")).to_have_value("vase")
    describe(there, "Kept vase")
    there.page.reload()
    expect(there.page.get_by_role("heading", level=1, name="Ready to develop 6 pictures")).to_be_visible()
    there.go(f"/jobs/{job_id}/choose")

    expect(there.page.get_by_text("6 pictures", exact=False).first).to_be_visible()
    there.go(f"/jobs/{job_id}")
    expect(there.page).to_have_url(re.compile(f"/jobs/{job_id}/(choose|describe|check)"))


def test_a_service_that_does_not_answer_is_asked_again_by_a_button(there: Tab, line: Between) -> None:
    line.instead += [Instead("GET", "/v1/models", 503)] * 8
    there.go("/models")
    expect(there.page.get_by_role("alert").first).to_be_visible(timeout=30_000)
    line.instead.clear()
    there.page.get_by_role("button", name="Try again").first.click()

    expect(there.page.get_by_role("heading", level=1, name="No models yet")).to_be_visible()


def test_a_session_that_is_over_is_begun_anew_beside_what_was_typed(there: Tab, stood: Stage, tmp_path: Path) -> None:
    lay_out(there, photos(tmp_path))
    there.page.get_by_text("All words are kept").or_(there.page.get_by_text("Say what it is.")).first.wait_for()
    sign_out(there)
    there.page.get_by_label("What is it?").fill("vase")
    dialog = there.page.get_by_role("alertdialog")
    expect(dialog).to_be_visible(timeout=15_000)
    with there.page.expect_popup() as opened:
        dialog.get_by_role("button", name="Sign in in a small window").click()
    opened.value.goto(f"{there.stage.url}/?as={there.designer}")

    expect(dialog).to_be_hidden(timeout=15_000)
    expect(there.page.get_by_label("What is it?")).to_have_value("vase")
    expect(there.page.get_by_text("All words are kept")).to_be_visible()


def test_a_page_says_that_it_is_offline_and_when_it_is_back(browser: Browser, stood: Stage) -> None:
    with tab(browser, stood, EVERYTHING) as there:
        there.show(BY_NAME["follow-training"])
        there.page.context.set_offline(True)
        expect(there.page.get_by_text("You are offline").first).to_be_visible()
        there.page.context.set_offline(False)

        expect(there.page.get_by_text("You are offline").first).to_be_hidden()


def _verified(there: Tab, job_id: str) -> int:
    ask = "async (id) => (await (await fetch(`/v1/jobs/${id}`, {headers: {'X-Requested-With': 'XMLHttpRequest'}})).json()).counts.verified"
    counted: int = there.page.evaluate(ask, job_id)
    return counted


def _until_verified(there: Tab, job_id: str, count: int) -> None:
    for _ in range(60):
        if _verified(there, job_id) == count:
            return
        there.page.wait_for_timeout(250)
    raise AssertionError(f"{_verified(there, job_id)} of {count} pictures arrived")
