"""Functions of the second generation: each is an archive in a bucket, and a Cloud Run service of the same name."""

from collections.abc import Iterable, Mapping
from typing import Any

from local.interfaces import BuildSpec, Cloud, FunctionSpec, SubscriptionSpec
from local.provider import refusals
from local.provider.catalog.members import accounts, located, member, one
from local.provider.catalog.running import drifted_function
from local.provider.catalog.secretmanager import value_of
from local.provider.errors import NotFound, Refused
from local.provider.limits import functions as limits
from local.provider.limits import keys
from local.provider.names import Autoname, now, short
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    apart,
    block,
    block_set,
    blocks,
    deletion_policy,
    flag,
    integer,
    mapping,
    text,
    texts,
)
from local.provider.types import Act, Reference, Room, Type
from local.provider.within import every

FUNCTION = "gcp:cloudfunctionsv2/function:Function"
_PLACE = "projects/{project}/locations/{location}/functions/{cloudFunction:short}"


class _Functions(Room):
    sees = "of serviceConfig environmentVariables, timeoutSeconds, serviceAccountEmail; gone; the rest is its record"

    async def put(self, act: Act) -> State:
        uri = await act.cloud.functions.put(specification(act))
        trigger = act.state.get("eventTrigger")
        if trigger:
            await act.cloud.pubsub.put_subscription(_subscription(act, trigger, uri))
        service = f"projects/{act.state['project']}/locations/{act.state['location']}/services/{act.state['name']}"
        config = {**(act.state.get("serviceConfig") or {}), "uri": uri, "gcfUri": uri, "service": service}
        return {"url": uri, "serviceConfig": config, "state": "ACTIVE"}

    async def delete(self, act: Act) -> None:
        if act.state.get("eventTrigger"):
            await act.cloud.pubsub.delete_subscription(_trigger_name(act))
        await act.cloud.functions.delete(str(act.state["name"]))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        there = cloud.services.spec(short(identity))
        if there is None:
            return None
        return recorded | drifted_function(recorded, there) if recorded else {"name": short(identity)}


def specification(act: Act) -> FunctionSpec:
    build, config = act.state.get("buildConfig") or {}, act.state.get("serviceConfig") or {}
    return FunctionSpec(
        name=str(act.state["name"]),
        archive=_archive(act, (build.get("source") or {}).get("storageSource")),
        entry_point=build.get("entryPoint") or "main",
        account=config.get("serviceAccountEmail") or f"{act.settings.number}-compute@developer.gserviceaccount.com",
        env=_environment(act, config),
        timeout_s=float(config.get("timeoutSeconds") or 60),
        signature="cloudevent" if act.state.get("eventTrigger") else _signature(build),
        build=_build(act, build),
    )


def _build(act: Act, build: Mapping[str, Any]) -> BuildSpec:
    source = (build.get("source") or {}).get("storageSource") or {}
    account = build.get("serviceAccount") or f"{act.settings.number}-compute@developer.gserviceaccount.com"
    return BuildSpec(short(account), source["bucket"], source["object"], build.get("dockerRepository") or "")


def _signature(build: Mapping[str, Any]) -> str:
    """Google's builder takes it from this variable; without an event trigger a function is called by HTTP."""
    return str((build.get("environmentVariables") or {}).get("GOOGLE_FUNCTION_SIGNATURE_TYPE", "http"))


def _archive(act: Act, source: Mapping[str, Any] | None) -> bytes:
    if not source or not source.get("bucket") or not source.get("object"):
        raise Refused("the local cloud takes a function's source from 'buildConfig.source.storageSource' alone: give bucket and object")
    if act.cloud.storage.object(source["bucket"], source["object"]) is None:
        raise NotFound(f"googleapi: Error 404: function source gs://{source['bucket']}/{source['object']} does not exist, notFound")
    return act.cloud.storage.read(source["bucket"], source["object"])


def _environment(act: Act, config: Mapping[str, Any]) -> dict[str, str]:
    plain = {name: str(value) for name, value in (config.get("environmentVariables") or {}).items()}
    secret = {env["key"]: value_of(act, env["secret"], env["version"]) for env in config.get("secretEnvironmentVariables") or []}
    return plain | secret


def _subscription(act: Act, trigger: Mapping[str, Any], uri: str) -> SubscriptionSpec:
    """What Eventarc makes of a trigger by a topic; it delivers nothing else here."""
    if not trigger.get("pubsubTopic"):
        raise Refused(f"the local cloud triggers functions by Pub/Sub topics alone, not by {trigger.get('eventType')}: give 'pubsubTopic'")
    return SubscriptionSpec(
        name=_trigger_name(act),
        topic=short(trigger["pubsubTopic"]),
        ack_deadline_s=600,
        push_endpoint=uri,
        push_account=trigger.get("serviceAccountEmail") or f"{act.settings.number}-compute@developer.gserviceaccount.com",
        push_audience=uri,
    )


def _trigger_name(act: Act) -> str:
    return f"eventarc-{act.state['name']}"


