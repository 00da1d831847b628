"""Secret Manager. Values lie in the provider's own records, which only their owner can read; never in Pulumi's state."""

import base64
from collections.abc import Iterable

from local.interfaces import Cloud
from local.provider import refusals
from local.provider.catalog.members import member, one
from local.provider.errors import NotFound
from local.provider.limits import secrets as limits
from local.provider.names import Autoname, now, short
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import (
    FILLED,
    FIXED,
    FREE,
    REQUIRED,
    SECRET,
    block,
    blocks,
    deletion_policy,
    exactly_one,
    flag,
    mapping,
    needs,
    text,
)
from local.provider.types import Act, Reference, Room, Type

SECRET_TYPE = "gcp:secretmanager/secret:Secret"  # noqa: S105 (the name of a type)
_VERSION = "gcp:secretmanager/secretVersion:SecretVersion"
_VALUES = "values of secrets"
_PLACE = "projects/{project}/secrets/{secretId:short}"


class _Versions(Room):
    async def put(self, act: Act) -> State:
        """A version is written once; an update only switches it on or off."""
        if "version" in act.state:
            return {"secretDataWo": None, "id": act.id}
        secret = short(str(act.state["secret"]))
        version = str(1 + max((_number(path) for path in act.records.all(_VALUES) if _secret(path) == secret), default=0))
        path = f"projects/{act.settings.number}/secrets/{secret}/versions/{version}"
        act.records.put(_VALUES, path, {"value": _text(act)})
        return {"id": path, "name": path, "version": version, "secretDataWo": None}

    async def delete(self, act: Act) -> None:
        act.records.remove(_VALUES, act.id)

    async def look(self, cloud: Cloud, identity: str, recorded: State | None) -> State | None:
        return recorded


def _text(act: Act) -> str:
    given = str(act.inputs.get("secretData") or act.inputs.get("secretDataWo") or "")
    return base64.b64decode(given).decode() if act.inputs.get("isSecretDataBase64") else given


def _number(path: str) -> int:
    return int(short(path))


def _secret(path: str) -> str:
    return path.split("/")[3]


def value_of(act: Act, secret: str, version: str) -> str:
    """What a workload's variable is to hold."""
    versions = {_number(path): path for path in act.records.all(_VALUES) if _secret(path) == short(secret) and _on(act, path)}
    wanted = max(versions, default=0) if version == "latest" else int(version)
    found = act.records.get(_VALUES, versions.get(wanted, ""))
    if found is None:
        raise NotFound(f"googleapi: Error 404: secret {short(secret)} has no enabled version {version}, notFound")
    return str(found["value"])


def _on(act: Act, path: str) -> bool:
    record = act.records.get(_VERSION, path)
    return record is not None and record.get("enabled") is not False


def _of_version(state: State) -> Iterable[Reference]:
    yield Reference(SECRET_TYPE, f"projects/{state['project']}/secrets/{short(state['secret'])}", f"secret {state['secret']}")


TYPES = (
    Type(
        SECRET_TYPE,
        id="projects/{project}/secrets/{secretId}",
        properties={
            "annotations": mapping(),
            "deletionPolicy": deletion_policy(),
            "deletionProtection": flag(default=False),
            "expireTime": text(FILLED, refuses=refusals.moment),
            "labels": mapping(refuses=refusals.labels),
            "project": text(FIXED | FILLED),
            "replication": block(
                {
                    "auto": block({"customerManagedEncryption": block({"kmsKeyName": text(REQUIRED, refuses=refusals.key_path)})}, FIXED),
                    "userManaged": block(
                        {
                            "replicas": blocks(
                                {
                                    "customerManagedEncryption": block({"kmsKeyName": text(REQUIRED, refuses=refusals.key_path)}),
                                    "location": text(REQUIRED | FIXED, refuses=location(Service.SECRETS)),
                                },
                                REQUIRED | FIXED,
                                items=(1, None),
                            )
                        },
                        FIXED,
                    ),
                },
                REQUIRED | FIXED,
                exactly_one("auto", "userManaged"),
            ),
            "rotation": block({"nextRotationTime": text(), "rotationPeriod": text()}, FREE, needs("nextRotationTime", "rotationPeriod")),
            "secretId": text(FIXED, refuses=refusals.secret_id),
            "tags": mapping(FIXED),
            "topics": blocks({"name": text(REQUIRED, refuses=refusals.topic_path)}, items=(0, 10)),
            "ttl": text(),
            "versionAliases": mapping(),
            "versionDestroyTtl": text(),
        },
        groups=(needs("rotation", "topics"),),
        autoname=Autoname("secretId"),
        outputs={"name": "projects/{number}/secrets/{secretId}"},
        made={"createTime": now},
        labelled=True,
        checks=limits.secret,
    ),
    Type(
        _VERSION,
        # the room numbers it
        id="{secret}/versions",
        properties={
            "deletionPolicy": deletion_policy(),
            "enabled": flag(default=True),
            "isSecretDataBase64": flag(FIXED),
            "project": text(FIXED | FILLED),
            "secret": text(REQUIRED | FIXED),
            "secretData": text(FIXED | SECRET),
            "secretDataWo": text(SECRET),
            "secretDataWoVersion": text(FIXED),
        },
        groups=(
            exactly_one("secretData", "secretDataWo"),
            needs("secretDataWo", "secretDataWoVersion"),
            needs("secretDataWoVersion", "secretDataWo"),
        ),
        made={"createTime": now},
        room=_Versions(),
        checks=limits.version,
        references=_of_version,
    ),
    member(
        "gcp:secretmanager/secretIamMember:SecretIamMember",
        "secretId",
        _PLACE,
        one(SECRET_TYPE, _PLACE, "secret"),
        named=True,
    ),
)
