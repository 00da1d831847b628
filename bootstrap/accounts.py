"""The two accounts of the repository's workflows, and every grant that they have."""

import pulumi
import pulumi_gcp as gcp

from bootstrap import roles
from bootstrap.config import Config
from bootstrap.state import State, bucket_name

Apis = list[gcp.projects.Service]


def make_deployer(config: Config, state: State, who: pulumi.Input[str], apis: Apis) -> gcp.serviceaccount.Account:
    account = _account("deployer", "Brings the stack up from its branch", config, who, apis)
    for role in roles.deployer(config):
        _on_project(f"deployer-{_short(role)}", config, role, account)
    _on_project("deployer-storage", config, roles.STORAGE, account, not_the_state(config))
    _on_project("deployer-grants", config, roles.GRANTER, account, only_grants(config))
    _on_state("deployer", state, account, "roles/storage.objectUser", "roles/cloudkms.cryptoKeyEncrypterDecrypter")
    return account


def make_previewer(
    config: Config, state: State, who: pulumi.Input[str], scheduled: pulumi.Input[str], apis: Apis
) -> gcp.serviceaccount.Account:
    account = _account("previewer", "Says in a pull request what an up would do", config, who, apis)
    # drift is looked for once a day
    gcp.serviceaccount.IAMMember(
        "previewer-from-schedule", service_account_id=account.name, role="roles/iam.workloadIdentityUser", member=scheduled
    )
    role = gcp.projects.IAMCustomRole(
        "previewer",
        role_id=f"sd_{config.stack.replace('-', '_')}_previewer",
        title=f"sd-for-designers {config.stack}: previewer",
        permissions=list(roles.PREVIEWER),
        opts=pulumi.ResourceOptions(depends_on=apis),
    )
    _on_project("previewer-reads", config, role.name, account)
    _on_project("previewer-sources", config, "roles/storage.objectViewer", account, only_sources(config))
    _on_state("previewer", state, account, "roles/storage.objectViewer", "roles/cloudkms.cryptoKeyDecrypter")
    return account


def only_grants(config: Config) -> gcp.projects.IAMMemberConditionArgsDict:
    """Google counts what one change of the policy grants and takes away, and the provider joins changes: one list, not several."""
    names = ", ".join(f"'{role}'" for role in roles.grantable(config))
    return {
        "title": "only-roles-of-the-program",
        "expression": f"api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([{names}])",
    }


def not_the_state(config: Config) -> gcp.projects.IAMMemberConditionArgsDict:
    """Its own objects it may replace; versions, access and the bucket itself it must not touch."""
    return {
        "title": "only-other-buckets",
        "expression": f"!resource.name.startsWith('projects/_/buckets/{bucket_name(config)}')",
    }


def only_sources(config: Config) -> gcp.projects.IAMMemberConditionArgsDict:
    """What the program itself puts into buckets: reading what designers put there is not its business."""
    stem = f"projects/_/buckets/{config.project}-sd-{config.stack}"
    objects = (f"{stem}-pipeline/objects/", f"{stem}-sources/objects/", f"{stem}-models/objects/base/")
    return {"title": "only-sources", "expression": " || ".join(f"resource.name.startsWith('{prefix}')" for prefix in objects)}


def _account(
    name: str, description: str, config: Config, who: pulumi.Input[str], apis: list[gcp.projects.Service]
) -> gcp.serviceaccount.Account:
    account = gcp.serviceaccount.Account(
        name,
        account_id=f"sd-{config.stack}-{name}",
        display_name=f"sd-for-designers {config.stack}: {name}",
        description=description,
        opts=pulumi.ResourceOptions(depends_on=apis),
    )
    gcp.serviceaccount.IAMMember(f"{name}-from-github", service_account_id=account.name, role="roles/iam.workloadIdentityUser", member=who)
    return account


def _on_project(
    name: str,
    config: Config,
    role: pulumi.Input[str],
    account: gcp.serviceaccount.Account,
    condition: gcp.projects.IAMMemberConditionArgsDict | None = None,
) -> None:
    gcp.projects.IAMMember(name, project=config.project, role=role, member=account.member, condition=condition)


def _on_state(name: str, state: State, account: gcp.serviceaccount.Account, objects: str, key: str) -> None:
    gcp.storage.BucketIAMMember(f"{name}-state", bucket=state.bucket.name, role=objects, member=account.member)
    gcp.kms.CryptoKeyIAMMember(f"{name}-secrets", crypto_key_id=state.key.id, role=key, member=account.member)


def _short(role: str) -> str:
    return role.rpartition("/")[2].replace(".", "-")
