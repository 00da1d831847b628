"""From nothing to generated pictures, on this laptop: up, one real job, a picture of what was learnt.

Leaves `.local/demo/before-after.png` and `.local/demo/report.json`. With CI=true everything is destroyed at the end, and the exit code
is 0 only if all of it held; otherwise the portal is left running until Ctrl-C or `make down`.
"""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import requests
from PIL import Image, ImageDraw

from jobs.job import State
from samples.subject import share, tiles
from scripts import stack
from services.upload.client import Client, Failed, NotDrawn, pictures_in
from services.upload.wire import Generation, JobDetail

DESIGNER = "ada@example.com"
SUBJECT, CLASS_WORD = "badge", "circle"
FOLDER, PICTURE = stack.ROOT / "demo", "before-after.png"
LEARNT, UNLEARNT = 0.9, 0.1
_JOB_S = 600.0
_TILE = 96


class DemoFailed(Exception):
    """The demo did not show what it must."""


@dataclass
class Report:
    engine: str
    seconds: dict[str, float] = field(default_factory=dict)
    job: str = ""
    portal: str = ""
    subject_before: float = 0.0
    subject_after: float = 0.0
    likeness_before: float | None = None
    likeness_after: float | None = None
    picture: str = ""

    def save(self) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        (FOLDER / "report.json").write_text(json.dumps(vars(self), indent=2) + "\n")

    @contextmanager
    def stage(self, name: str, title: str) -> Iterator[None]:
        say(f"\n{title}")
        began = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - began, 1)
        say(f"  {self.seconds[name]:.1f} s")


def main() -> int:
    report = Report(stack.engine().name)
    in_ci = os.environ.get("CI") == "true"
    try:
        run(report)
        report.save()
        say(f"\nportal   {report.portal}   (sign in as {DESIGNER})")
        say(f"pictures {report.picture}\nreport   {FOLDER / 'report.json'}")
        if not in_ci:
            _wait()
    except KeyboardInterrupt:
        say("\nstopping the local cloud; its state stays in .local (make up brings it back, make clean forgets it)")
        return stack.cloud("stop")
    except (DemoFailed, Failed, requests.RequestException, TimeoutError) as failed:
        say(f"\nthe demo failed: {failed}")
        if in_ci:
            stack.down(stack.LOCAL)
        return 1
    return stack.down(stack.LOCAL) if in_ci else 0


def run(report: Report) -> None:
    with report.stage("up", f"1  up ({report.engine})"):
        if stack.up(stack.LOCAL):
            raise DemoFailed("the stack did not come up; the lines above say why")
    outputs = stack.engine().outputs(stack.LOCAL)
    report.portal = outputs["portal"]
    client = Client(report.portal, token_of(DESIGNER, outputs["iapAudience"]))
    settle()
    with report.stage("upload", "2  upload"):
        job = client.create(f"The {SUBJECT}", CLASS_WORD)
        report.job = job.id
        client.upload(job.id, pictures_in(Path("samples/pictures") / SUBJECT), _uploaded)
        client.submit(job.id)
    with report.stage("train", f"3  job {job.id}"):
        job = follow(client, job.id)
    with report.stage("generate", "4  generate"):
        judge(client, job, report, FOLDER)


def settle() -> None:
    """A demo that was stopped leaves its job running in the books; the sweep closes it now and not within the minute."""
    command = [stack.PYTHON, "-m", "local", "run-schedule", "--root", str(stack.ROOT), "sd-local-sweep"]
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL)


def token_of(user: str, audience: str, root: Path = stack.ROOT) -> Callable[[], str]:
    """An identity token for the portal, made by the local cloud's own keys."""
    command = [stack.PYTHON, "-m", "local", "token", "--root", str(root), "--user", user, "--audience", audience]
    token = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
    return lambda: token


def _uploaded(path: Path, sent: int, size: int) -> None:
    if sent == size:
        say(f"  {path.name}  {size / 1024:.0f} KiB")


