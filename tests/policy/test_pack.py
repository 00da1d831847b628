"""The pack as a whole: what it may be told, what it does not judge, what it prints."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml

from infra.policy.rules.data import LABELLED
from infra.policy.table import RULES
from local.provider.catalog import TYPES
from scripts.policy import PACK, Pack, PolicyError, check, evaluate, running
from tests.policy.cases import BUCKET, CASES, CRYPTO_KEY, DATABASE, SERVICE, UNKNOWN, one

SWITCHES = ("cmek", "privateEgress", "binaryAuthorization", "auditDataAccess")
SDK = Path(metadata.distribution("pulumi-gcp").locate_file("pulumi_gcp"))
_RESOURCE = re.compile(r"__init__\(\s*'(gcp:[^']+)'")
_TAKES_LABELS = re.compile(r'__props__\.__dict__\["(user_)?labels"\] = (user_)?labels\b')
README = PACK / "README.md"


def of(rule: str, found: Any) -> list[str]:
    return [violation.text for violation in found if violation.rule == rule]


def test_a_platform_team_says_which_regions_are_allowed() -> None:
    graph = [one(BUCKET, location="europe-north1")]

    with running({"regions": {"regions": ["europe-north1"]}}) as strict:
        allowed, refused = strict.violations(graph), strict.violations([one(BUCKET, location="us-central1")])

    assert of("regions", allowed) == []
    assert of("regions", refused) == ["Bucket it: location is us-central1; use one of europe-north1, or have the platform team allow it"]


def test_a_platform_team_says_which_stacks_come_and_go() -> None:
    with running({"data-is-protected": {"disposableStacks": ["pr-*"]}}) as strict:
        of_a_request, of_dev = strict.violations([one(BUCKET, stack="pr-7")]), strict.violations([one(BUCKET, stack="dev")])

    assert of("data-is-protected", of_a_request) == []
    assert len(of("data-is-protected", of_dev)) == 1


def test_a_platform_team_says_how_many_instances_there_may_be() -> None:
    with running({"instances-are-limited": {"maxInstances": 2}}) as strict:
        found = strict.violations([one(SERVICE, template={"scaling": {"maxInstanceCount": 5}})])

    assert of("instances-are-limited", found) == ["Service it: it may have 5 instances; set max_instance_count to 2 or less"]


def test_a_platform_team_says_which_rules_only_advise() -> None:
    with running({"callers-are-checked": {"enforcementLevel": "advisory"}}) as lenient:
        found = lenient.violations([one(SERVICE, invokerIamDisabled=True)])

    assert [violation.rule for violation in found if not violation.mandatory] == ["callers-are-checked"]


def test_a_setting_of_a_rule_that_is_not_there_is_refused() -> None:
    with pytest.raises(PolicyError, match=r"no such rule: region; there are no-public-members, .*regions"), running({"region": {}}):
        pass


def test_a_pack_whose_environment_is_not_installed_says_how_to_install_it(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"\.venv/bin/python is missing: run `make setup`"), running(folder=tmp_path):
        pass


@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_a_value_that_is_not_known_yet_stops_no_rule(pack: Pack, rule: str) -> None:
    failing = [resource for case in CASES[rule].fails.values() for resource in case.stack if resource["inputs"]]
    unknown = [{**resource, side: dict.fromkeys(resource[side], UNKNOWN)} for resource in failing for side in ("inputs", "outputs")]

    texts = [violation.text for resource in unknown for violation in pack.violations([resource])]

    assert not [text for text in texts if "can't run policy" in text or "04da6b54" in text]


def test_one_unknown_value_does_not_hide_the_others(pack: Pack) -> None:
    service = one(
        SERVICE, template={"containers": [{"image": UNKNOWN, "envs": UNKNOWN}, {"image": "sidecar:latest"}], "serviceAccount": UNKNOWN}
    )

    found = pack.violations([service])

    assert len(of("images-by-digest", found)) == 1
    assert len(of("instances-are-limited", found)) == 1


def test_whatever_can_carry_labels_is_asked_for_them() -> None:
    labelled = {type_ for service in {_service(type_) for type_ in TYPES} for type_ in _labelled(service)}

    assert labelled
    assert labelled & set(TYPES) <= LABELLED


def _service(type_: str) -> str:
    return type_.split(":")[1].split("/", maxsplit=1)[0]


def _labelled(service: str) -> Iterator[str]:
    """Read, since importing the SDK takes seconds."""
    for file in (SDK / service).glob("*.py"):
        text = file.read_text()
        found = _RESOURCE.search(text)
        if found and _TAKES_LABELS.search(text):
            yield found.group(1)


def test_a_stack_with_every_switch_on_breaks_no_rule(pack: Pack, tmp_path: Path) -> None:
    stack = yaml.safe_load(Path("Pulumi.prod.yaml").read_text())
    stack["config"] |= {f"sd-for-designers:{switch}": True for switch in SWITCHES}
    (tmp_path / "switched.yaml").write_text(yaml.safe_dump(stack))

    graph = evaluate("prod", "--config-file", str(tmp_path / "switched.yaml"))

    assert {resource["type"] for resource in graph} >= {CRYPTO_KEY, "gcp:compute/network:Network"}
    assert [violation.text for violation in pack.violations(graph)] == []


def test_the_verdict_names_the_stack_and_each_violation(pack: Pack, capsys: pytest.CaptureFixture[str]) -> None:
    good = check(pack, "dev", [one(DATABASE, stack="dev", locationId="us-central1")], time.monotonic())
    bad = check(pack, "prod", [one(SERVICE, invokerIamDisabled=True)], time.monotonic())

    lines = capsys.readouterr().out.splitlines()
    assert (good, bad) == (True, False)
    assert lines[0] == f"dev             passed: 1 resources, {len(RULES)} rules, 0.0 s"
    assert lines[1].startswith("prod            FAILED with 4 violations: 1 resources")
    assert "  callers-are-checked: Service it: invokerIamDisabled is True; leave it out and grant roles/run.invoker" in lines[2]


def test_a_stack_that_cannot_be_evaluated_fails_the_check() -> None:
    done = subprocess.run([sys.executable, "-m", "scripts.policy", "nowhere"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "nowhere cannot be evaluated" in done.stderr


def test_the_pack_s_page_lists_every_rule_and_setting() -> None:
    text = README.read_text()

    rows = [f"| `{rule.name}` | {rule.description} | {_settings(rule.settings)} |" for rule in RULES]
    assert [row for row in rows if row not in text] == []
    assert text.count("\n| `") == len(rows)


def _settings(settings: Any) -> str:
    return ", ".join(
        f"`{key}` = {' '.join(value.default) if isinstance(value.default, list) else value.default}" for key, value in settings.items()
    )
