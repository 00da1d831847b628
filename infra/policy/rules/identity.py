"""Who acts, with which rights, and that nobody needs a key for it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.policy.resource import UNKNOWN, Resource
from infra.policy.rule import Setting

KEYS = frozenset({"gcp:serviceaccount/key:Key", "gcp:storage/hmacKey:HmacKey", "gcp:projects/apiKey:ApiKey"})
# Which account each kind of workload runs as; left out, it is a default account with far too much
_RUNS_AS: Mapping[str, tuple[str, ...]] = {
    "gcp:cloudrunv2/service:Service": ("template.serviceAccount",),
    "gcp:cloudrunv2/job:Job": ("template.template.serviceAccount",),
    "gcp:cloudrunv2/workerPool:WorkerPool": ("template.serviceAccount",),
    "gcp:cloudfunctionsv2/function:Function": ("serviceConfig.serviceAccountEmail", "buildConfig.serviceAccount"),
    "gcp:cloudbuild/trigger:Trigger": ("serviceAccount",),
    "gcp:compute/instance:Instance": ("serviceAccount.email",),
}
# Whose calls carry an identity, and in which block
_CALLS_AS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "gcp:pubsub/subscription:Subscription": ("pushConfig", ("oidcToken",)),
    "gcp:cloudscheduler/job:Job": ("httpTarget", ("oidcToken", "oauthToken")),
}
WORKLOADS, CALLERS = frozenset(_RUNS_AS), frozenset(_CALLS_AS)
BROAD_ROLES = {"roles": Setting(["roles/owner", "roles/editor", "roles/viewer"], "Roles that are never granted")}

_AUTHORITATIVE = re.compile(r":\w*I[aA][mM](Policy|Binding)$")
_DEFAULT_ACCOUNT = re.compile(r"(\d+-compute@developer|[a-z][a-z0-9-]+@appspot|\d+@cloudbuild)\.gserviceaccount\.com")
_KEY_MATERIAL: Mapping[str, re.Pattern[str]] = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    "a service account's key file": re.compile(r'"private_key(_id)?"\s*:'),
    "an API key": re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b"),
    "an HMAC key": re.compile(r"\bGOOG1E[A-Z0-9]{40,}\b"),
    "an access token": re.compile(r"\bya29\.[0-9A-Za-z_-]{20,}"),
}
_SECRET_NAME = re.compile(r"(^|_)(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|PRIVATE_KEY|ACCESS_KEY|CREDENTIALS?)$", re.IGNORECASE)
_LISTED = ("template.containers[].envs[]", "template.template.containers[].envs[]")
_MAPPED = ("serviceConfig.environmentVariables", "buildConfig.environmentVariables", "build.args", "substitutions")


def authoritative(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    kind = _AUTHORITATIVE.search(resource.type)
    if kind:
        yield f"an IAM {kind.group(1).lower()} removes the grants that others made; use the IAMMember of the same resource"


def broad_role(resource: Resource, settings: Mapping[str, Any]) -> Iterator[str]:
    if resource.get("role") in settings["roles"]:
        yield f"role is {resource.get('role')}; grant the narrowest role on the narrowest resource"


def default_account(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    for place, text in resource.texts():
        found = _DEFAULT_ACCOUNT.search(text)
        if found:
            yield f"{place} names the default account {found.group()}; make a serviceaccount.Account for this workload"


def no_account(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    for path in _RUNS_AS[resource.type]:
        if not resource.get(path):
            yield f"{path} is not set, so a default account is used; name the workload's own account"


def anonymous_call(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    block, tokens = _CALLS_AS[resource.type]
    target = resource.get(block)
    if target and target is not UNKNOWN and not any(resource.get(f"{block}.{token}") for token in tokens):
        yield f"{block} has no {' or '.join(tokens)}; give it one with the caller's account, and grant that account the call"


def key(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    yield f"it is a key of type {resource.type}; use the workload's own account, or workload identity federation from outside Google"


def key_material(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    for place, text in resource.texts():
        for what, pattern in _KEY_MATERIAL.items():
            if pattern.search(text):
                yield f"{place} holds {what} (not shown); revoke it, and use the workload's own account or Secret Manager"


def plain_secret(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    for path in _LISTED:
        for place, variable in resource.each(path):
            if _SECRET_NAME.search(str(variable.get("name"))) and variable.get("value"):
                yield f'{place} gives {variable["name"]} in plain text (not shown); use value_source={{"secret_key_ref": ...}}'
    for path in _MAPPED:
        for place, variables in resource.each(path):
            for name in sorted(variables):
                if _SECRET_NAME.search(name) and variables[name]:
                    yield f"{place} gives {name} in plain text (not shown); keep it in Secret Manager and name the secret"
