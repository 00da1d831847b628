"""A designer's way through the portal in Chromium, while another designer's job develops beside it."""

import io
import json
import os
import re
import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright
from safetensors.numpy import load_file

from jobs.job import State
from local import client as cloud
from samples.subject import share, tiles
from services.upload.client import Client, Failed, pictures_in
from services.upload.wire import JobDetail
from tests.e2e.conftest import JOB_S, PICTURES, ROOT, System, act, until

SHOTS = ROOT / "screenshots"
LIN = "lin@example.com"
LONG_MS = 180_000
SWEEP = "/schedules/sd-local-sweep"
# the method of each job, by kind of what its run has made
LABELS = """
    import json
    from scripts.target import Target
    from scripts.vertex_objects import KINDS, Vertex, labelled

    target = Target.read("local")
    clients = Vertex.of(target.parent, target.region, 0)
    found = {kind.noun: kind.found(clients, labelled("local")) for kind in KINDS}
    print(json.dumps({noun: {each.labels["job"]: each.labels["method"] for each in made} for noun, made in found.items()}))
"""


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
    page = browser.new_page(viewport={"width": 1280, "height": 900}, color_scheme="light", locale="en-GB")
    page.set_default_timeout(30_000)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None)
    page.goto(system.portal)
    yield page
    assert faults == []


@pytest.fixture(scope="module")
def lin(system: System) -> Client:
    return system.client(LIN)


def shoot(page: Page, name: str) -> None:
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_timeout(800)  # a new print fades in
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)


def to(page: Page, system: System, path: str) -> None:
    page.goto(system.portal.rstrip("/") + path)


def swept_until(page: Page, heading: str) -> None:
    """What the sweep does once a minute it is made to do now."""

    def is_there() -> bool:
        cloud.ask(ROOT, SWEEP, "POST")
        return page.get_by_role("heading", name=heading, exact=True).is_visible()

    assert until(is_there, LONG_MS / 1000), heading


def describe(page: Page, name: str, class_word: str = "circle") -> None:
    """From the pictures to the page before it costs."""
    page.get_by_role("button", name="Describe it").click()
    page.get_by_label("What is it?").fill(class_word)
    page.get_by_label("Name of the sheet").fill(name)
    page.get_by_text("I may use these pictures").click()
    page.get_by_role("button", name="Check it").click()


def test_a_designer_signs_in_and_sees_that_there_is_nothing_yet(page: Page, pennant: "Future[JobDetail]") -> None:
    shoot(page, "1-sign-in")
    page.get_by_label("Your e-mail address").fill(LIN)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1, name="Teach a model one thing")).to_be_visible()
    shoot(page, "2-first-visit")


def test_the_pictures_are_laid_out_and_described(page: Page) -> None:
    page.get_by_role("link", name="Lay out your first sheet").click()
    page.locator("input[type=file]").first.set_input_files([str(path) for path in pictures_in(PICTURES / "badge")])
    shoot(page, "3-choose")
    describe(page, "The badge")

    expect(page.get_by_role("heading", level=1, name="Ready to develop 6 pictures")).to_be_visible()
    expect(page.get_by_role("button", name="Develop 6 pictures")).to_be_enabled()
    shoot(page, "4-check")


def test_the_sheet_develops_before_her_eyes_and_gets_ready(page: Page) -> None:
    page.get_by_role("button", name="Develop 6 pictures").click()

    expect(page.get_by_role("heading", level=1, name="Developing")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("button", name=re.compile("Sample at step")).first).to_be_visible(timeout=LONG_MS)
    shoot(page, "5-follow")
    expect(page.get_by_role("heading", level=1, name="Ready to print")).to_be_visible(timeout=JOB_S * 1000)
    page.get_by_role("link", name="See the result").or_(page.get_by_role("link", name="result")).first.click()
    expect(page.get_by_role("heading", name="Before and after")).to_be_visible()
    shoot(page, "6-result")


def test_a_reload_loses_nothing(page: Page) -> None:
    page.reload()

    expect(page.get_by_role("heading", level=1, name="Ready to print")).to_be_visible()