def _references(state: State) -> Iterable[Reference]:
    yield from accounts(state, (state.get("serviceConfig") or {}).get("serviceAccountEmail"))


TYPES = (
    Type(
        FUNCTION,
        id="projects/{project}/locations/{location}/functions/{name}",
        properties={
            "buildConfig": block(
                {
                    "automaticUpdatePolicy": block({}, FILLED),
                    "dockerRepository": text(FILLED, refuses=refusals.repository_path),
                    "entryPoint": text(),
                    "environmentVariables": mapping(FILLED),
                    "onDeployUpdatePolicy": block({}),
                    "runtime": text(refuses=refusals.runtime),
                    "serviceAccount": text(FILLED, refuses=refusals.account_path),
                    "source": block(
                        {
                            "repoSource": block(
                                {
                                    "branchName": text(),
                                    "commitSha": text(),
                                    "dir": text(),
                                    "invertRegex": flag(),
                                    "projectId": text(FIXED),
                                    "repoName": text(),
                                    "tagName": text(),
                                }
                            ),
                            "storageSource": block({"bucket": text(), "generation": integer(FILLED), "object": text()}),
                        }
                    ),
                    "workerPool": text(),
                }
            ),
            "deletionPolicy": deletion_policy(),
            "description": text(),
            "eventTrigger": block(
                {
                    "eventFilters": block_set({"attribute": text(REQUIRED), "operator": text(), "value": text(REQUIRED)}),
                    "eventType": text(REQUIRED),
                    "pubsubTopic": text(FILLED, refuses=refusals.topic_path),
                    "retryPolicy": text(FREE, "RETRY_POLICY_UNSPECIFIED", "RETRY_POLICY_DO_NOT_RETRY", "RETRY_POLICY_RETRY"),
                    "serviceAccountEmail": text(FILLED, refuses=refusals.email),
                    "triggerRegion": text(FILLED),
                }
            ),
            "kmsKeyName": text(refuses=refusals.key_path),
            "labels": mapping(refuses=refusals.labels),
            "location": text(REQUIRED | FIXED, refuses=location(Service.FUNCTIONS)),
            "name": text(FIXED, refuses=refusals.function_name),
            "project": text(FIXED | FILLED),
            "serviceConfig": block(
                {
                    "allTrafficOnLatestRevision": flag(default=True),
                    "availableCpu": text(FILLED),
                    "availableMemory": text(FILLED, refuses=refusals.memory),
                    "binaryAuthorizationPolicy": text(),
                    "directVpcEgress": text(FILLED, "VPC_EGRESS_ALL_TRAFFIC", "VPC_EGRESS_PRIVATE_RANGES_ONLY"),
                    "directVpcNetworkInterfaces": blocks({"network": text(), "subnetwork": text(), "tags": texts()}),
                    "environmentVariables": mapping(FILLED),
                    "ingressSettings": text(FREE, "ALLOW_ALL", "ALLOW_INTERNAL_ONLY", "ALLOW_INTERNAL_AND_GCLB", default="ALLOW_ALL"),
                    "maxInstanceCount": integer(FILLED, between=(1, 1000)),
                    "maxInstanceRequestConcurrency": integer(FILLED, between=(1, 1000)),
                    "minInstanceCount": integer(between=(0, 1000)),
                    "secretEnvironmentVariables": blocks(
                        {
                            "key": text(REQUIRED),
                            "projectId": text(REQUIRED),
                            "secret": text(REQUIRED),
                            "version": text(REQUIRED, refuses=refusals.version),
                        }
                    ),
                    "secretVolumes": blocks(
                        {
                            "mountPath": text(REQUIRED),
                            "projectId": text(REQUIRED),
                            "secret": text(REQUIRED),
                            "versions": blocks({"path": text(REQUIRED), "version": text(REQUIRED)}, FILLED),
                        }
                    ),
                    "serviceAccountEmail": text(FILLED, refuses=refusals.email),
                    "timeoutSeconds": integer(FILLED, between=(1, 3600)),
                    "vpcConnector": text(),
                    "vpcConnectorEgressSettings": text(
                        FREE, "VPC_CONNECTOR_EGRESS_SETTINGS_UNSPECIFIED", "PRIVATE_RANGES_ONLY", "ALL_TRAFFIC"
                    ),
                },
                FREE,
                apart("directVpcNetworkInterfaces", "vpcConnector"),
            ),
        },
        autoname=Autoname(),
        outputs={"environment": lambda _: "GEN_2"},
        touched={"updateTime": now},
        volatile=frozenset({"state"}),
        settled=frozenset({"url"}),
        labelled=True,
        room=_Functions(),
        checks=every(limits.check, keys.beside("kmsKeyName", "location")),
        references=_references,
    ),
    member(
        "gcp:cloudfunctionsv2/functionIamMember:FunctionIamMember",
        "cloudFunction",
        _PLACE,
        one(FUNCTION, _PLACE, "function"),
        fields=located(),
        named=True,
    ),
)
