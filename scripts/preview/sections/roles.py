"""What a role lets its holder do, in verbs."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """`can` are verbs; `on` says to what, with {} for the place, and `besides` what else. `rank` orders roles of one service; from ADMIN on
    a reviewer must look."""

    can: tuple[str, ...]
    on: str
    rank: int = 1
    besides: str = ""


ADMIN = 9
_OBJECTS, _DOCUMENTS = "objects in {}", "documents, on {}"
ROLES: Mapping[str, Role] = {
    "roles/owner": Role(("do everything, and let others do it",), "on {}", 11),
    "roles/editor": Role(("change and delete almost everything",), "on {}", 10),
    "roles/viewer": Role(("read everything",), "on {}", 2),
    "roles/storage.objectViewer": Role(("read",), _OBJECTS),
    "roles/storage.objectCreator": Role(("write new",), _OBJECTS),
    "roles/storage.objectUser": Role(("read", "write", "delete"), _OBJECTS, 2),
    "roles/storage.objectAdmin": Role(("read", "write", "delete", "share"), _OBJECTS, ADMIN),
    "roles/storage.admin": Role(("read", "write", "delete", "share"), _OBJECTS, ADMIN + 1, "change or delete the bucket itself"),
    "roles/storage.legacyBucketReader": Role(("list",), _OBJECTS),
    "roles/datastore.viewer": Role(("read",), _DOCUMENTS),
    "roles/datastore.user": Role(("read", "write", "delete"), _DOCUMENTS, 2),
    "roles/datastore.owner": Role(("read", "write", "delete"), _DOCUMENTS, ADMIN, "drop the database itself"),
    "roles/pubsub.publisher": Role(("publish",), "to {}"),
    "roles/pubsub.subscriber": Role(("take messages",), "from {}"),
    "roles/pubsub.viewer": Role(("look at topics and subscriptions",), "of {}"),
    "roles/pubsub.editor": Role(("publish to, read and change",), "{}", 3),
    "roles/pubsub.admin": Role(("publish to, read, change and share",), "{}", ADMIN),
    "roles/run.invoker": Role(("call",), "{}"),
    "roles/run.developer": Role(("deploy and delete",), "services on {}", 3),
    "roles/run.admin": Role(("deploy, delete and open",), "services on {}", ADMIN),
    "roles/cloudfunctions.invoker": Role(("call",), "{}"),
    "roles/iap.httpsResourceAccessor": Role(("sign in",), "to {}"),
    "roles/iam.serviceAccountUser": Role(("run things as",), "{}"),
    "roles/iam.serviceAccountTokenCreator": Role(("act as, with tokens of,",), "{}", ADMIN),
    "roles/iam.serviceAccountKeyAdmin": Role(("make keys",), "of {}", ADMIN),
    "roles/iam.serviceAccountAdmin": Role(("make, change and delete accounts",), "on {}", ADMIN),
    "roles/iam.securityAdmin": Role(("give anybody any role",), "on {}", ADMIN),
    "roles/resourcemanager.projectIamAdmin": Role(("give anybody any role",), "on {}", ADMIN),
    "roles/aiplatform.viewer": Role(("look at runs, models and endpoints",), "on {}"),
    "roles/aiplatform.user": Role(("start training, register models and deploy them",), "on {}", 2),
    "roles/aiplatform.admin": Role(("do everything with Vertex AI, and share it",), "on {}", ADMIN),
    "roles/artifactregistry.reader": Role(("pull",), "images of {}"),
    "roles/artifactregistry.writer": Role(("pull", "push"), "images of {}", 2),
    "roles/artifactregistry.repoAdmin": Role(("pull", "push", "delete"), "images of {}", 3),
    "roles/artifactregistry.admin": Role(("pull", "push", "delete", "share"), "images of {}", ADMIN),
    "roles/logging.logWriter": Role(("write logs",), "on {}"),
    "roles/logging.viewer": Role(("read logs",), "on {}"),
    "roles/logging.admin": Role(("read and delete logs",), "on {}", ADMIN),
    "roles/monitoring.metricWriter": Role(("write metrics",), "on {}"),
    "roles/cloudkms.cryptoKeyEncrypter": Role(("encrypt",), "under {}"),
    "roles/cloudkms.cryptoKeyDecrypter": Role(("decrypt",), "under {}"),
    "roles/cloudkms.cryptoKeyEncrypterDecrypter": Role(("encrypt", "decrypt"), "under {}", 2),
    "roles/cloudkms.admin": Role(("make, disable and destroy the versions of",), "{}", ADMIN),
    "roles/secretmanager.secretAccessor": Role(("read the value",), "of {}"),
    "roles/secretmanager.admin": Role(("read, change and delete",), "{}", ADMIN),
    "roles/bigquery.dataViewer": Role(("read",), "tables of {}"),
    "roles/bigquery.dataEditor": Role(("read", "write", "delete"), "tables of {}", 2),
    "roles/cloudsql.client": Role(("connect",), "to databases on {}"),
}
# of services that are not in the table: what their roles are called, from the narrowest
_RANKS = ("viewer", "reader", "user", "invoker", "creator", "writer", "developer", "editor", "admin", "owner")


def rank(role: str) -> int:
    """0 where nothing is known of it. Two ranks compare within one service only."""
    if role in ROLES:
        return ROLES[role].rank
    last = role.rpartition(".")[2].lower()
    known = next((index for index, word in enumerate(_RANKS) if last.endswith(word)), -1)
    return ADMIN if known >= _RANKS.index("admin") else known + 1


def service(role: str) -> str:
    return role.rpartition("/")[2].partition(".")[0]
