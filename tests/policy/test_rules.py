"""Each rule of the pack, as it runs, with resources that fail it and resources that pass."""

import pytest

from infra.policy.table import RULES
from scripts.policy import Pack
from tests.policy.cases import CASES, Fails, Resource

FAILS = [pytest.param(rule, case, id=f"{rule}: {title}") for rule, cases in CASES.items() for title, case in cases.fails.items()]
PASSES = [pytest.param(rule, case, id=f"{rule}: {title}") for rule, cases in CASES.items() for title, case in cases.passes.items()]
SECRETS = ("swordfish", "MIIE", '"5d"')


def test_every_rule_has_resources_that_fail_it_and_resources_that_pass() -> None:
    complete = [name for name, cases in CASES.items() if cases.fails and cases.passes]

    assert complete == [rule.name for rule in RULES]


@pytest.mark.parametrize(("rule", "case"), FAILS)
def test_fails(pack: Pack, rule: str, case: Fails) -> None:
    found = [violation for violation in pack.violations(case.stack) if violation.rule == rule]

    assert [(violation.text, violation.mandatory) for violation in found] == [(case.text, True)]
    assert found[0].urn in {resource["urn"] for resource in case.stack}


@pytest.mark.parametrize(("rule", "case"), PASSES)
def test_passes(pack: Pack, rule: str, case: tuple[Resource, ...]) -> None:
    found = pack.violations(case)

    assert rule not in {violation.rule for violation in found}, found


@pytest.mark.parametrize("rule", ["no-key-material", "no-plain-secrets"])
def test_a_report_never_shows_the_secret(pack: Pack, rule: str) -> None:
    texts = [violation.text for case in CASES[rule].fails.values() for violation in pack.violations(case.stack)]

    assert texts
    assert not [text for text in texts if any(secret in text for secret in SECRETS)]
