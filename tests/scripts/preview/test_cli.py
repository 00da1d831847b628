"""What Pulumi's CLI says of a program, read from its own event log; where it is installed, from the real one."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from local.engine.secrets import Crypter, Placeholders
from scripts import stack
from scripts.preview import google, page, real
from scripts.preview.cli import NoCli, Refusal, Violation, answered
from scripts.preview.section import Line, Section, Weight
from tests.scripts.preview.repository import Repository

URN = "urn:pulumi:dev::demo::gcp:pubsub/topic:Topic::news"
NEEDS_CLI = pytest.mark.skipif(shutil.which("pulumi") is None, reason="Pulumi's CLI is not installed")


def says(severity: str, message: str, urn: str = "") -> dict[str, object]:
    return {"diagnosticEvent": {"severity": severity, "message": message, "urn": urn}}


def test_a_refusal_is_said_once_and_the_summary_is_none() -> None:
    events = [says("error", "no\n", URN), says("error", "no\n", URN), says("info", "a word"), says("error", "preview failed\n")]

    assert answered(events, 1, "").refusals == (Refusal(URN, "no"),)


def test_a_broken_rule_is_known_although_the_json_of_the_cli_leaves_it_out() -> None:
    event = {"policyName": "labelled", "message": "What the rule is for\nTopic news: no labels\n", "enforcementLevel": "mandatory"}

    answer = answered([{"policyEvent": event}, says("error", "preview failed\n")], 1, "error: preview failed")

    assert answer.violations == (Violation("labelled", "Topic news: no labels", True),)
    assert answer.refusals == ()


def test_a_cli_that_never_came_to_the_program_has_said_why() -> None:
    assert answered([], 255, "error: no stack named 'dev' found\n").refusals == (Refusal("", "no stack named 'dev' found"),)


def test_without_the_cli_the_page_says_that_it_was_not_asked(repository: Repository) -> None:
    repository.commit("Topic('news')")

    found = google.look(repository.folder, ["dev"], {"PATH": "/nowhere"})

    assert [line.weight for line in found.lines] == [Weight.NOTE]
    assert "was not shown to it. Pulumi's CLI is not installed" in found.lines[0].text
    with pytest.raises(NoCli):
        real.look(repository.folder, "dev", {"PATH": "/nowhere"}, drift_only=True)


SECRETS = """secretsprovider: gcpkms://projects/somebody/locations/us/keyRings/theirs/cryptoKeys/own
encryptedkey: CiQAtheirs
config:
  gcp:project: sd-local
  # how many there may be
  demo:cookies: {secure: true, most: "3"}
  demo:pin:
    secure: AAABAI5Lg
  demo:keys:
    - plain: a
      sealed:
        secure: "AAABAI5LgOTHER"
    - secure: AAABAI5Lg
"""


def test_each_secret_of_a_stack_is_a_text_that_says_so_under_a_key_that_everybody_has() -> None:
    text = google.without_secrets(SECRETS)

    found = yaml.safe_load(text)
    config, crypter = found["config"], Crypter(found["encryptionsalt"], "none")
    assert crypter.decrypt(config["demo:pin"]["secure"]) == Placeholders().decrypt("AAABAI5Lg")
    assert crypter.decrypt(config["demo:keys"][0]["sealed"]["secure"]) == Placeholders().decrypt("AAABAI5LgOTHER")
    assert config["demo:keys"][1] == config["demo:pin"]
    assert config["demo:cookies"] == {"secure": True, "most": "3"}
    assert "theirs" not in text
    assert "AAAB" not in text
    assert "# how many there may be" in text


def test_a_stack_without_secrets_stays_as_it_is() -> None:
    assert google.without_secrets("config:\n  gcp:project: sd-local\n") == "config:\n  gcp:project: sd-local\n"


def test_a_page_keeps_to_its_part_of_the_comment_and_puts_alarms_first() -> None:
    lines = [Line("well"), *(Line(f"refusal {number} " + "x" * 100, Weight.ALARM) for number in range(100))]

    text = page.markdown(Section("Google", tuple(lines)))

    assert len(text) <= page.MOST + 100
    assert text.splitlines()[2].startswith("- ❌ refusal 0")
    assert "more, in this run's log" in text


@pytest.fixture
def cloud(repository: Repository, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The CLI's environment, with a provider that answers as Google's does."""
    root = tmp_path_factory.mktemp("cloud")
    repository.write("Pulumi.yaml", f"name: demo\nruntime:\n  name: python\n  options:\n    virtualenv: {sys.prefix}\n")
    repository.write("Pulumi.dev.yaml", "config:\n  gcp:project: sd-local\n  gcp:region: us-central1\n")
    subprocess.run([sys.executable, "-m", "local", "start", "--root", str(root)], check=True, capture_output=True)
    attached = {name: value for name, value in stack.Cli(root).environment().items() if name.startswith("PULUMI_")}
    yield {**os.environ, **attached}
    subprocess.run([sys.executable, "-m", "local", "stop", "--root", str(root)], check=True, capture_output=True)


