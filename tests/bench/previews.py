"""How long a reviewer waits for a preview, and how that grows with the program."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.scripts.preview.program import copied, git

# nine times as many resources as the program has, of the kinds that it has most of
_MORE = """
import pulumi_gcp as gcp

for number in range(750):
    topic = gcp.pubsub.Topic(f"more-{number}", name=f"more-{number}", labels={"app": "sd-for-designers", "stack": "prod"})
    gcp.pubsub.TopicIAMMember(f"more-{number}", topic=topic.name, role="roles/pubsub.publisher", member="user:ada@example.com")
"""

_POLICY = "infra/policy/.venv"


def figures(runs: int) -> dict[str, list[float]]:
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        (copy / _POLICY).symlink_to(Path(_POLICY).absolute())
        # with a change, for the policy is asked about what differs
        edit(copy)
        one = [_seconds(copy, "--stack", "prod") for _ in range(runs)]
        all_stacks = [_seconds(copy, "--base", "HEAD") for _ in range(runs)]
        two = [_seconds(copy, "--base", "HEAD", "--stack", "prod") for _ in range(runs)]
        (copy / "__main__.py").write_text((copy / "__main__.py").read_text() + _MORE)
        git(copy, "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--all", "--message", "ten times as much")
        large = [_seconds(copy, "--base", "HEAD", "--stack", "prod") for _ in range(runs)]
    return {
        "preview of one stack (s)": one,
        "preview of two revisions of all stacks (s)": all_stacks,
        "preview of two revisions of one stack (s)": two,
        "the same with ten times as many resources (s)": large,
        "ten times: ratio": [a / b for a, b in zip(large, two, strict=True)],
    }


def edit(copy: Path) -> None:
    file = copy / "infra/app.py"
    file.write_text(file.read_text().replace('"period_seconds": 30', '"period_seconds": 31'))


def _seconds(folder: Path, *flags: str) -> float:
    began = time.monotonic()
    subprocess.run([sys.executable, "-m", "scripts.preview", *flags], cwd=folder, check=True, capture_output=True)
    return time.monotonic() - began
