"""Policies of the organisation that would refuse what the program makes.

Those that only ask for what it does anyway (no public buckets, no keys, uniform access) are not asked about.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.doctor.finding import Finding, fail, ok, warn
from scripts.doctor.google import Google, Json
from scripts.doctor.stack import Stack

_POLICIES, _MANAGER = "orgpolicy.googleapis.com", "cloudresourcemanager.googleapis.com"
_SERVICE, _FUNCTION = "gcp:cloudrunv2/service:Service", "gcp:cloudfunctionsv2/function:Function"
_INGRESS = {
    "INGRESS_TRAFFIC_ALL": "all",
    "INGRESS_TRAFFIC_INTERNAL_ONLY": "internal",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER": "internal-and-cloud-load-balancing",
}
Wants = Callable[[Stack], list[str]]


@dataclass(frozen=True)
class Constraint:
    """A list of allowed values; `wants` are those that the program needs."""

    name: str
    wants: Wants
    what: str


def _ingress(stack: Stack) -> list[str]:
    return [_INGRESS[str(each.inputs.get("ingress", "INGRESS_TRAFFIC_ALL"))] for each in stack.of_type(_SERVICE)]


def _function_ingress(stack: Stack) -> list[str]:
    return [str(each.inputs.get("serviceConfig", {}).get("ingressSettings", "ALLOW_ALL")) for each in stack.of_type(_FUNCTION)]


def _apis(stack: Stack) -> list[str]:
    return [str(each.inputs["service"]) for each in stack.of_type("gcp:projects/service:Service")]


def _places(stack: Stack) -> list[str]:
    """Where the program puts things, in lower case as the policy writes them."""
    keys = ("location", "locationId", "region")
    return [place.lower() for each in stack.resources for key in keys if isinstance(place := each.inputs.get(key), str)]


def _unencrypted(stack: Stack) -> list[str]:
    return [] if stack.value("cmek") == "true" else _apis(stack)


def _unauthorized(stack: Stack) -> list[str]:
    return [] if stack.value("binaryAuthorization") == "true" else ["none"]


LISTS = (
    Constraint("run.allowedIngress", _ingress, "services must be reachable with ingress"),
    Constraint("cloudfunctions.allowedIngressSettings", _function_ingress, "functions must be reachable with ingress"),
    Constraint("cloudfunctions.restrictAllowedGenerations", lambda _: ["2ndGen"], "functions are of the generation"),
    Constraint("gcp.restrictServiceUsage", _apis, "the program uses"),
    Constraint("gcp.resourceLocations", _places, "the program puts resources into"),
)
# the program can satisfy these by a switch of its own
SWITCHES = {
    "gcp.restrictNonCmekServices": ("cmek", _unencrypted),
    "run.allowedBinaryAuthorizationPolicies": ("binaryAuthorization", _unauthorized),
}
_ACCOUNTS = "iam.disableServiceAccountCreation"
_MEMBERS = "iam.allowedPolicyMemberDomains"


def policies(stack: Stack, google: Google) -> Iterator[Finding]:
    found = [*_lists(stack, google), *_switches(stack, google), *_accounts(stack, google), *_members(stack, google)]
    yield from found
    if not found:
        yield ok(f"none of {len(LISTS) + len(SWITCHES) + 2} refuses what the program makes")


def _lists(stack: Stack, google: Google) -> Iterator[Finding]:
    for constraint in LISTS:
        rules = _rules(stack, google, constraint.name)
        refused = sorted({value for value in constraint.wants(stack) if not _allows(rules, value)})
        if refused:
            yield fail(f"{constraint.name}: {constraint.what} {', '.join(refused)}, which is refused", _except(stack, constraint.name))


def _switches(stack: Stack, google: Google) -> Iterator[Finding]:
    for name, (key, wants) in SWITCHES.items():
        rules = _rules(stack, google, name)
        if any(not _allows(rules, value) for value in wants(stack)):
            yield fail(f"{name}: the organisation asks for {key}, which this stack leaves off", stack.set(key, "true"))


def _accounts(stack: Stack, google: Google) -> Iterator[Finding]:
    if any(rule.get("enforce") for rule in _rules(stack, google, _ACCOUNTS)):
        yield fail(f"{_ACCOUNTS}: every workload has an account of its own, and none may be made", _except(stack, _ACCOUNTS))


def _members(stack: Stack, google: Google) -> Iterator[Finding]:
    """A policy names customers, not domains; the caller sees which domain is whose for its own organisations only."""
    rules = _rules(stack, google, _MEMBERS)
    domains = sorted({re.split("[@:]", member)[-1] for member in stack.designers if not member.startswith("serviceAccount:")})
    if not domains or _allows(rules, ""):
        return
    known: dict[str, str] = {each["displayName"]: each["directoryCustomerId"] for each in _organizations(google)}
    outside = [domain for domain in domains if not _allows(rules, known.get(domain, domain))]
    if outside:
        yield warn(
            f"{_MEMBERS}: whether designers of {', '.join(outside)} may be let in cannot be told; allowed are {_allowed(rules)}",
            "gcloud organizations list --format='table(displayName, owner.directoryCustomerId)'",
        )


def _organizations(google: Google) -> Sequence[Json]:
    found: Sequence[Json] = google.get(f"{_MANAGER}/v3/organizations:search").get("organizations", [])
    return found


def _rules(stack: Stack, google: Google, constraint: str) -> Sequence[Json]:
    effective = google.get(f"{_POLICIES}/v2/projects/{stack.project}/policies/{constraint}:getEffectivePolicy")
    rules: Sequence[Json] = effective.get("spec", {}).get("rules", [])
    return rules


def _allows(rules: Sequence[Json], value: str) -> bool:
    """As Google decides it: denied values first, then allowed ones; a list that allows nothing by name allows the rest."""
    if any(rule.get("denyAll") or _named(_values(rule, "deniedValues"), value) for rule in rules):
        return False
    allowed = [entry for rule in rules for entry in _values(rule, "allowedValues")]
    return not allowed or any(rule.get("allowAll") for rule in rules) or _named(allowed, value)


def _values(rule: Json, key: str) -> list[Any]:
    return list(rule.get("values", {}).get(key, []))


def _named(entries: Sequence[str], value: str) -> bool:
    """Entries are values, or groups of locations such as in:us-locations and in:us-central1-locations."""
    plain = {entry.removeprefix("is:") for entry in entries}
    groups = {f"in:{value}-locations", *(f"in:{name}-locations" for name in _continents(value))}
    return value in plain or not groups.isdisjoint(entries)


def _continents(region: str) -> tuple[str, ...]:
    continent = region.partition("-")[0]
    return (continent, "eu") if continent == "europe" else (continent,)


def _allowed(rules: Sequence[Json]) -> str:
    return ", ".join(sorted(entry for rule in rules for entry in _values(rule, "allowedValues"))) or "none"


def _except(stack: Stack, constraint: str) -> str:
    return f"gcloud org-policies reset {constraint} --project={stack.project}   # by whoever administers the organisation's policies"
