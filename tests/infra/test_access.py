from typing import Any

import pytest

from infra.access import CUSTOM_ROLES, ERASE, FORGET, GRANTS, PREDICT, RELEASE, START_RUNS, WAKE, Grant, Resource, Workload, grants
from infra.bindings import BINDINGS, title
from scripts import access
from tests.infra.conftest import Graph, inputs_of

MEMBERS = ("IAMMember", "IamMember")
WITHOUT_A_KEY = [resource for resource in Resource if resource is not Resource.KEY]


def _bindings(graph: Graph) -> dict[str, dict[str, Any]]:
    return {urn.rpartition("::")[2]: resource["inputs"] for urn, resource in graph.items() if resource["type"].endswith(MEMBERS)}


def _binding_of(graph: Graph, grant: Grant) -> dict[str, Any]:
    return next(binding for name, binding in _bindings(graph).items() if name.rstrip("-0123456789") == title(grant))


def test_the_bindings_are_the_table_exactly(graph: Graph) -> None:
    bound = {name.rstrip("-0123456789") for name in _bindings(graph)}

    granted = {title(grant) for grant in grants(dict.fromkeys(WITHOUT_A_KEY))}

    assert bound == granted


def test_every_line_of_the_table_has_a_binding_of_its_own() -> None:
    assert len({title(grant) for grant in GRANTS}) == len(GRANTS)


def test_every_resource_of_the_table_says_how_it_is_bound() -> None:
    assert set(BINDINGS) == set(Resource)


def test_every_resource_of_the_table_is_granted_on() -> None:
    assert {grant.resource for grant in GRANTS} == set(Resource)


def test_the_page_is_the_table() -> None:
    assert access.PAGE.read_text() == access.page(), "`python -m scripts.access --write` prints it anew"


@pytest.mark.parametrize("grant", [grant for grant in GRANTS if grant.within], ids=title)
def test_a_grant_within_a_prefix_reaches_no_other_object(grant: Grant, graph: Graph) -> None:
    binding = _binding_of(graph, grant)

    of_objects, *prefixes = binding["condition"]["expression"].split(" || ")

    assert of_objects == 'resource.type != "storage.googleapis.com/Object"'
    assert prefixes == [f'resource.name.startsWith("projects/_/buckets/{binding["bucket"]}/objects/{prefix}")' for prefix in grant.within]


@pytest.mark.parametrize("grant", [grant for grant in GRANTS if grant.resource is Resource.DATABASE], ids=title)
def test_a_grant_on_documents_reaches_no_other_stack_s_database(grant: Grant, graph: Graph, stack: str) -> None:
    binding = _binding_of(graph, grant)

    assert binding["condition"]["expression"].endswith(f'/databases/sd-{stack}"')


def test_a_project_wide_role_is_one_that_cannot_be_granted_on_less() -> None:
    roles = {grant.role for grant in GRANTS if grant.resource is Resource.PROJECT}

    assert roles == {PREDICT, START_RUNS, RELEASE, WAKE, FORGET, "roles/aiplatform.user", "roles/logging.logWriter"}


def test_a_role_of_our_own_is_granted_and_each_on_one_kind_of_place() -> None:
    places = {role: {BINDINGS[grant.resource] for grant in GRANTS if grant.role == role} for role in CUSTOM_ROLES}

    assert {role: len(found) for role, found in places.items()} == dict.fromkeys(CUSTOM_ROLES, 1)


def test_the_service_that_signs_links_signs_as_itself_and_as_nobody_else() -> None:
    (signing,) = [grant for grant in GRANTS if "signBlob" in str(CUSTOM_ROLES.get(grant.role, ())) or "TokenCreator" in grant.role]

    assert (signing.principal, signing.resource) == (Workload.UPLOAD, Resource.UPLOAD_ACCOUNT)


def test_who_erases_reads_nothing_of_what_it_erases() -> None:
    on_buckets = [grant for grant in GRANTS if grant.principal == Workload.SWEEP and grant.permission.startswith("storage.")]

    assert {grant.role for grant in on_buckets} == {ERASE}
    assert not [permission for permission in CUSTOM_ROLES[ERASE] if permission.endswith((".get", ".create", ".update"))]


def test_nothing_is_bound_in_a_way_that_removes_what_others_granted(graph: Graph) -> None:
    assert not [urn for urn, resource in graph.items() if resource["type"].endswith(("IAMPolicy", "IamPolicy", "IAMBinding", "IamBinding"))]


def test_nobody_unknown_is_let_in_and_no_primitive_role_is_given(graph: Graph) -> None:
    members = {binding["member"] for binding in _bindings(graph).values()}
    roles = {binding["role"] for binding in _bindings(graph).values()}

    assert not members & {"allUsers", "allAuthenticatedUsers"}
    assert not roles & {"roles/owner", "roles/editor", "roles/viewer"}
    assert not [role for role in roles if role.lower().endswith("admin")]


def test_nobody_passes_a_service_without_being_asked_who_they_are(graph: Graph) -> None:
    services = inputs_of(graph, "gcp:cloudrunv2/service:Service")

    assert len(services) == 2
    assert not [service["name"] for service in services if service.get("invokerIamDisabled")]


def test_no_key_is_made(graph: Graph) -> None:
    assert not [
        resource["type"] for resource in graph.values() if resource["type"] in {"gcp:serviceaccount/key:Key", "gcp:storage/hmacKey:HmacKey"}
    ]


def test_custom_roles_hold_what_the_table_says(graph: Graph) -> None:
    made = {tuple(role["permissions"]) for role in inputs_of(graph, "gcp:projects/iAMCustomRole:IAMCustomRole")}

    assert made == set(CUSTOM_ROLES.values())


def test_every_workload_has_an_account_of_its_own(graph: Graph) -> None:
    services = inputs_of(graph, "gcp:cloudrunv2/service:Service")
    functions = inputs_of(graph, "gcp:cloudfunctionsv2/function:Function")

    accounts = [service["template"]["serviceAccount"] for service in services]
    accounts += [function["serviceConfig"]["serviceAccountEmail"] for function in functions]

    assert len(set(accounts)) == len(services) + len(functions)


def test_nothing_runs_or_is_built_as_a_default_account(graph: Graph) -> None:
    functions = inputs_of(graph, "gcp:cloudfunctionsv2/function:Function")
    whole = str(graph)

    assert all(function["buildConfig"]["serviceAccount"] for function in functions)
    assert "-compute@developer" not in whole
    assert "@appspot" not in whole
    assert "@cloudbuild" not in whole
