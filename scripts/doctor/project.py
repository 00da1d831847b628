"""The project itself: is it the one that the stack means, may the caller change it, are its APIs on, and who pays."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from itertools import groupby

from scripts.doctor import needs
from scripts.doctor.finding import Finding, fail, ok, warn
from scripts.doctor.google import Google, Unanswered, grant
from scripts.doctor.needs import Need
from scripts.doctor.stack import Stack

_MANAGER, _BILLING, _USAGE = "cloudresourcemanager.googleapis.com", "cloudbilling.googleapis.com", "serviceusage.googleapis.com"
# without these `up` cannot switch on the others
_FIRST = (_MANAGER, _USAGE)
# Google's limits of one question
_SERVICES, _PERMISSIONS = 30, 100
_SHOWN = 4


def identity(stack: Stack, google: Google) -> Iterator[Finding]:
    try:
        found = google.get(f"{_MANAGER}/v3/projects/{stack.project}")
    except Unanswered as error:
        yield fail(f"{stack.project} is not there, or not for {google.caller or 'the caller'} to see: {error}", error.fix)
        return
    number, meant = found["name"].rpartition("/")[2], stack.value("projectNumber")
    if found["state"] != "ACTIVE":
        yield fail(f"{stack.project} is {found['state']}", f"gcloud projects undelete {stack.project}")
    elif number != meant:
        yield fail(f"{stack.project} has the number {number}; the stack says {meant}", stack.set("projectNumber", number))
    else:
        yield ok(f"{stack.project}, number {number}")


def billing(stack: Stack, google: Google) -> Iterator[Finding]:
    found = google.get(f"{_BILLING}/v1/projects/{stack.project}/billingInfo")
    account, budget = found.get("billingAccountName", "").rpartition("/")[2], stack.value("billingAccount")
    if not found.get("billingEnabled"):
        what = f"{account} is closed" if account else "no billing account is linked"
        yield fail(what, f"gcloud billing projects link {stack.project} --billing-account={budget or 'ACCOUNT'}")
    elif budget and budget != account:
        yield fail(f"{account} pays; the budget watches {budget}, which sees none of it", stack.set("billingAccount", account))
    else:
        yield ok(f"{account} pays" + ("" if budget else "; the stack sets no budget on it"))


def apis(stack: Stack, google: Google) -> Iterator[Finding]:
    """`up` switches on what it needs, but for the two that it switches them on with."""
    wanted = [resource.inputs["service"] for resource in stack.of_type("gcp:projects/service:Service")]
    off = _off(stack, google, sorted({*wanted, *_FIRST}))
    first = [api for api in off if api in _FIRST]
    if first:
        yield fail(f"{_listed(first)} must be on before `up` can switch on the rest", _enable(stack, off))
    elif off:
        yield warn(f"{len(off)} of {len(wanted)} are off; `up` will switch them on: {_listed(off)}", _enable(stack, off))
    else:
        yield ok(f"all {len(wanted)} are on")


def _off(stack: Stack, google: Google, names: Sequence[str]) -> list[str]:
    off: list[str] = []
    for start in range(0, len(names), _SERVICES):
        asked = [f"projects/{stack.project}/services/{name}" for name in names[start : start + _SERVICES]]
        found = google.get(f"{_USAGE}/v1/projects/{stack.project}/services:batchGet", names=asked)["services"]
        off += [service["name"].rpartition("/")[2] for service in found if service["state"] != "ENABLED"]
    return off


def _enable(stack: Stack, names: Sequence[str]) -> str:
    return f"gcloud services enable {' '.join(names)} --project={stack.project}"


def permissions(stack: Stack, google: Google) -> Iterator[Finding]:
    """One finding for each role that would help."""
    wanted = wanted_permissions(stack)
    held = _held(google, f"{_MANAGER}/v3/projects/{stack.project}", [name for names in wanted.values() for name in names])
    missing = {role: [name for name in names if name not in held] for role, names in wanted.items()}
    for role, names in missing.items():
        if names:
            yield fail(f"lacks {_listed(names)} ({len(names)} of {len(wanted[role])})", grant(stack.project, google.caller, role))
    if not any(missing.values()):
        yield ok(f"{google.caller or 'the caller'} holds all {sum(map(len, wanted.values()))} that `up` needs")
    yield from _budget(stack, google)


def wanted_permissions(stack: Stack) -> dict[str, list[str]]:
    """By role, from the types of the resources that the program makes."""
    kinds = {resource.type for resource in stack.resources}
    needed: list[Need] = [needs.NEEDS[kind] for kind in kinds if kind in needs.NEEDS] + [needs.ACT_AS]
    needed += {"docker": [needs.PUSH], "cloud-build": [needs.BUILD]}.get(stack.value("images"), [])
    needed.sort(key=lambda need: need.role)
    by_role = groupby(needed, key=lambda need: need.role)
    return {role: sorted({name for need in found for name in need.permissions}) for role, found in by_role}


def _held(google: Google, resource: str, names: Sequence[str]) -> set[str]:
    if len(names) > _PERMISSIONS:
        return _halves(google, resource, names)
    try:
        return set(google.post(f"{resource}:testIamPermissions", {"permissions": list(names)}).get("permissions", []))
    except Unanswered as error:
        if error.status != HTTPStatus.BAD_REQUEST:
            raise
        # one name that Google no longer knows spoils the whole question; and what it does not know, nobody lacks
        return _halves(google, resource, names) if len(names) > 1 else set(names)


def _halves(google: Google, resource: str, names: Sequence[str]) -> set[str]:
    middle = len(names) // 2
    return _held(google, resource, names[:middle]) | _held(google, resource, names[middle:])


def _budget(stack: Stack, google: Google) -> Iterator[Finding]:
    account = stack.value("billingAccount")
    if not account:
        return
    held = _held(google, f"{_BILLING}/v1/billingAccounts/{account}", needs.BUDGET.permissions)
    missing = [name for name in needs.BUDGET.permissions if name not in held]
    if missing:
        member = google.caller or "MEMBER"
        yield fail(
            f"lacks {_listed(missing)} on the billing account {account}",
            f"gcloud billing accounts add-iam-policy-binding {account} --member={member} --role={needs.BUDGET.role}",
        )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
