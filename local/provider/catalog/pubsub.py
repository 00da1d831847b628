"""Pub/Sub: topics and schemas."""

from collections.abc import Iterable

from local.interfaces import Cloud
from local.provider import refusals
from local.provider.catalog.members import member, one
from local.provider.limits import pubsub as limits
from local.provider.names import Autoname, short, token
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    block,
    blocks,
    deletion_policy,
    flag,
    mapping,
    text,
    text_set,
)
from local.provider.types import Act, Reference, Room, Type

TOPIC = "gcp:pubsub/topic:Topic"
_SCHEMA = "gcp:pubsub/schema:Schema"


class _Topics(Room):
    sees = "gone; the rest is its record"

    async def put(self, act: Act) -> State:
        await act.cloud.pubsub.put_topic(str(act.state["name"]))
        return {}

    async def delete(self, act: Act) -> None:
        await act.cloud.pubsub.delete_topic(str(act.state["name"]))

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        there = await cloud.pubsub.has_topic(short(identity))
        return (recorded or {"name": short(identity)}) if there else None


def _schema_of(state: State) -> Iterable[Reference]:
    schema = (state.get("schemaSettings") or {}).get("schema")
    if schema:
        yield Reference(_SCHEMA, schema, f"schema {schema}")


TYPES = (
    Type(
        TOPIC,
        id="projects/{project}/topics/{name}",
        properties={
            "deletionPolicy": deletion_policy(),
            "ingestionDataSourceSettings": block(
                {
                    "awsKinesis": block(
                        {
                            "awsRoleArn": text(REQUIRED),
                            "consumerArn": text(REQUIRED),
                            "gcpServiceAccount": text(REQUIRED),
                            "streamArn": text(REQUIRED),
                        }
                    ),
                    "awsMsk": block(
                        {
                            "awsRoleArn": text(REQUIRED),
                            "clusterArn": text(REQUIRED),
                            "gcpServiceAccount": text(REQUIRED),
                            "topic": text(REQUIRED),
                        }
                    ),
                    "azureEventHubs": block(
                        {
                            "clientId": text(),
                            "eventHub": text(),
                            "gcpServiceAccount": text(),
                            "namespace": text(),
                            "resourceGroup": text(),
                            "subscriptionId": text(),
                            "tenantId": text(),
                        }
                    ),
                    "cloudStorage": block(
                        {
                            "avroFormat": block({}),
                            "bucket": text(REQUIRED),
                            "matchGlob": text(),
                            "minimumObjectCreateTime": text(),
                            "pubsubAvroFormat": block({}),
                            "textFormat": block({"delimiter": text(default="\n")}),
                        }
                    ),
                    "confluentCloud": block(
                        {
                            "bootstrapServer": text(REQUIRED),
                            "clusterId": text(),
                            "gcpServiceAccount": text(REQUIRED),
                            "identityPoolId": text(REQUIRED),
                            "topic": text(REQUIRED),
                        }
                    ),
                    "platformLogsSettings": block(
                        {
                            "severity": text(
                                FREE,
                                "SEVERITY_UNSPECIFIED",
                                "DISABLED",
                                "DEBUG",
                                "INFO",
                                "WARNING",
                                "ERROR",
                                default="SEVERITY_UNSPECIFIED",
                            )
                        }
                    ),
                }
            ),
            "kmsKeyName": text(refuses=refusals.key_path),
            "labels": mapping(refuses=refusals.labels),
            "messageRetentionDuration": text(refuses=refusals.duration(600, 2_678_400)),
            "messageStoragePolicy": block(
                {"allowedPersistenceRegions": text_set(REQUIRED, refuses=location(Service.PUBSUB)), "enforceInTransit": flag()}, FILLED
            ),
            "messageTransforms": blocks(
                {
                    "aiInference": block(
                        {
                            "endpoint": text(REQUIRED),
                            "serviceAccountEmail": text(),
                            "unstructuredInference": block({"parameters": mapping()}),
                        }
                    ),
                    "disabled": flag(default=False),
                    "javascriptUdf": block({"code": text(REQUIRED), "functionName": text(REQUIRED)}),
                }
            ),
            "name": text(FIXED, refuses=refusals.pubsub_name),
            "project": text(FIXED | FILLED),
            "schemaSettings": block(
                {
                    "encoding": text(FREE, "ENCODING_UNSPECIFIED", "JSON", "BINARY", default="ENCODING_UNSPECIFIED"),
                    "firstRevisionId": text(),
                    "lastRevisionId": text(),
                    "schema": text(REQUIRED),
                }
            ),
            "tags": mapping(FIXED),
        },
        autoname=Autoname(),
        labelled=True,
        room=_Topics(),
        references=_schema_of,
    ),
    Type(
        _SCHEMA,
        id="projects/{project}/schemas/{name}",
        properties={
            "definition": text(),
            "deletionPolicy": deletion_policy(),
            "name": text(FIXED, refuses=refusals.pubsub_name),
            "project": text(FIXED | FILLED),
            "type": text(FREE, "TYPE_UNSPECIFIED", "PROTOCOL_BUFFER", "AVRO", default="TYPE_UNSPECIFIED"),
        },
        autoname=Autoname(),
        touched={"revisionId": token},
        checks=limits.definition,
    ),
    member(
        "gcp:pubsub/topicIAMMember:TopicIAMMember",
        "topic",
        "projects/{project}/topics/{topic:short}",
        one(TOPIC, "projects/{project}/topics/{topic:short}", "topic"),
        named=True,
    ),
)