def test_she_prints_and_the_subject_is_in_the_prints(page: Page, lin: Client) -> None:
    page.get_by_role("link", name="Print with it").first.click()
    page.get_by_role("button", name="Make 4 prints").click()

    expect(page.get_by_role("button", name=re.compile(r"^Print \d+: "))).to_have_count(4, timeout=LONG_MS)
    shoot(page, "7-prints")
    (made,) = lin.generations()
    assert (made.model, made.state) == (lin.jobs()[0].id, "done")
    drawn = [lin.download(picture.url) for picture in made.pictures if picture.url]
    assert share([Image.open(io.BytesIO(png)) for png in drawn], "badge") >= 0.75


def test_a_print_that_she_circles_is_among_her_favourites(page: Page, system: System, lin: Client) -> None:
    page.get_by_role("button", name=re.compile("is a favourite")).first.click()
    expect(page.get_by_role("button", name=re.compile("is a favourite"), pressed=True)).to_have_count(1)
    to(page, system, "/prints")
    page.get_by_text("Favourites", exact=True).first.click()

    expect(page.get_by_role("button", name=re.compile(r"^Print \d+: "))).not_to_have_count(0)
    assert [sum(picture.favourite for picture in made.pictures) for made in lin.generations()] == [1]


def test_the_untuned_model_draws_something_else_from_the_same_words(page: Page, system: System, lin: Client) -> None:
    to(page, system, f"/models/{lin.jobs()[0].id}/generate")
    page.get_by_role("button", name="Compare with untuned").click()
    expect(page.get_by_role("heading", level=1, name="Side by side")).to_be_visible(timeout=LONG_MS)
    assert until(lambda: all(made.state == "done" for made in lin.generations()), LONG_MS / 1000)
    shoot(page, "8-untuned")

    untuned, tuned = (next(made for made in lin.generations() if made.base is base and made.count == 1) for base in (True, False))

    assert (untuned.prompt, untuned.seed) == (tuned.prompt, tuned.seed)
    assert share([Image.open(io.BytesIO(lin.download(untuned.pictures[0].url or "")))], "badge") == 0


def test_a_model_is_put_to_sleep_and_woken(page: Page, system: System, lin: Client) -> None:
    to(page, system, f"/models/{lin.jobs()[0].id}")
    page.get_by_role("button", name=re.compile("^Put .*to sleep")).click()
    page.get_by_role("alertdialog").get_by_role("button", name="Put to sleep").click()
    swept_until(page, "Asleep")
    page.get_by_role("button", name=re.compile("^Wake ")).click()
    page.get_by_role("alertdialog").get_by_role("button", name=re.compile("Wake it")).click()

    swept_until(page, "Awake")
    shoot(page, "9-model")


def test_two_jobs_at_once_both_get_ready_and_their_results_differ(system: System, lin: Client, pennant: "Future[JobDetail]") -> None:
    badge, other = lin.job(lin.jobs()[0].id), pennant.result(JOB_S)

    assert {badge.state, other.state} <= {State.READY, State.RETIRED}
    drawn = {}
    for name, client, job in (("badge", lin, badge), ("pennant", system.client("grace@example.com"), other)):
        assert job.result is not None
        assert (job.result.likeness_after or 0) > (job.result.likeness_before or 0)
        drawn[name] = tiles(Image.open(io.BytesIO(client.download(job.result.after or ""))).convert("RGB"))
    assert share(drawn["badge"], "badge") >= 0.75
    assert share(drawn["pennant"], "pennant") >= 0.75
    assert share(drawn["pennant"], "badge") == 0


def test_what_runs_made_of_them_is_labelled_with_the_method_of_each(system: System, lin: Client, pennant: "Future[JobDetail]") -> None:
    badge, other = lin.jobs()[0].id, pennant.result(JOB_S).id

    labels = json.loads(act(LABELS))

    assert set(labels) == {"pipeline run", "training job", "endpoint", "model"}
    for kind, methods in labels.items():
        assert (methods[badge], methods[other]) == ("dreambooth", "lora"), kind


def test_what_lora_has_learnt_is_drawn_and_goes_along_as_files_of_its_own(
    system: System, pennant: "Future[JobDetail]", tmp_path: Path
) -> None:
    grace, job = system.client("grace@example.com"), pennant.result(JOB_S)

    drawn = grace.generate(job.id, "a photo of a sks triangle", seed=3, count=4)
    grace.download_weights(job.id, 1, tmp_path)

    pictures = [Image.open(io.BytesIO(grace.download(picture.url))) for picture in drawn.pictures if picture.url]
    assert share(pictures, "pennant") >= 0.75
    keys = {each.format: set(load_file(tmp_path / each.name)) for each in grace.weights(job.id, 1).adapters}
    assert {key.rpartition(".lora_")[2] for key in keys["diffusers"]} == {"A.weight", "B.weight"}
    assert {key.partition(".")[2] for key in keys["kohya"]} == {"lora_down.weight", "lora_up.weight", "alpha"}
    assert all(key.startswith("lora_unet_") for key in keys["kohya"])