def follow(client: Client, job_id: str) -> JobDetail:
    """A line for each state, with the seconds that the one before it took. Raises DemoFailed unless the job gets ready."""
    state, since, shown = None, time.monotonic(), -1
    for job in client.watch(job_id, every_s=0.5, timeout_s=_JOB_S):
        if job.state is not state:
            say(f"  {time.monotonic() - since:6.1f} s  {job.state}")
            state, since = job.state, time.monotonic()
        elif job.progress.total and job.progress.step // 50 > shown:
            shown = job.progress.step // 50
            eta = f", about {job.progress.eta_seconds:.0f} s left" if job.progress.eta_seconds else ""
            say(f"           step {job.progress.step} of {job.progress.total}, loss {job.progress.loss or 0:.3f}{eta}")
    if job.state is not State.READY:
        raise DemoFailed(f"job {job_id} is {job.state}: {job.failure.text if job.failure else 'no reason given'}; make trace JOB={job_id}")
    return job


def judge(client: Client, job: JobDetail, report: Report, folder: Path) -> None:
    """The trainer's grids before and after, and fresh pictures from the endpoint; the sheet of them goes into `folder`. Raises DemoFailed
    if the subject was not learnt."""
    result = job.result
    if result is None:
        raise DemoFailed("a ready job has a result; this one has not")
    before = tiles(_picture(client, result.before))
    generated = _drawn(client, job)
    after = [*tiles(_picture(client, result.after)), *(_picture(client, picture.url) for picture in generated.pictures if picture.url)]
    report.subject_before, report.subject_after = share(before, SUBJECT), share(after, SUBJECT)
    report.likeness_before, report.likeness_after = result.likeness_before, result.likeness_after
    pictures = [Image.open(path) for path in pictures_in(Path("samples/pictures") / SUBJECT)]
    report.picture = str(side_by_side({"pictures": pictures, "before": before, "after": after}, folder))
    say(f"  the subject is in {report.subject_before:.0%} of the pictures before, {report.subject_after:.0%} after")
    if report.likeness_after is not None:
        say(f"  likeness {report.likeness_before:.2f} before, {report.likeness_after:.2f} after")
    if report.subject_after < LEARNT or report.subject_before > UNLEARNT:
        raise DemoFailed(
            f"the subject must be in at most {UNLEARNT:.0%} of the pictures before and in {LEARNT:.0%} after; see {report.picture}"
        )


def _drawn(client: Client, job: JobDetail) -> Generation:
    try:
        return client.generate(job.id, job.prompt, seed=7, count=4)
    except NotDrawn as failed:
        raise DemoFailed(f"the model drew nothing: {failed}") from failed


def _picture(client: Client, url: str | None) -> Image.Image:
    if not url:
        raise DemoFailed("a ready job has pictures of before and after; this one has not")
    return Image.open(io.BytesIO(client.download(url))).convert("RGB")


def side_by_side(rows: Mapping[str, Sequence[Image.Image]], folder: Path) -> Path:
    """A row of pictures for each name, as one picture in `folder`."""
    columns = max(len(row) for row in rows.values())
    sheet = Image.new("RGB", (90 + columns * (_TILE + 8), len(rows) * (_TILE + 8) + 8), "#fbfaf7")
    draw = ImageDraw.Draw(sheet)
    for number, (name, pictures) in enumerate(rows.items()):
        top = 8 + number * (_TILE + 8)
        draw.text((12, top + _TILE // 2), name, fill="#2b2825")
        for column, picture in enumerate(pictures):
            sheet.paste(picture.resize((_TILE, _TILE), Image.Resampling.LANCZOS), (90 + column * (_TILE + 8), top))
    folder.mkdir(parents=True, exist_ok=True)
    sheet.save(folder / PICTURE)
    return folder / PICTURE


def _wait() -> None:
    say("\nCtrl-C stops it, `make down` destroys it.")
    while True:
        time.sleep(3600)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
