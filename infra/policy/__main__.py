"""The policy pack, as `pulumi preview --policy-pack infra/policy` starts it in its own environment."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyPack,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

# Pulumi puts this folder first, where a module's name could hide one of Python's: ours are found by their path in the repository
sys.path[0] = str(Path(__file__).resolve().parents[2])

from infra.policy.resource import UNKNOWN, Resource  # noqa: E402
from infra.policy.rule import Rule, StackRule  # noqa: E402
from infra.policy.table import RULES  # noqa: E402


def _policy(rule: Rule | StackRule) -> Policy:
    schema = PolicyConfigSchema({key: setting.schema() for key, setting in rule.settings.items()}) if rule.settings else None
    level = EnforcementLevel(rule.level)
    if isinstance(rule, StackRule):
        return StackValidationPolicy(rule.name, rule.description, _of_stack(rule), level, schema)
    return ResourceValidationPolicy(rule.name, rule.description, _of_resource(rule), level, schema)


def _of_resource(rule: Rule) -> Any:
    def validate(given: ResourceValidationArgs, report: ReportViolation) -> None:
        if not rule.asks(given.resource_type):
            return
        resource = Resource(given.urn, given.resource_type, _plain(given.props), given.opts.protect)
        for fault in rule.faults(resource, given.get_config()):
            report(fault, None)

    return validate


def _of_stack(rule: StackRule) -> Any:
    def validate(given: StackValidationArgs, report: ReportViolation) -> None:
        resources = [
            Resource(
                item.urn,
                item.resource_type,
                _plain(item.props),
                item.opts.protect,
                {key: frozenset(source.urn for source in sources) for key, sources in item.property_dependencies.items()},
            )
            for item in given.resources
        ]
        for urn, fault in rule.faults(resources, given.get_config()):
            report(fault, urn)

    return validate


def _plain(value: Any) -> Any:
    """Pulumi's proxies raise at a value that is not known, and one of them would end the rule for the whole resource."""
    if isinstance(value, Mapping):
        return {key: _item(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_item(value, number) for number in range(len(value))]
    return value


def _item(values: Any, key: Any) -> Any:
    try:
        return _plain(values[key])
    except UnknownValueError:
        return UNKNOWN


PolicyPack("sd-for-designers", [_policy(rule) for rule in RULES])
