"""Cloud KMS: key rings and keys are records; nothing is encrypted with them here."""

from local.provider import refusals
from local.provider.catalog.members import member, one
from local.provider.names import Autoname
from local.provider.schema import FILLED, FIXED, REQUIRED, block, deletion_policy, flag, mapping, text, texts
from local.provider.types import Type

_RING = "gcp:kms/keyRing:KeyRing"
_KEY = "gcp:kms/cryptoKey:CryptoKey"

TYPES = (
    Type(
        _RING,
        id="projects/{project}/locations/{location}/keyRings/{name}",
        properties={"location": text(REQUIRED | FIXED), "name": text(FIXED), "project": text(FIXED | FILLED)},
        autoname=Autoname(),
    ),
    Type(
        _KEY,
        id="{keyRing}/cryptoKeys/{name}",
        properties={
            "cryptoKeyBackend": text(FIXED | FILLED),
            "deletionPolicy": deletion_policy(),
            "destroyScheduledDuration": text(FIXED | FILLED),
            "importOnly": flag(FIXED | FILLED),
            "keyAccessJustificationsPolicy": block({"allowedAccessReasons": texts()}, FILLED),
            "keyRing": text(REQUIRED | FIXED),
            "labels": mapping(refuses=refusals.labels),
            "name": text(FIXED),
            "purpose": text(FIXED, default="ENCRYPT_DECRYPT"),
            "rotationPeriod": text(),
            "skipInitialVersionCreation": flag(),
            "versionTemplate": block({"algorithm": text(REQUIRED), "protectionLevel": text(FIXED, default="SOFTWARE")}, FILLED),
        },
        autoname=Autoname(),
        labelled=True,
        references=one(_RING, "{keyRing}", "key ring"),
    ),
    member("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cryptoKeyId", "{cryptoKeyId}", one(_KEY, "{cryptoKeyId}", "key"), fields={}),
)
