"""Repositories."""

from collections.abc import Iterator, Mapping
from typing import Any

from local.provider.limits import keys
from local.provider.types import Inputs
from local.provider.validation import Failure
from local.provider.within import blocks, every, within, wrong


def cleanup(inputs: Inputs) -> Iterator[Failure]:
    """A cleanup policy has an id of its own, an action, and one of `condition` (for DELETE and KEEP) and `mostRecentVersions` (for
    KEEP); it names tags with `tagState` TAGGED alone; a repository has at most 10."""
    policies = list(blocks(inputs, "cleanupPolicies[]"))
    if len(policies) > 10:
        yield wrong("cleanupPolicies", f"must have at most 10 members, not {len(policies)}")
    names: set[Any] = set()
    for path, policy in policies:
        if policy.get("id") in names:
            yield wrong(f"{path}.id", f"is {policy['id']!r} for the second time")
        names.add(policy.get("id"))
        yield from _policy(path, policy)


def _policy(path: str, policy: Mapping[str, Any]) -> Iterator[Failure]:
    if policy.get("action") is None:
        yield wrong(f"{path}.action", "must be DELETE or KEEP")
    if (policy.get("condition") is None) == (policy.get("mostRecentVersions") is None):
        yield wrong(path, "must have one of condition and mostRecentVersions")
    elif policy.get("mostRecentVersions") is not None and policy.get("action") == "DELETE":
        yield wrong(f"{path}.action", "must be KEEP with mostRecentVersions")
    condition = policy.get("condition")
    if isinstance(condition, Mapping) and condition.get("tagPrefixes") and condition.get("tagState") in (None, "ANY", "UNTAGGED"):
        yield wrong(f"{path}.condition.tagState", "must be TAGGED with tagPrefixes")


def of_docker(inputs: Inputs) -> Iterator[Failure]:
    """`dockerConfig` is for format DOCKER, `mavenConfig` for MAVEN; `mode` fits `virtualRepositoryConfig` and `remoteRepositoryConfig`."""
    for name, kind in (("dockerConfig", "DOCKER"), ("mavenConfig", "MAVEN")):
        for path, _ in within(inputs, name):
            if isinstance(inputs.get("format"), str) and inputs["format"] != kind:
                yield wrong(path, f"is for format {kind}, not {inputs['format']}")
    for name, mode in (("virtualRepositoryConfig", "VIRTUAL_REPOSITORY"), ("remoteRepositoryConfig", "REMOTE_REPOSITORY")):
        for path, _ in within(inputs, name):
            if inputs.get("mode", "STANDARD_REPOSITORY") != mode:
                yield wrong(path, f"is for mode {mode}")


check = every(cleanup, of_docker, keys.beside("kmsKeyName", "location"))
