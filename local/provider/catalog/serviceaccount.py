"""Service accounts and who may use them."""

from collections.abc import Iterable

from local.provider import refusals
from local.provider.catalog.members import accounts, member
from local.provider.names import Autoname, number, short
from local.provider.records import State
from local.provider.schema import FILLED, FIXED, REQUIRED, deletion_policy, flag, text
from local.provider.types import Reference, Type

ACCOUNT = "gcp:serviceaccount/account:Account"
_PATH = "projects/{project}/serviceAccounts/{email}"


def _target(state: State) -> Iterable[Reference]:
    email = short(state["serviceAccountId"])
    return accounts({"project": email.partition("@")[2].removesuffix(".iam.gserviceaccount.com")}, email)


_OF_ACCOUNT = {"serviceAccountId": text(REQUIRED | FIXED, refuses=refusals.account_path)}

TYPES = (
    Type(
        ACCOUNT,
        id="{name}",
        properties={
            "accountId": text(FIXED, refuses=refusals.account_id),
            "createIgnoreAlreadyExists": flag(),
            "deletionPolicy": deletion_policy(),
            "description": text(length=(0, 256)),
            "disabled": flag(default=False),
            "displayName": text(length=(0, 100)),
            "project": text(FIXED | FILLED),
        },
        autoname=Autoname("accountId", longest=30),
        outputs={
            "email": "{accountId}@{project}.iam.gserviceaccount.com",
            "member": "serviceAccount:{email}",
            "name": _PATH,
        },
        made={"uniqueId": number},
    ),
    member(
        "gcp:serviceaccount/iAMMember:IAMMember",
        "serviceAccountId",
        "{serviceAccountId}",
        _target,
        fields=_OF_ACCOUNT,
    ),
)
