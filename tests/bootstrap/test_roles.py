"""The lists of bootstrap/roles.py repeat what other parts know, since bootstrap imports none of them. Here they are held together."""

from bootstrap import roles
from infra.access import CUSTOM_ROLES, GRANTS, Resource
from scripts.doctor import needs

_READS = (".get", ".getIamPolicy", ".getMetadata")
# a grant on the database is one on the project, under a condition
_ON_PROJECT = (Resource.PROJECT, Resource.DATABASE)


def test_the_deployer_may_grant_on_the_project_what_the_program_grants_there_and_no_more() -> None:
    granted = {grant.role for grant in GRANTS if grant.resource in _ON_PROJECT}

    assert set(roles.GRANTABLE) == granted - CUSTOM_ROLES.keys()
    assert set(roles.GRANTABLE_CUSTOM) == granted & CUSTOM_ROLES.keys()


def test_no_grantable_role_can_grant_or_act_as_another() -> None:
    assert not {"roles/owner", "roles/editor", roles.GRANTER, "roles/iam.serviceAccountUser"} & set(roles.GRANTABLE)


def test_the_deployer_holds_the_roles_that_the_doctor_looks_for() -> None:
    wanted = {need.role for need in [*needs.NEEDS.values(), needs.ACT_AS, needs.PUSH, needs.BUILD]}
    switched = {role for more in roles.BY_SWITCH.values() for role in more}

    held = {*roles.DEPLOYER, *switched, roles.STORAGE, roles.GRANTER}

    # what a teardown needs beyond an up
    assert held - {"roles/aiplatform.user"} == wanted


def test_the_previewer_reads_all_that_the_deployer_changes_but_not_what_designers_put_in() -> None:
    read = {name for need in needs.NEEDS.values() for name in need.permissions if name.endswith(_READS)}

    assert set(roles.PREVIEWER) == read - {"storage.objects.get"}
    assert list(roles.PREVIEWER) == sorted(roles.PREVIEWER)
