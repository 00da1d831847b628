"""The table of infra.access as resources: one binding per grant and member, each on the narrowest resource that Google binds on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.access import CUSTOM_ROLES, Grant, Resource, grants
from infra.component import Component
from infra.config import Config

Principals = Mapping[str, Sequence[pulumi.Input[str]]]
Places = Mapping[Resource, pulumi.Input[str]]


@dataclass(frozen=True)
class Binding:
    """The resource type that binds a member to a role there, and the argument that names the place."""

    kind: Callable[..., pulumi.CustomResource]
    argument: str
    regional: bool = False


_PROJECT = Binding(gcp.projects.IAMMember, "project")
_BUCKET = Binding(gcp.storage.BucketIAMMember, "bucket")
_TOPIC = Binding(gcp.pubsub.TopicIAMMember, "topic")
_SUBSCRIPTION = Binding(gcp.pubsub.SubscriptionIAMMember, "subscription")
_REGISTRY = Binding(gcp.artifactregistry.RepositoryIamMember, "repository", regional=True)
_ACCOUNT = Binding(gcp.serviceaccount.IAMMember, "service_account_id")
_SERVICE = Binding(gcp.cloudrunv2.ServiceIamMember, "name", regional=True)
_SIGN_IN = Binding(gcp.iap.WebCloudRunServiceIamMember, "cloud_run_service_name", regional=True)
_KEY = Binding(gcp.kms.CryptoKeyIAMMember, "crypto_key_id")
_R = Resource
BINDINGS: Mapping[Resource, Binding] = {
    **dict.fromkeys((_R.PROJECT, _R.DATABASE), _PROJECT),
    **dict.fromkeys((_R.UPLOADS, _R.MODELS, _R.BASE_MODEL, _R.PIPELINE, _R.PIPELINE_ROOT, _R.SOURCES), _BUCKET),
    **dict.fromkeys((_R.JOBS, _R.GENERATIONS, _R.BUDGET_ALERTS, _R.DEAD_LETTERS), _TOPIC),
    **dict.fromkeys((_R.DEAD_LETTER_INBOX, _R.START_SUBSCRIPTION, _R.GENERATIONS_SUBSCRIPTION, _R.INTAKE_SUBSCRIPTION), _SUBSCRIPTION),
    _R.REGISTRY: _REGISTRY,
    **dict.fromkeys((_R.UPLOAD_ACCOUNT, _R.PIPELINE_ACCOUNT, _R.TRAINER_ACCOUNT, _R.SERVING_ACCOUNT), _ACCOUNT),
    **dict.fromkeys((_R.UPLOAD_SERVICE, _R.PORTAL_SERVICE, _R.START_FUNCTION, _R.SWEEP_FUNCTION, _R.INTAKE_FUNCTION), _SERVICE),
    _R.PORTAL_SIGN_IN: _SIGN_IN,
    _R.KEY: _KEY,
}


class Access(Component):
    """The bindings of every grant whose resource is among `places`; who needs them waits for `bindings`."""

    def __init__(self, name: str, config: Config, principals: Principals, places: Places, roles: "Roles | None" = None) -> None:
        super().__init__(name)
        self._config, self._roles, self._places = config, roles, places
        self.bindings = [
            self._bind(grant, member, number) for grant in grants(places) for number, member in enumerate(principals[grant.principal])
        ]
        self.register_outputs({})

    def _bind(self, grant: Grant, member: pulumi.Input[str], number: int) -> pulumi.CustomResource:
        binding, place = BINDINGS[grant.resource], self._places[grant.resource]
        where: dict[str, Any] = {binding.argument: place}
        if binding.regional:
            where["location"] = self._config.region
        if only := condition(grant, place, self._config):
            where["condition"] = only
        name = title(grant) + (f"-{number}" if number else "")
        return binding.kind(name, **where, role=self._role(grant.role), member=member, opts=self.child())

    def _role(self, role: str) -> pulumi.Input[str]:
        return self._roles.name(role) if self._roles else role


def title(grant: Grant) -> str:
    return f"{grant.principal}-{grant.role.rpartition('/')[2].replace('.', '-')}-{grant.resource}"


def condition(grant: Grant, place: pulumi.Input[str], config: Config) -> Mapping[str, pulumi.Input[str]] | None:
    """In the words of https://cloud.google.com/iam/docs/conditions-resource-attributes; None where the resource itself is narrow enough."""
    if grant.resource is Resource.DATABASE:
        name = f"projects/{config.project}/databases/sd-{config.stack}"
        return {"title": f"only-sd-{config.stack}", "expression": f'resource.name == "{name}"'}
    within = (base_model(config)[1],) if grant.resource is Resource.BASE_MODEL else grant.within
    if within:
        objects = [
            pulumi.Output.format('resource.name.startsWith("projects/_/buckets/{0}/objects/{1}")', place, prefix) for prefix in within
        ]
        expression = pulumi.Output.all('resource.type != "storage.googleapis.com/Object"', *objects).apply(" || ".join)
        return {"title": "-".join(["only", *(prefix.strip("/").replace("/", "-") for prefix in within)]), "expression": expression}
    return None


def base_model(config: Config) -> tuple[str | None, str]:
    """Bucket and prefix that hold the base model; no bucket for the stack's own, to which a folder is uploaded."""
    if not config.base_model.startswith("gs://"):
        return None, "base/"
    bucket, _, path = config.base_model.removeprefix("gs://").partition("/")
    return bucket, f"{path.rstrip('/')}/"


class Roles(Component):
    """The roles of CUSTOM_ROLES; their ids carry the stack, since a project may hold several."""

    def __init__(self, name: str, config: Config, after: Sequence[pulumi.Resource]) -> None:
        super().__init__(name, after=after)
        self._custom = {
            key: gcp.projects.IAMCustomRole(
                f"role-{key}",
                role_id=f"sd_{config.stack.replace('-', '_')}_{key}",
                title=f"sd-for-designers {config.stack}: {key}",
                permissions=list(permissions),
                opts=self.child(),
            )
            for key, permissions in CUSTOM_ROLES.items()
        }
        self.register_outputs({})

    def name(self, role: str) -> pulumi.Input[str]:
        return self._custom[role].name if role in self._custom else role
