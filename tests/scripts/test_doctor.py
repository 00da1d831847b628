"""The doctor over the local cloud's project: whole, it finds nothing; with one thing broken, it finds that and says how to mend it."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from requests.adapters import HTTPAdapter

from local.gateway.server import Upstream
from local.iam.apis import ASKS_ITSELF
from local.layout import Layout, Ports, Project
from local.project.server import HOSTS, ProjectServer
from local.storage.server import StorageServer
from scripts.doctor import base_model, needs
from scripts.doctor.__main__ import line, report
from scripts.doctor.examination import examine
from scripts.doctor.finding import Finding, Verdict
from scripts.doctor.google import Google, NoCredentials
from scripts.doctor.stack import Resource, Stack, Unbuildable, evaluate
from tests.local.gateway.cloud import running
from tests.serving import served

ROOT = Path(__file__).parents[2]
PROJECT = Project(id="team-designs", number="400000000004", region="us-central1")
ADA = "user:ada@example.com"
CONFIG: dict[str, object] = {
    "gcp:project": PROJECT.id,
    "gcp:region": PROJECT.region,
    "projectNumber": PROJECT.number,
    "designers": ["group:designers@example.com"],
    "baseModel": "gs://models/stable-diffusion",
}
CONSTRAINT_FIX = "   # by whoever administers the organisation's policies"
Found = dict[str, list[Finding]]


class ByHost(HTTPAdapter):
    """Where the gateway would be: brings each of Google's hosts to the local cloud's server for it."""

    def __init__(self, project: str, storage: str) -> None:
        super().__init__()
        self._project, self._storage = project, storage

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> requests.Response:
        host, _, path = str(request.url).removeprefix("https://").partition("/")
        address = self._storage if host == "storage.googleapis.com" else self._project
        request.url = f"http://{address}/{path}"
        request.headers["X-Forwarded-Host"] = host
        request.headers["X-Local-Principal"] = ADA.removeprefix("user:")
        return super().send(request, *args, **more)


class Patient:
    """A project on the local cloud and a stack that is to be brought up in it; whole until a test breaks something."""

    def __init__(self, root: Path, program: Future[tuple[Resource, ...]]) -> None:
        self.root, self.program = root, program
        layout = Layout(root / "cloud")
        self.project, self.storage = ProjectServer(layout, Ports(layout), PROJECT), StorageServer(layout, Ports(layout), project=PROJECT)
        self._settings = layout.folder("project") / "settings.json"
        self._put_model(base_model.FILES)
        self.switch_on({str(each.inputs["service"]) for each in program.result() if each.type == "gcp:projects/service:Service"})
        self.docker, self.bin = root / "docker", root / "bin"
        self.docker.mkdir()
        self.bin.mkdir()
        self.configure()
        self.install("docker", "echo 29.1.0")
        self.install("pulumi", "echo v3.272.0")
        self.install("docker-credential-gcloud", "exit 0")
        self.log_in("us-central1-docker.pkg.dev")

    def settings(self, **broken: object) -> None:
        self._settings.write_text(json.dumps(broken))

    def configure(self, **values: object) -> None:
        (self.root / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
        known = {**CONFIG, **{key.replace("_", ":"): value for key, value in values.items()}}
        named = {key if ":" in key else f"sd-for-designers:{key}": value for key, value in known.items()}
        (self.root / "Pulumi.trial.yaml").write_text(json.dumps({"config": named}))

    def switch_on(self, apis: set[str]) -> None:
        records = self.root / "cloud" / "provider" / "records.json"
        records.parent.mkdir(exist_ok=True)
        records.write_text(json.dumps({"gcp:projects/service:Service": {api: {"service": api} for api in apis}}))

    def install(self, program: str, script: str) -> None:
        path = self.bin / program
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    def log_in(self, registry: str) -> None:
        (self.docker / "config.json").write_text(json.dumps({"credHelpers": {registry: "gcloud"}}))

    def remove_model_file(self, name: str) -> None:
        self.storage.store.delete("models", f"stable-diffusion/{name}")

    def sign_in(self, project: str) -> Google:
        session = requests.Session()
        session.mount("https://", ByHost(self.project.address, self.storage.address))
        return Google(session, project, ADA)

    def stack(self) -> Stack:
        return Stack("trial", self.root, self.program)

    def examine(self, sign_in: Callable[[str], Google] | None = None) -> Found:
        found: Found = {}
        for name, finding in examine(self.stack(), sign_in or self.sign_in, self.docker):
            found.setdefault(name, []).append(finding)
        return found

    def bad(self) -> dict[str, list[Finding]]:
        return {
            name: kept for name, found in self.examine().items() if (kept := [each for each in found if each.verdict is not Verdict.OK])
        }

    def _put_model(self, names: tuple[str, ...]) -> None:
        self.storage.store.put_bucket("models", {})
        for name in names:
            self.storage.store.write("models", f"stable-diffusion/{name}", b"{}", "application/json", {})


@pytest.fixture(scope="session")
def program() -> Future[tuple[Resource, ...]]:
    """What the stack `dev` asks for."""
    done: Future[tuple[Resource, ...]] = Future()
    done.set_result(evaluate("dev", ROOT))
    return done


@pytest.fixture
def patient(tmp_path: Path, program: Future[tuple[Resource, ...]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Patient]:
    patient = Patient(tmp_path, program)
    monkeypatch.setenv("PATH", f"{patient.bin}:/usr/bin:/bin")
    monkeypatch.setenv("DOCKER_CONFIG", str(patient.docker))
    with served(patient.project, patient.storage):
        yield patient


def failed(text: str, fix: str) -> list[Finding]:
    return [Finding(Verdict.FAIL, text, fix)]


def warned(text: str, fix: str) -> list[Finding]:
    return [Finding(Verdict.WARN, text, fix)]


def test_a_whole_project_is_found_whole(patient: Patient) -> None:
    found = patient.examine()

    assert list(found) == [
        "credentials",
        "program",
        "pulumi",
        "docker",
        "project",
        "billing",
        "apis",
        "permissions",
        "policies",
        "quotas",
        "base model",
    ]
    assert {finding.verdict for each in found.values() for finding in each} == {Verdict.OK}
    assert found["credentials"] == [Finding(Verdict.OK, ADA)]


def test_without_credentials_google_is_not_asked(patient: Patient) -> None:
    def nobody(_: str) -> Google:
        raise NoCredentials("there are no Application Default Credentials on this machine")

    found = patient.examine(nobody)

    assert list(found) == ["credentials", "program", "pulumi", "docker"]
    assert found["credentials"] == failed(
        "there are no Application Default Credentials on this machine; nothing of Google's was asked",
        "gcloud auth application-default login",
    )


def test_a_project_number_that_is_another_project_s(patient: Patient) -> None:
    patient.configure(projectNumber="500000000005")

    assert patient.bad() == {
        "project": failed(
            "team-designs has the number 400000000004; the stack says 500000000005",
            "pulumi config set projectNumber 400000000004 --stack trial",
        )
    }


def test_a_project_that_is_not_there(patient: Patient) -> None:
    patient.configure(gcp_project="team-nothing")

    (finding,) = patient.bad()["project"]

    assert finding.verdict is Verdict.FAIL
    assert finding.text.startswith(f"team-nothing is not there, or not for {ADA} to see")
    assert finding.fix == (
        "gcloud projects add-iam-policy-binding team-nothing --member=user:ada@example.com --role=roles/browser --condition=None"
    )


def test_billing_that_is_off(patient: Patient) -> None:
    patient.settings(billing_enabled=False, billing_account="")

    assert patient.bad() == {
        "billing": failed("no billing account is linked", "gcloud billing projects link team-designs --billing-account=ACCOUNT")
    }


def test_a_budget_on_an_account_that_does_not_pay(patient: Patient) -> None:
    patient.configure(billingAccount="111111-111111-111111")

    assert patient.bad() == {
        "billing": failed(
            "000000-000000-000000 pays; the budget watches 111111-111111-111111, which sees none of it",
            "pulumi config set billingAccount 000000-000000-000000 --stack trial",
        )
    }


def test_apis_that_up_will_switch_on(patient: Patient) -> None:
    patient.settings(apis={"run.googleapis.com": False, "pubsub.googleapis.com": False})

    (finding,) = patient.bad()["apis"]

    assert finding.verdict is Verdict.WARN
    assert finding.text.endswith("are off; `up` will switch them on: pubsub.googleapis.com, run.googleapis.com")
    assert finding.fix == "gcloud services enable pubsub.googleapis.com run.googleapis.com --project=team-designs"


def test_the_apis_that_up_itself_cannot_do_without(patient: Patient) -> None:
    patient.settings(apis={"cloudresourcemanager.googleapis.com": False, "run.googleapis.com": False})

    found = patient.bad()

    assert found["apis"] == failed(
        "cloudresourcemanager.googleapis.com must be on before `up` can switch on the rest",
        "gcloud services enable cloudresourcemanager.googleapis.com run.googleapis.com --project=team-designs",
    )
    assert found["permissions"] == warned(
        "cannot be told: cloudresourcemanager.googleapis.com is switched off and cannot be asked",
        "gcloud services enable cloudresourcemanager.googleapis.com --project=team-designs",
    )


def test_permissions_that_the_caller_lacks_by_the_role_that_gives_them(patient: Patient) -> None:
    patient.settings(lacking={"ada@example.com": ["run.services.create", "run.services.setIamPolicy", "iam.serviceAccounts.actAs"]})

    found = patient.bad()["permissions"]

    assert [(each.verdict, each.text) for each in found] == [
        (Verdict.FAIL, "lacks iam.serviceAccounts.actAs (1 of 1)"),
        (Verdict.FAIL, "lacks run.services.create, run.services.setIamPolicy (2 of 6)"),
    ]
    assert [each.fix.partition("--role=")[2] for each in found] == [
        "roles/iam.serviceAccountUser --condition=None",
        "roles/run.admin --condition=None",
    ]


def test_a_permission_that_google_no_longer_knows_spoils_nothing(patient: Patient) -> None:
    patient.settings(unknown_permissions=["pubsub.topics.create"], lacking={"*": ["pubsub.topics.update"]})

    (finding,) = patient.bad()["permissions"]

    assert finding.text.startswith("lacks pubsub.topics.update (1 of ")


def test_a_budget_that_the_caller_may_not_make(patient: Patient) -> None:
    patient.configure(billingAccount="000000-000000-000000")
    patient.settings(lacking={"*": ["billing.budgets.create"]})

    assert patient.bad() == {
        "permissions": failed(
            "lacks billing.budgets.create on the billing account 000000-000000-000000",
            "gcloud billing accounts add-iam-policy-binding 000000-000000-000000"
            " --member=user:ada@example.com --role=roles/billing.costsManager",
        )
    }


@pytest.mark.parametrize(
    ("constraint", "rules", "said"),
    [
        (
            "run.allowedIngress",
            [{"values": {"allowedValues": ["internal"]}}],
            "services must be reachable with ingress all, which is refused",
        ),
        ("run.allowedIngress", [{"denyAll": True}], "services must be reachable with ingress all, which is refused"),
        (
            "cloudfunctions.allowedIngressSettings",
            [{"values": {"allowedValues": ["is:ALLOW_INTERNAL_ONLY"]}}],
            "functions must be reachable with ingress ALLOW_ALL, which is refused",
        ),
        (
            "cloudfunctions.restrictAllowedGenerations",
            [{"values": {"allowedValues": ["1stGen"]}}],
            "functions are of the generation 2ndGen, which is refused",
        ),
        (
            "gcp.restrictServiceUsage",
            [{"values": {"deniedValues": ["aiplatform.googleapis.com"]}}],
            "the program uses aiplatform.googleapis.com, which is refused",
        ),
        (
            "gcp.resourceLocations",
            [{"values": {"allowedValues": ["in:eu-locations", "in:us-east1-locations"]}}],
            "the program puts resources into us-central1, which is refused",
        ),
        ("iam.disableServiceAccountCreation", [{"enforce": True}], "every workload has an account of its own, and none may be made"),
    ],
)
def test_a_policy_of_the_organisation_that_refuses_the_program(
    patient: Patient, constraint: str, rules: list[dict[str, Any]], said: str
) -> None:
    patient.settings(policies={constraint: rules})

    assert patient.bad() == {
        "policies": failed(f"{constraint}: {said}", f"gcloud org-policies reset {constraint} --project=team-designs{CONSTRAINT_FIX}")
    }


@pytest.mark.parametrize(
    ("constraint", "rules"),
    [
        ("run.allowedIngress", [{"values": {"allowedValues": ["internal", "all"]}}]),
        ("gcp.resourceLocations", [{"values": {"allowedValues": ["in:us-locations"]}}]),
        ("gcp.resourceLocations", [{"values": {"allowedValues": ["is:us-central1", "eu", "europe-west4"]}}]),
        ("gcp.resourceLocations", [{"values": {"deniedValues": ["in:asia-locations"]}}]),
        ("gcp.resourceLocations", [{"allowAll": True}]),
        ("iam.disableServiceAccountCreation", [{"enforce": False}]),
        ("storage.publicAccessPrevention", [{"enforce": True}]),
        ("iam.disableServiceAccountKeyCreation", [{"enforce": True}]),
    ],
)
def test_a_policy_that_the_program_keeps_anyway_is_not_found(patient: Patient, constraint: str, rules: list[dict[str, Any]]) -> None:
    patient.settings(policies={constraint: rules})

    assert patient.bad() == {}


@pytest.mark.parametrize(
    ("constraint", "rules", "key"),
    [
        ("gcp.restrictNonCmekServices", [{"values": {"deniedValues": ["storage.googleapis.com"]}}], "cmek"),
        ("run.allowedBinaryAuthorizationPolicies", [{"values": {"allowedValues": ["default"]}}], "binaryAuthorization"),
    ],
)
def test_a_policy_that_a_switch_of_the_stack_satisfies(patient: Patient, constraint: str, rules: list[dict[str, Any]], key: str) -> None:
    patient.settings(policies={constraint: rules})

    off = patient.bad()
    patient.configure(**{key: True})
    on = patient.bad()

    assert off == {
        "policies": failed(
            f"{constraint}: the organisation asks for {key}, which this stack leaves off", f"pulumi config set {key} true --stack trial"
        )
    }
    assert on == {}


def test_designers_of_a_domain_that_may_not_be_let_in(patient: Patient) -> None:
    policy = {"iam.allowedPolicyMemberDomains": [{"values": {"allowedValues": ["C0designs"]}}]}
    patient.settings(policies=policy)

    unknown = patient.bad()
    patient.settings(policies=policy, organizations=[{"displayName": "example.com", "directoryCustomerId": "C0designs"}])
    known = patient.bad()

    assert unknown == {
        "policies": warned(
            "iam.allowedPolicyMemberDomains: whether designers of example.com may be let in cannot be told; allowed are C0designs",
            "gcloud organizations list --format='table(displayName, owner.directoryCustomerId)'",
        )
    }
    assert known == {}


def test_an_accelerator_that_the_project_has_no_quota_for(patient: Patient) -> None:
    patient.settings(quotas={"CustomModelTrainingL4GPUsPerProjectPerRegion": {"us-central1": 0}})

    assert patient.bad() == {
        "quotas": failed(
            "training: 0 NVIDIA_L4 in us-central1, 1 wanted for one g2-standard-8",
            "gcloud beta quotas preferences create --service=aiplatform.googleapis.com --project=team-designs"
            " --quota-id=CustomModelTrainingL4GPUsPerProjectPerRegion --preferred-value=1 --dimensions=region=us-central1",
        )
    }


def test_an_accelerator_that_the_region_does_not_have(patient: Patient) -> None:
    patient.settings(offered={"CustomModelServingL4GPUsPerProjectPerRegion": ["asia-south1", "us-east4", "us-west1"]})

    assert patient.bad() == {
        "quotas": failed(
            "serving: us-central1 has no NVIDIA_L4; asia-south1, us-east4, us-west1 have",
            "pulumi config set gcp:region us-east4 --stack trial",
        )
    }


def test_a_machine_without_an_accelerator_is_counted_by_its_cpus(patient: Patient) -> None:
    patient.configure(trainingMachine="n1-standard-16", trainingAccelerator="")

    (finding,) = patient.bad()["quotas"]

    assert finding.text == "training: 8 CPUs in us-central1, 16 wanted for one n1-standard-16"


def test_an_api_that_is_off_where_the_doctor_would_ask(patient: Patient) -> None:
    patient.settings(apis={"cloudquotas.googleapis.com": False})

    assert patient.bad() == {
        "quotas": warned(
            "cannot be told: cloudquotas.googleapis.com is switched off and cannot be asked",
            "gcloud services enable cloudquotas.googleapis.com --project=team-designs",
        )
    }


@pytest.mark.parametrize("name", base_model.FILES)
def test_a_base_model_that_lacks_a_file(patient: Patient, name: str) -> None:
    patient.remove_model_file(name)

    assert patient.bad() == {
        "base model": failed(
            f"gs://models/stable-diffusion has no {name}",
            "make base-model MODEL=OWNER/NAME TO=gs://models/stable-diffusion",
        )
    }


def test_a_base_model_whose_bucket_is_not_there(patient: Patient) -> None:
    patient.configure(baseModel="gs://elsewhere/stable-diffusion")

    assert patient.bad() == {
        "base model": failed("gs://elsewhere is not there, or may not be read", "gcloud storage buckets describe gs://elsewhere")
    }


def test_the_repository_s_own_base_model_is_whole() -> None:
    folder = ROOT / "samples/base-model"

    assert [name for name in base_model.FILES if not (folder / name).is_file()] == []


def test_a_machine_without_pulumi(patient: Patient) -> None:
    (patient.bin / "pulumi").unlink()

    assert patient.bad() == {
        "pulumi": failed("Pulumi's CLI is not on PATH; every stack on Google Cloud needs it", "curl -fsSL https://get.pulumi.com | sh")
    }


def test_a_docker_that_does_not_answer(patient: Patient) -> None:
    patient.install("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1")

    assert patient.bad() == {
        "docker": failed(
            "no Docker daemon answers, and the stack builds its images with one", "pulumi config set images cloud-build --stack trial"
        )
    }


def test_a_docker_that_is_logged_in_to_another_registry(patient: Patient) -> None:
    patient.log_in("europe-west4-docker.pkg.dev")

    assert patient.bad() == {
        "docker": failed("Docker is not logged in to us-central1-docker.pkg.dev", "gcloud auth configure-docker us-central1-docker.pkg.dev")
    }


def test_docker_is_not_asked_where_google_builds(patient: Patient) -> None:
    patient.install("docker", "exit 1")
    patient.configure(images="cloud-build")

    assert patient.bad() == {}


def test_a_program_that_cannot_be_evaluated(patient: Patient) -> None:
    patient.program = Future()
    patient.program.set_exception(Unbuildable("error: projectNumber 'x': digits only"))

    found = patient.bad()

    assert found["program"] == failed("cannot be evaluated:\nerror: projectNumber 'x': digits only", "make preview STACK=trial")
    assert found["permissions"] == warned("cannot be told before the program can be evaluated", "make preview STACK=trial")


def test_every_resource_of_the_program_says_what_it_needs(tmp_path: Path) -> None:
    """With every switch on."""
    config = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())["config"]
    for switch in ("cmek", "privateEgress", "binaryAuthorization", "auditDataAccess"):
        config[f"sd-for-designers:{switch}"] = True
    repository(tmp_path, json.dumps({"config": config}))

    made = {resource.type for resource in evaluate("trial", tmp_path) if resource.type.startswith("gcp:")}

    assert made - needs.NEEDS.keys() - {needs.BUDGETS} == set()


def test_the_report_names_the_fixes_and_ends_badly(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    patient.settings(billing_enabled=False, billing_account="", apis={"run.googleapis.com": False})

    code = report(patient.stack(), patient.sign_in)

    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert lines[0] == "trial: team-designs in us-central1"
    assert "fail billing      no billing account is linked" in lines
    assert "                  fix: gcloud billing projects link team-designs --billing-account=ACCOUNT" in lines
    assert lines[-1] == "1 to fix before `make up STACK=trial`, 1 to look at"


def test_the_report_of_a_whole_project_ends_well(patient: Patient, capsys: pytest.CaptureFixture[str]) -> None:
    code = report(patient.stack(), patient.sign_in)

    assert code == 0
    assert capsys.readouterr().out.splitlines()[-1] == "ready for `make up STACK=trial`"


def test_a_finding_of_several_lines_stays_in_its_column() -> None:
    shown = line("program", Finding(Verdict.FAIL, "cannot be evaluated:\nerror: x", "make preview STACK=dev"))

    assert {row.index(row.strip()[0]) for row in shown.splitlines()[1:]} == {18}


def repository(folder: Path, config: str) -> None:
    """The repository with one stack, `trial`."""
    for path in ROOT.iterdir():
        if not path.name.startswith("Pulumi.") and path.name not in {".git", ".local"}:
            (folder / path.name).symlink_to(path)
    (folder / "Pulumi.yaml").symlink_to(ROOT / "Pulumi.yaml")
    (folder / "Pulumi.trial.yaml").write_text(config)


def test_what_is_wrong_with_a_stack_s_file_is_said_in_the_program_s_own_words(tmp_path: Path) -> None:
    repository(tmp_path, (ROOT / "Pulumi.dev.yaml").read_text().replace("us-central1", "nowhere"))

    with pytest.raises(Unbuildable) as refused:
        evaluate("trial", tmp_path)

    assert "Traceback" not in str(refused.value)
    assert "region 'nowhere'" in str(refused.value)


async def test_the_program_finds_its_way_by_the_credentials_and_the_host_names_of_the_local_cloud(tmp_path: Path) -> None:
    """As `make doctor` runs it: a process of its own, Google's library for the credentials, TLS to the real hosts by the gateway."""
    repository(tmp_path, (ROOT / "Pulumi.local.yaml").read_text())
    layout = Layout(tmp_path / "cloud")
    server = ProjectServer(layout, Ports(layout), Project())
    await server.start()
    served = {host: Upstream(http=server.address, api=ASKS_ITSELF) for host in HOSTS}

    async with running(tmp_path / "cloud", upstreams=served) as cloud:
        known = {**os.environ, **await cloud.environment("owner@sd-local.iam.gserviceaccount.com"), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "scripts.doctor", "--stack", "trial"]
        done = await asyncio.to_thread(subprocess.run, command, cwd=tmp_path, env=known, capture_output=True, text=True, check=False)

    await server.stop()
    shown = {row[5:18].strip(): row[:5].strip() for row in done.stdout.splitlines() if row.startswith(("ok ", "warn", "fail"))}
    assert "ok   credentials  serviceAccount:owner@sd-local.iam.gserviceaccount.com" in done.stdout, done.stdout + done.stderr
    assert {shown[name] for name in ("program", "project", "billing", "policies", "quotas", "base model")} == {"ok"}, done.stdout
    assert shown["apis"] == "warn"
