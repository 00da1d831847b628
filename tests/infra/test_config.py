from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import pytest
import yaml

from infra.access import Workload
from infra.checks import CONTAINERS, RULES, check
from infra.config import Config, Images, InvalidConfig, key_of
from tests.infra.conftest import ROOT, Graph, Refused, inputs_of

DIGEST = "us-central1-docker.pkg.dev/my-team-sd-dev/sd-dev/portal@sha256:" + "0" * 64
GOOD = Config(
    stack="dev",
    project="my-team-sd-dev",
    region="us-central1",
    project_number="200000000002",
    designers=("group:designers@example.com",),
    protect_data=False,
    base_model="gs://my-team-sd-models/stable-diffusion-v1-5",
    resolution=512,
    training_steps=800,
    batch_size=1,
    learning_rate=5e-6,
    lora_learning_rate=1e-4,
    class_pictures=100,
    sampling_steps=30,
    guidance=7.5,
    training_machine="g2-standard-8",
    training_accelerator="NVIDIA_L4",
    serving_machine="g2-standard-8",
    serving_accelerator="NVIDIA_L4",
    poll_seconds=10,
    min_pictures=5,
    open_jobs=3,
    idle_hours=2,
    daily_pictures=500,
    daily_mebibytes=4096,
    daily_gpu_minutes=720,
    safety_check=True,
    private_webhooks=False,
    billed=True,
    operators=("sd-operators@example.com",),
    billing_account="012345-6789AB-CDEF01",
    monthly_budget=500,
    images=Images.DOCKER,
    image_digests={},
    cmek=False,
    private_egress=False,
    binary_authorization=False,
    audit_data_access=False,
    api_wait="60s",
)
BAD: list[tuple[str, Any]] = [
    ("stack", "Prod!"),
    ("stack", "dev-"),
    ("stack", "a-stack-of-13"),
    ("project", "My Project"),
    ("region", "us-central1-a"),
    ("region", "EU"),
    ("project_number", "my-team-sd-dev"),
    ("designers", ()),
    ("designers", ("bob",)),
    ("designers", ("allUsers",)),
    ("operators", ("not an address",)),
    ("billing_account", "billingAccounts/012345-6789AB-CDEF01"),
    ("monthly_budget", 0),
    ("base_model", "gs://bucket-only"),
    ("base_model", "no/such/folder"),
    ("base_model", "runwayml/stable-diffusion-v1-5"),
    ("resolution", 500),
    ("resolution", 0),
    ("training_steps", 0),
    ("batch_size", -1),
    ("learning_rate", float("nan")),
    ("lora_learning_rate", 0.0),
    ("class_pictures", -1),
    ("sampling_steps", 0),
    ("guidance", -1.0),
    ("poll_seconds", 0.0),
    ("min_pictures", 21),
    ("open_jobs", 0),
    ("idle_hours", 0.0),
    ("daily_pictures", 0),
    ("daily_mebibytes", 0),
    ("daily_gpu_minutes", 0),
    ("api_wait", "a minute"),
    ("training_machine", "n1-standard-4"),
    ("serving_machine", "L4"),
    ("image_digests", {"portal": DIGEST}),
]


def _schema() -> dict[str, Any]:
    schema: dict[str, Any] = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())["config"]
    return schema


def test_the_configuration_s_keys_are_those_of_the_schema() -> None:
    assert {key_of(item.name) for item in fields(Config)} - {"stack", "project", "region"} == set(_schema())


def test_every_key_says_what_it_is() -> None:
    assert not [key for key, about in _schema().items() if not about.get("description")]


@pytest.mark.parametrize("file", sorted(ROOT.glob("Pulumi.*.yaml")), ids=lambda file: file.name)
def test_a_stack_s_file_sets_only_keys_that_exist(file: Any) -> None:
    given = yaml.safe_load(file.read_text())["config"]

    assert {key.removeprefix("sd-for-designers:") for key in given if not key.startswith("gcp:")} <= set(_schema())


def test_a_good_configuration_passes() -> None:
    check(GOOD)


@pytest.mark.parametrize(("key", "value"), BAD, ids=str)
def test_a_configuration_that_cannot_work_is_refused_with_its_key_its_value_and_what_is_allowed(key: str, value: Any) -> None:
    with pytest.raises(InvalidConfig) as refusal:
        check(replace(GOOD, **{key: value}))

    told = str(refusal.value)
    assert f"  {key_of(key)} " in told
    assert (str(value) if isinstance(value, float) else repr(value)) in told
    assert any(rule.allowed in told for rule in RULES if rule.name == key)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(InvalidConfig) as refusal:
        check(replace(GOOD, resolution=500, batch_size=0, operators=("nobody",)))

    assert str(refusal.value).count("\n") == 3


def test_images_that_are_prebuilt_need_a_digest_each_and_no_other_mode_takes_any() -> None:
    digests = dict.fromkeys(CONTAINERS, DIGEST)

    check(replace(GOOD, images=Images.PREBUILT, image_digests=digests))

    with pytest.raises(InvalidConfig, match="imageDigests"):
        check(replace(GOOD, images=Images.CLOUD_BUILD, image_digests=digests))
    with pytest.raises(InvalidConfig, match="imageDigests"):
        check(replace(GOOD, images=Images.PREBUILT, image_digests={**digests, "portal": "registry/portal:latest"}))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"trainingStep": 10}, "trainingStep: no such key; did you mean trainingSteps?"),
        ({"colour": "red"}, "colour: no such key"),
        ({"images": "podman"}, "images 'podman': expected one of docker, cloud-build, prebuilt"),
        ({"learningRate": "fast"}, "learningRate 'fast': expected a number"),
        ({"protectData": "maybe"}, "protectData"),
        ({"designers": "ada@example.com"}, "designers"),
        ({"baseModel": None}, "baseModel"),
        ({"gcp_region": None}, "gcp:region: not set"),
        ({"trainingMachine": "a2-highgpu-1g"}, "trainingMachine 'a2-highgpu-1g' with 'NVIDIA_L4'"),
    ],
    ids=lambda value: str(value) if isinstance(value, dict) else "",
)
def test_a_stack_file_that_is_wrong_stops_the_program_in_words_and_not_in_a_traceback(
    evaluate: Callable[..., Graph], changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(Refused) as refusal:
        evaluate("dev", **changes)

    assert told in str(refusal.value)
    assert "Traceback" not in str(refusal.value)


@pytest.mark.parametrize("stack", ["a", "abcdefghijkl", "a-b-c-d-e-fg"])
def test_names_fit_google_s_limits_for_the_shortest_and_the_longest_stack(evaluate: Callable[..., Graph], stack: str) -> None:
    """The provider refuses a name that is too long or misspelt: an evaluation that succeeds is the proof."""
    graph = evaluate(stack, gcp_project="a" + "b" * 28 + "c")

    assert len(inputs_of(graph, "gcp:serviceaccount/account:Account")) == len(Workload)
