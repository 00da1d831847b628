"""Cloud KMS: key rings and keys are records; nothing is encrypted with them here."""

from local.provider import refusals
from local.provider.catalog.members import member, one
from local.provider.errors import AlreadyExists
from local.provider.limits import keys as limits
from local.provider.names import Autoname
from local.provider.records import State
from local.provider.regions import Service, location
from local.provider.schema import FILLED, FIXED, REQUIRED, block, deletion_policy, flag, mapping, text, texts
from local.provider.types import Act, Room, Type

_KNOWN_ONCE = "key rings and keys that were"
_RING = "gcp:kms/keyRing:KeyRing"
_PURPOSES = ("ENCRYPT_DECRYPT", "ASYMMETRIC_SIGN", "ASYMMETRIC_DECRYPT", "MAC", "RAW_ENCRYPT_DECRYPT", "KEY_ENCAPSULATION")
_LEVELS = ("SOFTWARE", "HSM", "EXTERNAL", "EXTERNAL_VPC", "HSM_SINGLE_TENANT")
_KEY = "gcp:kms/cryptoKey:CryptoKey"


class _ForEver(Room):
    """Google deletes neither rings nor keys: a name that was given once is never free again."""

    async def put(self, act: Act) -> State:
        if act.records.get(_KNOWN_ONCE, act.id) is not None:
            raise AlreadyExists(f"googleapi: Error 409: {act.id} already exists, for ever: take another name, alreadyExists")
        return {}

    async def delete(self, act: Act) -> None:
        act.records.put(_KNOWN_ONCE, act.id, {})


TYPES = (
    Type(
        _RING,
        id="projects/{project}/locations/{location}/keyRings/{name}",
        properties={
            "location": text(REQUIRED | FIXED, refuses=location(Service.KEYS)),
            "name": text(FIXED, refuses=refusals.key_name),
            "project": text(FIXED | FILLED),
        },
        autoname=Autoname(),
        room=_ForEver(),
    ),
    Type(
        _KEY,
        id="{keyRing}/cryptoKeys/{name}",
        properties={
            "cryptoKeyBackend": text(FIXED | FILLED),
            "deletionPolicy": deletion_policy(),
            "destroyScheduledDuration": text(FIXED | FILLED, refuses=refusals.duration(86_400, 10_368_000)),
            "importOnly": flag(FIXED | FILLED),
            "keyAccessJustificationsPolicy": block({"allowedAccessReasons": texts()}, FILLED),
            "keyRing": text(REQUIRED | FIXED, refuses=refusals.ring_path),
            "labels": mapping(refuses=refusals.labels),
            "name": text(FIXED, refuses=refusals.key_name),
            "purpose": text(FIXED, *_PURPOSES, default="ENCRYPT_DECRYPT"),
            "rotationPeriod": text(refuses=refusals.duration(86_400, 3_153_600_000)),
            "skipInitialVersionCreation": flag(),
            "versionTemplate": block({"algorithm": text(REQUIRED), "protectionLevel": text(FIXED, *_LEVELS, default="SOFTWARE")}, FILLED),
        },
        autoname=Autoname(),
        labelled=True,
        room=_ForEver(),
        checks=limits.check,
        references=one(_RING, "{keyRing}", "key ring"),
    ),
    member("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cryptoKeyId", "{cryptoKeyId}", one(_KEY, "{cryptoKeyId}", "key"), fields={}),
)
