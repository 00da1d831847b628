"""`--prove`: BASE on a fresh local cloud, HEAD as an update to it, and on that a designer's job from pictures to pictures.

Nothing of a local stack that runs already is touched: the cloud here has a root of its own, and takes its own ports.
"""

import contextlib
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import requests

from scripts import demo, stack
from scripts.preview.broken import broken
from scripts.preview.engine import COMMAND, Run
from scripts.preview.environments import with_own_packages
from scripts.preview.graph import Json, steps_of
from scripts.preview.portrait import NoPicture, portrait
from scripts.preview.proof import Failure, Proof, proof_section
from scripts.preview.revisions import WORKPLACE, Revision, checked_out, working_tree
from scripts.preview.section import Section
from services.upload.client import Client, Failed, pictures_in
from services.upload.wire import JobDetail

FILES = Path("preview-files")
_ROOT = WORKPLACE / "prove"
_PACKAGES = Path("frontend/node_modules")
_HALVES = {"create-replacement", "delete-replaced"}


class StageFailed(Exception):
    """The text is for who reads the pull request."""


_FAILS = (StageFailed, demo.DemoFailed, Failed, requests.RequestException, TimeoutError, OSError)


@dataclass
class Trial:
    """`pictures` is the folder that the section's links start from; the pictures lie in `FILES` below it."""

    head: Revision
    root: Path
    pictures: Path
    proof: Proof = field(default_factory=Proof)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        _say(f"prove: {name}")
        began = time.monotonic()
        try:
            yield
        except _FAILS as failed:
            self.proof.failure = Failure(name, str(failed) or type(failed).__name__)
            raise StageFailed(name) from failed
        finally:
            self.proof.seconds[name] = time.monotonic() - began


def prove(folder: Path, base: str | None, pictures: Path = Path()) -> Section:
    """What fails is what the section says. Raises PreviewError where git does not know BASE."""
    head = working_tree(folder)
    trial = Trial(head, (head.folder / _ROOT).absolute(), pictures.absolute())
    shutil.rmtree(trial.pictures / FILES, ignore_errors=True)
    (trial.pictures / FILES).mkdir(parents=True)
    with contextlib.ExitStack() as held, contextlib.suppress(StageFailed):
        former = held.enter_context(checked_out(base, head)) if base else None
        held.enter_context(_cleared(trial))
        _run(trial, former)
    return proof_section(trial.proof, former.name if former else None)


def _run(trial: Trial, base: Revision | None) -> None:
    with trial.stage("cloud"):
        _start(trial.root)
    if base:
        with trial.stage("base"):
            _up(_furnished(base, trial.head), trial.root)
    with trial.stage("update" if base else "up"):
        trial.proof.steps = _counted(_up(trial.head, trial.root))
    _journey(trial)


def _journey(trial: Trial) -> None:
    with trial.stage("upload"), _progress_to_stderr():
        outputs = _outputs(trial.root)
        client = Client(outputs["portal"], demo.token_of(demo.DESIGNER, outputs["iapAudience"], trial.root))
        job_id = _upload(client)
    with trial.stage("train"), _progress_to_stderr():
        job = demo.follow(client, job_id)
    with trial.stage("generate"), _progress_to_stderr():
        _generate(trial, client, job)
    with trial.stage("portal"):
        _photograph(trial, outputs["portal"])


def _outputs(root: Path) -> dict[str, str]:
    found = stack.Engine(root).outputs(stack.LOCAL)
    missing = [name for name in ("portal", "iapAudience") if name not in found]
    if missing:
        raise StageFailed(f"the stack has no output {', '.join(missing)}: nobody could find the portal")
    return found


def _upload(client: Client) -> str:
    job = client.create(f"The {demo.SUBJECT}", demo.CLASS_WORD)
    client.upload(job.id, pictures_in(Path("samples/pictures") / demo.SUBJECT))
    client.submit(job.id)
    return job.id


def _generate(trial: Trial, client: Client, job: JobDetail) -> None:
    report = demo.Report(stack.Engine.name, job=job.id)
    try:
        demo.judge(client, job, report, trial.pictures / FILES)
    finally:
        # also when the subject was not learnt: that can be seen in it
        if report.picture:
            trial.proof.result = str(FILES / demo.PICTURE)
            trial.proof.learnt = (report.subject_before, report.subject_after)


def _photograph(trial: Trial, portal: str) -> None:
    """A machine without a browser has still seen the job through."""
    try:
        portrait(portal, demo.DESIGNER, trial.pictures / FILES / "portal.png")
        trial.proof.portal = str(FILES / "portal.png")
    except NoPicture as reason:
        trial.proof.no_portal = str(reason)


def _furnished(base: Revision, head: Revision) -> Revision:
    """With what a fresh checkout lacks: its own packages where the lock differs, the portal's from HEAD."""
    installed = head.folder / _PACKAGES
    if installed.is_dir() and (base.folder / _PACKAGES.parent).is_dir() and not (base.folder / _PACKAGES).exists():
        (base.folder / _PACKAGES).symlink_to(installed.absolute())
    return with_own_packages(base, head)


def _start(root: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "local", "start", "--root", str(root)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise StageFailed(f"the local cloud does not start:\n{_end_of(done.stdout + done.stderr)}")


def _up(revision: Revision, root: Path) -> Json:
    began = time.monotonic()
    where = ["--stack", stack.LOCAL, "--root", str(root), "--python", str(revision.python or sys.executable)]
    command = [*COMMAND, "up", "--yes", "--json", *where]
    done = subprocess.run(command, cwd=revision.folder, env=stack.Engine(root).environment(), capture_output=True, text=True, check=False)
    document: Json = json.loads(done.stdout) if done.stdout.strip() else {}
    if done.returncode:
        found = broken(Run(document, _end_of(done.stderr), True, time.monotonic() - began), revision.folder)
        raise StageFailed(f"{found.place}: {found.text}" if found.place else found.text)
    return document


def _counted(document: Json) -> Counter[str]:
    return Counter(step.op for step in steps_of(document) if step.op not in _HALVES)


@contextlib.contextmanager
def _cleared(trial: Trial) -> Iterator[None]:
    """Before, of what a killed one left; afterwards the logs are kept where something failed."""
    _forget(trial.root)
    try:
        yield
    finally:
        if trial.proof.failure and (trial.root / "logs").is_dir():
            shutil.copytree(trial.root / "logs", trial.pictures / FILES / "logs")
        _forget(trial.root)


def _forget(root: Path) -> None:
    subprocess.run([sys.executable, "-m", "local", "stop", "--root", str(root)], capture_output=True, check=False)
    shutil.rmtree(root, ignore_errors=True)


@contextlib.contextmanager
def _progress_to_stderr() -> Iterator[None]:
    """The demo says its progress on standard output, where the preview's summary belongs."""
    with contextlib.redirect_stdout(sys.stderr):
        yield


def _end_of(text: str, lines: int = 30) -> str:
    return "\n".join(text.strip().splitlines()[-lines:])


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()
