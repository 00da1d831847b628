"""Who outside may come in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from infra.policy.resource import UNKNOWN, Resource, shown

BUCKETS = frozenset({"gcp:storage/bucket:Bucket"})
SERVICES = frozenset({"gcp:cloudrunv2/service:Service"})
INVOKERS = frozenset(
    {
        "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
        "gcp:cloudrun/iamMember:IamMember",
        "gcp:cloudfunctionsv2/functionIamMember:FunctionIamMember",
        "gcp:cloudfunctions/functionIamMember:FunctionIamMember",
    }
)
_SIGN_IN = "gcp:iap/webCloudRunServiceIamMember:WebCloudRunServiceIamMember"
_EVERYBODY = ("allUsers", "allAuthenticatedUsers")
_MEMBERS = ("member", "members[]", "entity", "roleEntities[]")
_PUBLIC_LISTS = ("publicRead", "publicReadWrite", "authenticatedRead")
_PEOPLE = ("user", "group", "domain")


def public_member(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    named = [(place, str(value).rpartition(":")[2]) for path in _MEMBERS for place, value in resource.each(path)]
    policies = [(place, member) for place, text in resource.each("policyData") for member in _members(str(text))]
    for place, member in [*named, *policies]:
        if member in _EVERYBODY:
            yield f"{place} is {member}; name the accounts or groups that need it"
    for place, value in resource.each("predefinedAcl"):
        if value in _PUBLIC_LISTS:
            yield f"{place} is {value}; leave it out and grant a role on the bucket"


def _members(policy: str) -> Iterator[str]:
    for binding in json.loads(policy).get("bindings", []):
        yield from binding.get("members", [])


def open_bucket(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    prevention = resource.get("publicAccessPrevention")
    if prevention not in ("enforced", UNKNOWN):
        yield f'publicAccessPrevention is {shown(prevention)}; set public_access_prevention="enforced"'
    uniform = resource.get("uniformBucketLevelAccess")
    if uniform not in (True, UNKNOWN):
        yield f"uniformBucketLevelAccess is {shown(uniform)}; set uniform_bucket_level_access=True"


def any_origin(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    for place, origin in resource.each("cors[].origins[]"):
        if origin == "*":
            yield f"{place} is *; name the portal's origin"


def unchecked_invoker(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    if resource.get("invokerIamDisabled") is True:
        yield "invokerIamDisabled is True; leave it out and grant roles/run.invoker to the accounts that call"


def people_past_sign_in(resource: Resource, _: Mapping[str, Any]) -> Iterator[str]:
    role, member = resource.get("role"), resource.get("member")
    if str(role).endswith(".invoker") and str(member).split(":")[0] in _PEOPLE:
        yield f"member {member} has {role}; people sign in: grant roles/iap.httpsResourceAccessor with iap.WebCloudRunServiceIamMember"


def sign_in_without_iap(resources: Sequence[Resource], _: Mapping[str, Any]) -> Iterator[tuple[Resource, str]]:
    grants = [resource for resource in resources if resource.type == _SIGN_IN]
    names = {grant.get("cloudRunServiceName") for grant in grants} - {UNKNOWN}
    sources = {urn for grant in grants for urn in grant.sources.get("cloudRunServiceName", ())}
    for service in resources:
        signed_in = service.type in SERVICES and (service.urn in sources or service.get("name") in names)
        if signed_in and service.get("iapEnabled") not in (True, UNKNOWN):
            yield service, f"iapEnabled is {shown(service.get('iapEnabled'))} although people are granted sign-in; set iap_enabled=True"
