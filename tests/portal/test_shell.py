"""What stands around every page: the light and the language before the first paint, a portal that is renewed while it is open, a sign-in in
a window of its own, a service that takes its time, and the place on a page that somebody comes back to."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.portal.browsing import Tab, tab
from tests.portal.seed import EVERYTHING
from tests.portal.stage import Stage
from tests.portal.walking import sign_out

SCRIPTS = re.compile(r"/assets/(?!first)[^/]+\.js$")


@pytest.fixture
def there(browser: Browser, stood: Stage) -> Iterator[Tab]:
    with tab(browser, stood, EVERYTHING) as found:
        yield found


def test_the_chosen_light_and_language_are_there_before_the_first_paint(there: Tab) -> None:
    there.go("/you")
    there.page.evaluate("localStorage.setItem('theme', 'dark'); localStorage.setItem('language', 'de')")
    there.page.route(re.compile(r"/assets/(frame|first)-[^/]+\.js$"), _unless_blocking)
    there.page.reload(wait_until="commit")
    there.until("document.readyState === 'interactive' || document.readyState === 'complete'")

    assert there.page.evaluate("[document.documentElement.dataset.theme, document.documentElement.lang]") == ["dark", "de"]
    assert there.page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert there.page.evaluate("[...document.querySelectorAll('meta[name=theme-color]')].map((meta) => meta.media)") == ["not all", "all"]


def _unless_blocking(route: Route) -> None:
    """The pages' own modules are held back; what runs before the first paint is no module."""
    if route.request.headers.get("sec-fetch-mode") == "cors":
        route.abort()
    else:
        route.continue_()


def test_a_page_that_went_with_an_old_portal_leaves_the_designer_where_she_is(there: Tab) -> None:
    there.go("/you")
    there.settle()
    there.page.route(SCRIPTS, lambda route: route.fulfill(status=404, body="{}"))
    there.page.route(f"{there.stage.url}/", lambda route: route.fulfill(body='<script src="/assets/first-newer.js"></script>'))

    there.page.get_by_role("link", name="Models").first.click()

    expect(there.page.get_by_text("That page is from a newer portal")).to_be_visible()
    expect(there.page.get_by_role("button", name="Reload")).to_be_visible()
    assert there.page.url.endswith("/you")
    there.page.get_by_role("button", name="Later").click()
    expect(there.page.get_by_text("That page is from a newer portal")).to_be_hidden()


def test_a_page_that_the_network_did_not_bring_can_be_opened_when_it_is_back(there: Tab) -> None:
    there.go("/you")
    there.settle()
    there.page.context.set_offline(True)
    there.page.get_by_role("link", name="Models").first.click()
    expect(there.page.get_by_text("that page was not fetched yet")).to_be_visible()
    assert there.page.url.endswith("/you")

    there.page.context.set_offline(False)
    there.page.get_by_role("link", name="Models").first.click()

    expect(there.page.get_by_role("heading", level=1, name="Your models")).to_be_visible()


def _sign_in_over(there: Tab, designer: str) -> Page:
    """In the window that the dialog opens."""
    sign_out(there)
    there.page.get_by_role("link", name="Prints").first.click()
    dialog = there.page.get_by_role("alertdialog", name="Your session is over")
    with there.page.context.expect_page() as opened:
        dialog.get_by_role("button", name="Sign in").click()
    window = opened.value
    window.goto(f"{there.stage.url}/?gcp-iap-mode=DO_SESSION_REFRESH&as={designer}", wait_until="commit")
    return window


def test_the_same_person_goes_on_where_she_was(there: Tab) -> None:
    there.go("/")
    there.settle()
    there.page.evaluate("window.same = true")

    _sign_in_over(there, EVERYTHING)

    expect(there.page.get_by_role("alertdialog")).to_be_hidden()
    expect(there.page.get_by_role("heading", level=1, name="Prints")).to_be_visible()
    assert there.page.evaluate("window.same") is True


def test_another_person_does_not_see_what_was_hers(there: Tab) -> None:
    there.go("/")
    there.settle()
    there.page.evaluate("window.same = true")

    with there.page.expect_event("load"):
        _sign_in_over(there, "lin@example.com")

    assert there.page.evaluate("window.same") is None
    expect(there.page.get_by_role("alertdialog")).to_be_hidden()


def test_a_slow_answer_is_said_before_somebody_wonders(there: Tab) -> None:
    there.page.route(re.compile(r"/v1/models"), lambda _route: None)
    there.go("/models")

    expect(there.page.get_by_text("The service takes longer than usual")).to_be_visible(timeout=12_000)


def test_whoever_goes_back_comes_back_to_the_place_she_left(there: Tab) -> None:
    there.go("/")
    there.settle()
    there.page.get_by_role("link", name="Espresso cup").scroll_into_view_if_needed()
    there.page.wait_for_timeout(300)
    left: int = there.page.evaluate("scrollY")
    there.page.get_by_role("link", name="Espresso cup").click()
    there.until("location.pathname.startsWith('/jobs/')")
    there.page.wait_for_selector("main h1:focus")
    assert left > 200
    there.until("scrollY === 0")

    there.page.go_back()

    there.until("(left) => Math.abs(scrollY - left) < 40", left)