@NEEDS_CLI
def test_the_provider_refuses_by_name_what_it_would_refuse_anyway(repository: Repository, cloud: dict[str, str]) -> None:
    repository.commit("Bucket('prints')\nTopic('goog-news')")
    before = (repository.folder / "Pulumi.dev.yaml").read_text()

    found = google.look(repository.folder, ["dev"], cloud)

    (line,) = found.lines
    assert line.weight is Weight.ALARM
    assert line.text.startswith("`dev`: `goog-news` (gcp:pubsub:Topic) is refused: ")
    assert (repository.folder / "Pulumi.dev.yaml").read_text() == before


@NEEDS_CLI
def test_a_stack_whose_secrets_are_somebody_elses_is_shown_all_the_same(repository: Repository, cloud: dict[str, str]) -> None:
    repository.write("Pulumi.dev.yaml", SECRETS)
    repository.commit("pin = pulumi.Config().require_secret('pin')\nBucket('prints', labels={'pin': pin})")

    (line,) = google.look(repository.folder, ["dev"], cloud).lines

    assert line.text == "`dev`: it would create 1 of Google's resources, and refuses none."
    assert (repository.folder / "Pulumi.dev.yaml").read_text() == SECRETS


@NEEDS_CLI
def test_a_program_that_the_provider_takes_is_counted(repository: Repository, cloud: dict[str, str]) -> None:
    repository.commit("Bucket('prints')\nTopic('news')")

    assert [line.text for line in google.look(repository.folder, ["dev"], cloud).lines] == [
        "`dev`: it would create 2 of Google's resources, and refuses none."
    ]


@NEEDS_CLI
def test_the_real_stack_tells_the_change_from_what_somebody_clicked(repository: Repository, cloud: dict[str, str], tmp_path: Path) -> None:
    repository.commit("Bucket('prints', labels={'a': 'b'})\nTopic('news')")
    for command in (["stack", "init", "dev"], ["up", "--yes", "--skip-preview"]):
        subprocess.run(["pulumi", "--non-interactive", *command], cwd=repository.folder, env=cloud, check=True, capture_output=True)
    quiet = real.look(repository.folder, "dev", cloud, drift_only=True)
    _click(cloud)

    drifted = real.look(repository.folder, "dev", cloud, drift_only=True)

    assert [line.text for line in quiet.lines] == ["The cloud is as the last `up` left it."]
    assert [line.text for line in drifted.lines] == ["**Drift**: `news` (gcp:pubsub:Topic) is gone."]


def _click(cloud: dict[str, str]) -> None:
    root = Path(cloud["PULUMI_BACKEND_URL"].removeprefix("file://")).parents[1]
    told = subprocess.run([sys.executable, "-m", "local", "environment", "--root", str(root)], check=True, capture_output=True, text=True)
    owner = dict(line.split("=", 1) for line in told.stdout.splitlines())
    delete = "from google.cloud import pubsub_v1; pubsub_v1.PublisherClient().delete_topic(topic='projects/sd-local/topics/news')"
    subprocess.run([sys.executable, "-c", delete], env={**cloud, **owner}, check=True, capture_output=True)
