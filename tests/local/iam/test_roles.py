"""The table of roles against the program that grants them."""

import pytest

from infra.access import CUSTOM_ROLES, GRANTS, Grant
from local.iam import roles


@pytest.mark.parametrize("grant", GRANTS, ids=lambda grant: f"{grant.principal}-{grant.role}-{grant.resource}")
def test_a_role_that_the_program_grants_is_known_and_gives_what_it_is_granted_for(grant: Grant) -> None:
    permissions = roles.permissions_of(grant.role, CUSTOM_ROLES)

    assert permissions is not None, f"{grant.role} is missing in local/iam/roles.py"
    assert grant.permission in permissions


def test_the_narrowest_role_is_named() -> None:
    assert roles.giving("logging.logEntries.create") == "roles/logging.logWriter"
    assert roles.giving("pubsub.subscriptions.consume") == "roles/pubsub.subscriber"
    assert roles.giving("run.routes.invoke") == "roles/run.invoker"
    assert roles.giving("no.such.permission") == ""


def test_a_role_for_what_is_not_served_gives_nothing_and_is_known() -> None:
    assert roles.permissions_of("roles/dns.admin", {}) == frozenset()
    assert roles.permissions_of("roles/dns.admirer", {}) is None
