"""Cloud Run services and who may call them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from local.interfaces import Cloud, ContainerSpec, ServiceSpec
from local.provider import refusals
from local.provider.catalog.cloudrun_template import TEMPLATE
from local.provider.catalog.members import accounts, located, member
from local.provider.catalog.running import drifted_service
from local.provider.catalog.secretmanager import SECRET_TYPE, value_of
from local.provider.errors import Refused
from local.provider.limits import keys
from local.provider.limits import run as limits
from local.provider.names import Autoname, now, seconds, short, token
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import FILLED, FIXED, FREE, REQUIRED, block, blocks, deletion_policy, flag, integer, mapping, text, texts
from local.provider.types import Act, Reference, Room, Type
from local.provider.within import every

SERVICE = "gcp:cloudrunv2/service:Service"
_PLACE = "projects/{project}/locations/{location}/services/{name:short}"


class _Services(Room):
    sees = "iapEnabled; of the template image, commands, args, envs, timeout, serviceAccount, scaling; gone; the rest is its record"

    async def put(self, act: Act) -> State:
        uri = await act.cloud.services.put(specification(act))
        return ready(act, uri, suffix=token()[:3], at=now())

    async def delete(self, act: Act) -> None:
        await act.cloud.services.delete(str(act.state["name"]))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        now_there = cloud.services.spec(short(identity))
        if now_there is None:
            return None
        return recorded | drifted_service(recorded, now_there) if recorded else {"name": short(identity)}


def ready(act: Act, uri: str, suffix: str, at: str) -> State:
    """What a service says once its next revision takes requests; `suffix` is the end of that revision's name."""
    generation = next_generation(act)
    revision = f"{act.id}/revisions/{act.state['name']}-{generation:05d}-{suffix}"
    return {
        "uri": uri,
        "urls": [uri],
        "latestReadyRevision": revision,
        "latestCreatedRevision": revision,
        "generation": str(generation),
        "observedGeneration": str(generation),
        "terminalConditions": [{"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": at}],
    }


def next_generation(act: Act) -> int:
    return int(act.state.get("generation") or 0) + 1


def specification(act: Act) -> ServiceSpec:
    template: Mapping[str, Any] = act.state["template"]
    container = _only(template.get("containers") or [])
    name = str(act.state["name"])
    return ServiceSpec(
        name=name,
        container=ContainerSpec(
            name=name,
            image=container["image"],
            account=template.get("serviceAccount") or f"{act.settings.number}-compute@developer.gserviceaccount.com",
            command=tuple(container.get("commands") or ()),
            args=tuple(container.get("args") or ()),
            env=_environment(act, container.get("envs") or []),
        ),
        iap=bool(act.state.get("iapEnabled")),
        timeout_s=seconds(template.get("timeout") or "300s"),
        startup_path=_path(container.get("startupProbe")),
        liveness_path=_path(container.get("livenessProbe")),
        max_instances=(template.get("scaling") or {}).get("maxInstanceCount") or 1,
    )


def _only(containers: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    if len(containers) != 1:
        raise Refused(f"the local cloud runs services of one container; 'template.containers' has {len(containers)}")
    if containers[0].get("volumeMounts"):
        raise Refused("the local cloud mounts no volumes: leave 'template.containers[0].volumeMounts' out")
    return containers[0]


def _environment(act: Act, envs: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    return {env["name"]: _value(act, env) for env in envs}


def _value(act: Act, env: Mapping[str, Any]) -> str:
    reference = (env.get("valueSource") or {}).get("secretKeyRef")
    return value_of(act, reference["secret"], reference.get("version") or "latest") if reference else str(env.get("value") or "")


def _path(probe: Mapping[str, Any] | None) -> str | None:
    get = (probe or {}).get("httpGet")
    return None if get is None else get.get("path") or "/"


def _references(state: State) -> Iterable[Reference]:
    template = state["template"]
    yield from accounts(state, template.get("serviceAccount"))
    for container in template.get("containers") or []:
        for env in container.get("envs") or []:
            secret = ((env.get("valueSource") or {}).get("secretKeyRef") or {}).get("secret")
            if secret:
                yield Reference(SECRET_TYPE, f"projects/{state['project']}/secrets/{short(secret)}", f"secret {secret}")


TYPES = (
    Type(
        SERVICE,
        id="projects/{project}/locations/{location}/services/{name}",
        properties={
            "annotations": mapping(),
            "binaryAuthorization": block({"breakglassJustification": text(), "policy": text(), "useDefault": flag()}),
            "buildConfig": block(
                {
                    "baseImage": text(),
                    "enableAutomaticUpdates": flag(),
                    "environmentVariables": mapping(),
                    "functionTarget": text(),
                    "imageUri": text(),
                    "serviceAccount": text(),
                    "sourceLocation": text(),
                    "workerPool": text(),
                }
            ),
            "client": text(),
            "clientVersion": text(),
            "customAudiences": texts(),
            "defaultUriDisabled": flag(),
            "deletionPolicy": deletion_policy(),
            "deletionProtection": flag(default=True),
            "description": text(),
            "iapEnabled": flag(),
            "ingress": text(FILLED, "INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY", "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER"),
            "invokerIamDisabled": flag(),
            "labels": mapping(refuses=refusals.labels),
            "launchStage": text(FILLED, "UNIMPLEMENTED", "PRELAUNCH", "EARLY_ACCESS", "ALPHA", "BETA", "GA", "DEPRECATED"),
            "location": text(REQUIRED | FIXED, refuses=location(Service.RUN)),
            "multiRegionSettings": block({"regions": texts()}),
            "name": text(FIXED, refuses=refusals.service_name),
            "project": text(FIXED | FILLED),
            "scaling": block(
                {
                    "manualInstanceCount": integer(FILLED, between=(0, 1000)),
                    "maxInstanceCount": integer(FILLED),
                    "minInstanceCount": integer(FILLED),
                    "scalingMode": text(FREE, "AUTOMATIC", "MANUAL"),
                },
                FILLED,
            ),
            "tags": mapping(FIXED),
            "template": TEMPLATE,
            "traffics": blocks(
                {
                    "percent": integer(FILLED, between=(0, 100)),
                    "revision": text(),
                    "tag": text(),
                    "type": text(FREE, "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION"),
                },
                FILLED,
            ),
        },
        autoname=Autoname(),
        made={"uid": token, "createTime": now},
        touched={"updateTime": now, "etag": token},
        outputs={"reconciling": lambda _: False},
        volatile=frozenset({"latestReadyRevision", "latestCreatedRevision", "generation", "observedGeneration", "terminalConditions"}),
        settled=frozenset({"uri", "urls"}),
        labelled=True,
        room=_Services(),
        checks=every(limits.check, keys.beside("template.encryptionKey", "location")),
        references=_references,
    ),
    member(
        "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
        "name",
        _PLACE,
        # a second-generation function has a service of its name that is no resource: the room itself knows whether there is one
        lambda state: (),
        fields=located(),
        named=True,
    ),
)
