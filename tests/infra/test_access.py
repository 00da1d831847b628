from infra.access import BINDINGS, CUSTOM_ROLES, GRANTS, Resource
from tests.infra.conftest import Graph

MEMBERS = ("IAMMember", "IamMember")


def _bindings(graph: Graph) -> dict[str, dict[str, str]]:
    return {urn: resource["inputs"] for urn, resource in graph.items() if resource["type"].endswith(MEMBERS)}


def test_the_bindings_are_the_table_exactly(graph: Graph, stack: str) -> None:
    bound = {urn.rpartition("::")[2].rstrip("-0123456789") for urn in _bindings(graph)}

    granted = {f"{grant.principal}-{grant.role.rpartition('/')[2].replace('.', '-')}-{grant.resource}" for grant in GRANTS}

    assert bound == granted


def test_no_grant_stands_twice() -> None:
    assert len({(grant.principal, grant.role, grant.resource) for grant in GRANTS}) == len(GRANTS)


def test_every_resource_of_the_table_says_how_it_is_bound() -> None:
    assert set(BINDINGS) == set(Resource)


def test_nothing_is_bound_in_a_way_that_removes_what_others_granted(graph: Graph) -> None:
    assert not [urn for urn, resource in graph.items() if resource["type"].endswith(("IAMPolicy", "IamPolicy", "IAMBinding", "IamBinding"))]


def test_nobody_unknown_is_let_in_and_no_primitive_role_is_given(graph: Graph) -> None:
    members = {binding["member"] for binding in _bindings(graph).values()}
    roles = {binding["role"] for binding in _bindings(graph).values()}

    assert not members & {"allUsers", "allAuthenticatedUsers"}
    assert not roles & {"roles/owner", "roles/editor", "roles/viewer"}


def test_custom_roles_hold_what_the_table_says(graph: Graph) -> None:
    made = {tuple(resource["inputs"]["permissions"]) for resource in graph.values() if resource["type"].endswith("IAMCustomRole")}

    assert made == set(CUSTOM_ROLES.values())


def test_every_workload_has_an_account_of_its_own(graph: Graph) -> None:
    services = [resource for resource in graph.values() if resource["type"] == "gcp:cloudrunv2/service:Service"]
    functions = [resource for resource in graph.values() if resource["type"] == "gcp:cloudfunctionsv2/function:Function"]

    accounts = [service["inputs"]["template"]["serviceAccount"] for service in services]
    accounts += [function["inputs"]["serviceConfig"]["serviceAccountEmail"] for function in functions]

    assert len(set(accounts)) == len(services) + len(functions)
    assert not [account for account in accounts if "compute@developer" in account]
