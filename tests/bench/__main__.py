"""The figures that the documentation quotes, measured side by side in one run: `make bench`. Medians, on whatever machine this is.

Writes `.local/bench/report.json`.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from jobs.job import State
from scripts import stack
from scripts.demo import DESIGNER, SUBJECT, token_of
from services.upload.client import Client, pictures_in
from services.upload.wire import JobDetail
from tests.bench import portal, previews, reads, uploads, watchers

REPOSITORY = Path(__file__).parents[2]
ROOT = Path(".local/bench")
# the SDK loads a service's module when it is first asked for something
EMPTY = """import infra.stack
import pulumi_gcp as gcp

for service in (
    gcp.artifactregistry, gcp.cloudfunctionsv2, gcp.cloudrunv2, gcp.cloudscheduler, gcp.firestore, gcp.iap, gcp.logging, gcp.monitoring,
    gcp.projects, gcp.pubsub, gcp.serviceaccount, gcp.storage,
):
    service.__all__ if hasattr(service, "__all__") else dir(service)
"""
SUBJECTS = pictures_in(Path("samples/pictures") / SUBJECT)
# as many as one job takes
PICTURES = 20
STAGES = (State.UPLOADED, State.TRAINING, State.EVALUATING, State.READY)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    figures = {"local cloud, cold to ready (s)": cold_starts(runs)}
    engines: list[stack.Engine] = [stack.Engine(ROOT), *([stack.Cli(ROOT)] if shutil.which("pulumi") else [])]
    stack.cloud("start", ROOT)
    for engine in engines:
        engine.run("up", stack.LOCAL)
        same, empty = alternately(runs, lambda engine=engine: up(engine), lambda engine=engine: nothing(engine))
        figures[f"{engine.name}: up without a change (s)"], figures[f"{engine.name}: empty program (s)"] = same, empty
        figures[f"{engine.name}: ratio of the two"] = [a / b for a, b in zip(same, empty, strict=True)]
    figures |= enforcement(engines[0], runs)
    stack.cloud("stop", ROOT)
    figures["evaluation of all three stacks (s)"] = [timed(evaluate) for _ in range(runs)]
    figures |= previews.figures(runs)
    figures |= reads.figures(runs)
    figures |= watchers.figures(runs)
    figures |= uploads.figures(runs)
    figures |= portal.figures(runs)
    return tell(figures)


def enforcement(guarded: stack.Engine, runs: int) -> dict[str, list[float]]:
    """Two clouds side by side, one of which refuses nobody: what does asking cost?"""
    open_root = ROOT / "unguarded"
    shutil.rmtree(open_root, ignore_errors=True)
    command = [sys.executable, "-m", "tests.bench.unguarded", "--root", str(open_root)]
    with subprocess.Popen(command) as cloud:
        try:
            while not (open_root / "cloud.json").exists():
                time.sleep(0.2)
            unguarded = stack.Engine(open_root)
            unguarded.run("up", stack.LOCAL)
            uploads = alternately(runs * 3, lambda: upload(guarded), lambda: upload(unguarded))
            ready = [(without_training(journey(guarded)), without_training(journey(unguarded))) for _ in range(runs)]
        finally:
            cloud.terminate()
    return {
        f"{PICTURES} uploads (s)": uploads[0],
        f"{PICTURES} uploads, nobody refused (s)": uploads[1],
        "uploads: ratio of the two": [a / b for a, b in zip(*uploads, strict=True)],
        "submit to ready, training not counted (s)": [a for a, _ in ready],
        "submit to ready, training not counted, nobody refused (s)": [b for _, b in ready],
        "submit to ready: ratio of the two": [a / b for a, b in ready],
    }


def upload(engine: stack.Engine) -> int:
    """As many pictures as one job takes, by the client that designers' tools use."""
    client = client_of(engine)
    job = client.create("Bench", "circle")
    with tempfile.TemporaryDirectory() as folder:
        client.upload(job.id, [_copy(path, Path(folder), number) for number, path in enumerate(islice(cycle(SUBJECTS), PICTURES))])
    client.cancel(job.id)  # a designer may have three open
    return 0


def _copy(picture: Path, folder: Path, number: int) -> Path:
    return Path(shutil.copy(picture, folder / f"{number}{picture.suffix}"))


def evaluate() -> int:
    return max(stack.Engine().run("preview", name, "--offline") for name in ("local", "dev", "prod"))


def timed(act: Callable[[], int]) -> float:
    """Seconds. Raises RuntimeError, since the time of what failed says nothing."""
    began = time.monotonic()
    if act():
        raise RuntimeError("what is measured failed; the lines above say why")
    return time.monotonic() - began


def alternately(runs: int, one: Callable[[], int], other: Callable[[], int]) -> tuple[list[float], list[float]]:
    """A B A B …, so that a machine that slows down slows both."""
    pairs = [(timed(one), timed(other)) for _ in range(runs)]
    return [a for a, _ in pairs], [b for _, b in pairs]


def cold_starts(runs: int) -> list[float]:
    seconds = []
    for _ in range(runs):
        shutil.rmtree(ROOT, ignore_errors=True)
        seconds.append(timed(lambda: stack.cloud("start", ROOT)))
        stack.cloud("stop", ROOT)
    return seconds


def up(engine: stack.Engine) -> int:
    return engine.run("up", stack.LOCAL, "--expect-no-changes")


def nothing(engine: stack.Engine) -> int:
    """A program that imports what ours imports, and declares nothing; in a folder and under a state of its own."""
    folder = ROOT / "empty"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text(f"name: empty\nruntime: {{name: python, options: {{virtualenv: {REPOSITORY}/.venv}}}}\n")
    (folder / "Pulumi.local.yaml").write_text("config:\n  gcp:project: sd-local\n  gcp:region: us-central1\n")
    (folder / "__main__.py").write_text(EMPTY)
    root = ROOT.resolve()
    if isinstance(engine, stack.Cli):
        command = ["pulumi", "up", "--yes", "--skip-preview", "--stack", "empty"]
        subprocess.run(["pulumi", "stack", "init", "empty"], cwd=folder, env=engine.environment(), check=False, capture_output=True)
    else:
        state = str(root / "state" / "empty.json")
        command = [sys.executable, "-m", "local.engine", "up", "--yes", "--stack", "local", "--root", str(root), "--state", state]
    environment = {**engine.environment(), "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, env=environment, check=False).returncode


def client_of(engine: stack.Engine) -> Client:
    outputs = engine.outputs(stack.LOCAL)
    return Client(outputs["portal"], token_of(DESIGNER, outputs["iapAudience"], engine.root))


def journey(engine: stack.Engine) -> JobDetail:
    client = client_of(engine)
    job = client.create("Bench", "circle")
    client.upload(job.id, SUBJECTS)
    client.submit(job.id)
    *_, last = client.watch(job.id, every_s=0.5, timeout_s=900)
    return last


def without_training(job: JobDetail) -> float:
    at = {event.state: event.at.timestamp() for event in job.history}
    uploaded, training, evaluating, ready = (at[stage] for stage in STAGES)
    return (ready - uploaded) - (evaluating - training)


def tell(figures: dict[str, list[float]]) -> int:
    rows = {name: {"median": round(statistics.median(values), 2), "all": [round(v, 2) for v in values]} for name, values in figures.items()}
    machine = {"cores": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}
    (ROOT / "report.json").write_text(json.dumps({"machine": machine, "figures": rows}, indent=2) + "\n")
    for name, row in rows.items():
        sys.stdout.write(f"{row['median']:8.2f}  {name}  {row['all']}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
