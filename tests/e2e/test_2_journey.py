"""A designer's way through the portal in Chromium, while another designer's job develops beside it."""

import io
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from jobs.job import State
from samples.subject import share, tiles
from services.upload.client import Failed, pictures_in
from services.upload.wire import JobDetail
from tests.e2e.conftest import JOB_S, PICTURES, ROOT, System, finish

SHOTS = ROOT / "screenshots"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=[*flags, "--disable-component-update"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def page(system: System, browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page.set_default_timeout(30_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto(system.portal)
    yield page
    assert faults == []


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(800)  # a new print fades in
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def test_a_designer_signs_in_and_sees_that_there_is_nothing_yet(page: Page, pennant: "Future[JobDetail]") -> None:
    shoot(page, "1-sign-in")
    page.get_by_label("Your e-mail address").fill("lin@example.com")
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    shoot(page, "2-first-visit")


def test_the_pictures_are_laid_out_and_sent(page: Page) -> None:
    page.goto(page.url.split("?")[0].rstrip("/") + "/new")
    page.locator("input[type=file]").first.set_input_files([str(path) for path in pictures_in(PICTURES / "badge")])
    page.get_by_label("What is it?").fill("circle")
    page.get_by_label("Name of the sheet").fill("The badge")

    expect(page.get_by_role("button", name="Develop 6 pictures")).to_be_enabled()
    shoot(page, "3-choose")


def test_the_sheet_develops_before_her_eyes_and_gets_ready(page: Page) -> None:
    page.get_by_role("button", name="Develop 6 pictures").click()

    expect(page.get_by_role("heading", name="Developing:")).to_be_visible(timeout=180_000)
    shoot(page, "4-follow")
    expect(page.get_by_role("heading", name="Ready to print")).to_be_visible(timeout=JOB_S * 1000)
    shoot(page, "5-ready")


def test_a_reload_loses_nothing(page: Page) -> None:
    page.reload()

    expect(page.get_by_role("heading", name="Ready to print")).to_be_visible()


def test_she_prints_and_the_subject_is_in_the_prints(page: Page, system: System) -> None:
    page.get_by_role("button", name="Make 4 prints").click()

    prints = page.get_by_role("button", name="look closer")
    expect(prints).to_have_count(4, timeout=120_000)
    shoot(page, "6-prints")
    client = system.client("lin@example.com")
    (made,) = client.generations()
    assert (made.model, made.state) == (client.jobs()[0].id, "done")
    drawn = [client.download(picture.url) for picture in made.pictures if picture.url]
    assert share([Image.open(io.BytesIO(png)) for png in drawn], "badge") >= 0.75


def test_two_jobs_at_once_both_get_ready_and_their_results_differ(system: System, pennant: "Future[JobDetail]") -> None:
    lin, grace = system.client("lin@example.com"), system.client("grace@example.com")

    badge, other = finish(lin, lin.jobs()[0].id), pennant.result(JOB_S)

    assert {badge.state, other.state} == {State.READY}
    drawn = {}
    for name, client, job in (("badge", lin, badge), ("pennant", grace, other)):
        assert job.result is not None
        assert (job.result.likeness_after or 0) > (job.result.likeness_before or 0)
        drawn[name] = tiles(Image.open(io.BytesIO(client.download(job.result.after or ""))).convert("RGB"))
    assert share(drawn["badge"], "badge") >= 0.75
    assert share(drawn["pennant"], "pennant") >= 0.75
    assert share(drawn["pennant"], "badge") == 0


def test_what_she_deletes_is_gone_and_the_receipt_names_it(system: System) -> None:
    lin = system.client("lin@example.com")
    (job,) = lin.jobs()
    (made,) = lin.generations()

    receipt = lin.erased(lin.delete(job.id).id, timeout_s=300)

    gone = "\n".join(receipt.removed)
    assert receipt.done
    assert receipt.kept
    for place in (f"raw/{job.id}/", f"clean/{job.id}/", f"runs/{job.id}/", f"generations/{job.id}/{made.id}", f"firestore:jobs/{job.id}"):
        assert place in gone, gone
    assert (lin.jobs(), lin.models(), lin.generations()) == ([], [], [])
    with pytest.raises(Failed, match="NOT_FOUND"):
        lin.job(job.id)


def test_every_picture_of_the_journey_was_taken() -> None:
    assert len(list(Path(SHOTS).glob("*.png"))) == 6
