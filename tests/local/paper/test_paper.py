"""Programs brought up on paper, for projects that nobody serves, by the embedded engine as it is started from a shell."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
UNKNOWN = ("[unknown]", "04da6b54-80e4-46f7-96ec-b56ff0331ba9")
PROGRAM = """
import pulumi
from pulumi import Output, ResourceOptions


class Thing(pulumi.CustomResource):
    def __init__(self, kind, logical, *outputs, options=None, **properties):
        super().__init__(kind, logical, {**dict.fromkeys(outputs), **properties}, options)


bucket = Thing("gcp:storage/bucket:Bucket", "pictures", "url", location="us-central1")
code = Thing("gcp:storage/bucketObject:BucketObject", "code", name="code.zip", bucket=bucket.id, source=pulumi.StringAsset("print()"))
account = Thing("gcp:serviceaccount/account:Account", "upload", "email", "uniqueId", accountId="upload")
service = Thing("gcp:cloudrunv2/service:Service", "upload", "uri", name="upload", location="europe-west4", template={
    "serviceAccount": account.email,
    "containers": [{"image": "us-docker.pkg.dev/p/r/one"}, {"image": "us-docker.pkg.dev/p/r/two"}],
})
function = Thing("gcp:cloudfunctionsv2/function:Function", "sweep", "url", name="sweep", location="us-central1", buildConfig={
    "runtime": "python311", "entryPoint": "sweep", "source": {"storageSource": {"bucket": bucket.id, "object": "code.zip"}},
}, options=ResourceOptions(depends_on=[code]))
pause = Thing("time:index/sleep:Sleep", "pause", createDuration="300s")
command = Thing("command:local:Command", "touch", "stdout", create="touch was-here && echo said")
pulumi.export("uri", service.uri)
pulumi.export("said", command.stdout)
pulumi.export("email", account.email)
"""


class Paper:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = folder / "state.json"
        (folder / "Pulumi.yaml").write_text("name: demo\nruntime: python\n")
        self.configure("gcp:project: team-prod")
        self.program(PROGRAM)

    def configure(self, *lines: str, above: str = "") -> None:
        (self.folder / "Pulumi.prod.yaml").write_text(above + "config:\n" + "".join(f"  {line}\n" for line in lines))

    def program(self, text: str) -> None:
        (self.folder / "__main__.py").write_text(text)

    def try_(self, command: str, *flags: str, passphrase: str | None = "open sesame") -> subprocess.CompletedProcess[str]:
        own = {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **({"PULUMI_CONFIG_PASSPHRASE": passphrase} if passphrase else {})}
        environment = {**{name: value for name, value in os.environ.items() if not name.startswith("PULUMI_")}, **own}
        words = [sys.executable, "-m", "local.engine", command, "--paper", "--stack", "prod", "--json", *flags]
        return subprocess.run(words, cwd=self.folder, env=environment, capture_output=True, text=True, check=False, timeout=60)

    def run(self, command: str, *flags: str, passphrase: str | None = "open sesame") -> dict[str, Any]:
        done = self.try_(command, *flags, passphrase=passphrase)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout)
        return found

    def up(self, *flags: str, passphrase: str | None = "open sesame") -> dict[str, Any]:
        return self.run("up", "--yes", *flags, passphrase=passphrase)

    def kept(self) -> tuple[str, ...]:
        return ("--state", str(self.state))


@pytest.fixture
def paper(tmp_path: Path) -> Paper:
    return Paper(tmp_path)


def test_everything_is_known_of_a_project_that_is_not_served(paper: Paper) -> None:
    began = time.monotonic()

    found = paper.up(*paper.kept())

    assert found["outputs"] == {
        "email": "upload@team-prod.iam.gserviceaccount.com",
        "said": found["outputs"]["said"],
        "uri": f"https://upload-{number_of(found)}.europe-west4.run.app",
    }
    assert not any(marker in text for marker in UNKNOWN for text in (json.dumps(found), paper.state.read_text()))
    assert time.monotonic() - began < 30


def number_of(found: dict[str, Any]) -> str:
    (bucket,) = (entry for entry in found["resources"] if entry["type"] == "gcp:storage/bucket:Bucket")
    return str(bucket["outputs"]["projectNumber"])


def test_the_same_program_gives_the_same_answers_again(paper: Paper) -> None:
    first, again = paper.up(), paper.up()

    assert {**first, "seconds": 0} == {**again, "seconds": 0}


def test_nothing_is_run_and_nothing_written_but_the_state(paper: Paper) -> None:
    paper.up(*paper.kept())

    assert sorted(path.name for path in paper.folder.iterdir()) == ["Pulumi.prod.yaml", "Pulumi.yaml", "__main__.py", "state.json"]


def test_a_second_up_and_a_preview_change_nothing(paper: Paper) -> None:
    paper.up(*paper.kept())

    again = paper.up(*paper.kept(), "--expect-no-changes")
    looked = paper.run("preview", *paper.kept(), "--expect-no-changes")

    assert set(again["changeSummary"]) == set(looked["changeSummary"]) == {"same"}


def test_what_the_state_says_is_there_can_be_changed_and_deleted(paper: Paper) -> None:
    paper.up(*paper.kept())
    paper.program(PROGRAM.replace('location="us-central1")', 'location="us-central1", requesterPays=True)').partition("pause =")[0])

    found = paper.up(*paper.kept())

    assert found["changeSummary"]["update"] == 1
    assert found["changeSummary"]["delete"] == 2


def test_a_service_and_a_function_that_the_state_says_are_there_are_found_and_changed(paper: Paper) -> None:
    before = paper.up(*paper.kept())
    paper.program(PROGRAM.replace("/two", "/three").replace('"entryPoint": "sweep"', '"entryPoint": "start"'))

    after = paper.up(*paper.kept())

    assert after["changeSummary"]["update"] == 2
    assert set(after["changeSummary"]) == {"same", "update"}
    assert [service_of(found)["generation"] for found in (before, after)] == ["1", "2"]
    assert service_of(before)["latestReadyRevision"] != service_of(after)["latestReadyRevision"]


def service_of(found: dict[str, Any]) -> dict[str, Any]:
    (service,) = (entry["outputs"] for entry in found["resources"] if entry["type"] == "gcp:cloudrunv2/service:Service")
    return dict(service)


def test_the_number_of_the_project_is_the_programs_where_it_has_one(paper: Paper) -> None:
    paper.configure("gcp:project: team-prod", 'demo:projectNumber: "300000000003"')

    assert paper.up()["outputs"]["uri"] == "https://upload-300000000003.europe-west4.run.app"


def test_a_secret_of_the_stack_is_not_needed(paper: Paper) -> None:
    paper.configure(
        "gcp:project: team-prod", "demo:pin:", "  secure: AAABAI5Lg", above="secretsprovider: gcpkms://projects/p\nencryptedkey: x\n"
    )
    paper.program('import pulumi\npulumi.export("pin", pulumi.Config().require_secret("pin"))')

    found = paper.up(passphrase=None)

    assert found["outputs"] == {"pin": "[secret]"}


def test_secrets_of_a_program_are_sealed_in_the_state(paper: Paper) -> None:
    paper.program('import pulumi\npulumi.export("pin", pulumi.Output.secret("swordfish"))')

    found = paper.up(*paper.kept())

    assert "swordfish" not in json.dumps(found) + paper.state.read_text()
    assert paper.run("preview", *paper.kept())["changeSummary"] == {"same": 1}


def test_a_state_is_not_kept_without_a_passphrase(paper: Paper) -> None:
    done = paper.try_("up", "--yes", *paper.kept(), passphrase=None)

    assert done.returncode == 2
    assert "set PULUMI_CONFIG_PASSPHRASE" in done.stderr
    assert not paper.state.exists()


def test_a_state_of_what_is_there_stays_as_it_is(paper: Paper) -> None:
    paper.up(*paper.kept())
    paper.state.write_text(paper.state.read_text().replace('"onPaper": true', '"by": "hand"'))
    before = paper.state.read_text()

    done = paper.try_("up", "--yes", *paper.kept())

    assert done.returncode == 2
    assert "stays as it is without --paper" in done.stderr
    assert paper.state.read_text() == before
    assert paper.run("preview", *paper.kept())["changeSummary"].keys() == {"same"}


def test_destroying_on_paper_is_refused(paper: Paper) -> None:
    done = paper.try_("destroy", "--yes")

    assert done.returncode == 2
    assert "--paper is for preview and up" in done.stderr


def test_what_would_be_made_twice_is_refused_as_google_refuses_it(paper: Paper) -> None:
    paper.program(PROGRAM.partition("bucket =")[0] + 'for n in "ab": Thing("gcp:storage/bucket:Bucket", n, name="one", location="us")')

    done = paper.try_("up", "--yes")

    assert done.returncode == 1
    assert "Error 409" in done.stderr