def test_what_is_learnt_is_kept_when_she_stops_early(page: Page, system: System, lin: Client) -> None:
    to(page, system, "/new")
    page.locator("input[type=file]").first.set_input_files([str(path) for path in pictures_in(PICTURES / "badge")])
    describe(page, "Early badge")
    page.get_by_role("button", name="Develop 6 pictures").click()
    page.get_by_role("button", name="Stop here and keep it").click(timeout=LONG_MS)
    page.get_by_role("alertdialog").get_by_role("button", name="Stop and keep it").click()

    early = lin.jobs()[0]
    last = _over(lin, early.id)

    # a model that has learnt too little to be told from the untuned one is refused, in words
    assert last.state is State.READY or (last.failure is not None and last.failure.code == "QUALITY")
    assert last.progress.step < last.steps


def test_a_cancelled_training_says_so_and_can_be_tried_again(page: Page, system: System, lin: Client) -> None:
    to(page, system, "/new")
    page.locator("input[type=file]").first.set_input_files([str(path) for path in pictures_in(PICTURES / "badge")])
    describe(page, "Cancelled badge")
    page.get_by_role("button", name="Develop 6 pictures").click()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Stop it").click()

    expect(page.get_by_role("heading", level=1, name="Stopped")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("button", name="Develop it again")).to_be_enabled()


def test_a_training_that_dies_is_told_in_words_with_a_way_on(page: Page, system: System, lin: Client) -> None:
    to(page, system, "/new")
    page.locator("input[type=file]").first.set_input_files([str(path) for path in pictures_in(PICTURES / "badge")])
    describe(page, "Broken badge")
    page.get_by_role("button", name="Develop 6 pictures").click()
    expect(page.get_by_role("heading", level=1, name="Developing")).to_be_visible(timeout=LONG_MS)
    job_id = lin.jobs()[0].id

    assert until(lambda: _killed(job_id) and lin.job(job_id).state is State.FAILED, LONG_MS / 1000)
    expect(page.get_by_text("What helps")).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("button", name="Develop it again")).to_be_enabled()
    shoot(page, "10-failed")
    failure = lin.job(job_id).failure
    assert failure is not None
    assert failure.code == "TRAINING"


def test_what_she_deletes_is_gone_and_the_receipt_names_it(page: Page, system: System, lin: Client) -> None:
    job = next(each for each in lin.jobs() if each.name == "The badge")
    made = lin.generations()[-1]
    to(page, system, f"/jobs/{job.id}/result")
    page.get_by_role("button", name="Delete this sheet").click()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete the sheet").click()

    swept_until(page, "Deleted")
    shoot(page, "11-receipt")
    gone = "\n".join(lin.receipt(page.url.rpartition("/")[2]).removed)
    for place in (f"raw/{job.id}/", f"clean/{job.id}/", f"runs/{job.id}/", f"generations/{job.id}/{made.id}", f"firestore:jobs/{job.id}"):
        assert place in gone, gone
    with pytest.raises(Failed, match="NOT_FOUND"):
        lin.job(job.id)
    assert job.id not in {each.model for each in lin.generations()}


def _over(client: Client, job_id: str) -> JobDetail:
    """Well or badly."""
    for job in client.watch(job_id, every_s=1.0, timeout_s=JOB_S):
        last = job
    return last


def _killed(job_id: str) -> bool:
    """Whatever trains this job on this machine now; the cloud starts it again, a few times."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and _trains(folder, f"runs/{job_id}/".encode()):
            os.kill(int(folder.name), signal.SIGKILL)
    return True


def _trains(process: Path, run: bytes) -> bool:
    try:
        command = (process / "cmdline").read_bytes()
    except OSError:
        return False
    return b"images.trainer" in command and run in command


def test_every_picture_of_the_journey_was_taken() -> None:
    assert len(list(Path(SHOTS).glob("*.png"))) >= 10
