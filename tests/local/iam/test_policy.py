import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local.iam import needs, storage
from local.iam.errors import BadCondition, UnknownBinding, UnknownRole
from local.iam.needs import Need
from local.iam.principals import OWNER
from local.iam.refusals import file_of, listed
from local.iam.server import Iam
from local.layout import Layout
from tests.local.iam.conftest import PROJECT, UPLOAD, Grant

MODELS, UPLOADS = "projects/_/buckets/models", "projects/_/buckets/uploads"
READ, CREATE = "storage.objects.get", "storage.objects.create"
PRINT = storage.need(PROJECT, READ, "models", "runs/1/print.png")


def of_bucket(name: str) -> str:
    return f'resource.type != "storage.googleapis.com/Object" || resource.name.startsWith("{MODELS}/objects/{name}")'


def test_nobody_may_do_anything_at_first(iam: Iam) -> None:
    assert not iam.allows(UPLOAD, PRINT)


async def test_a_binding_on_a_bucket_reaches_its_objects_and_no_other_bucket(iam: Iam, grant: Grant) -> None:
    await grant("roles/storage.objectViewer", MODELS)

    assert iam.allows(UPLOAD, PRINT)
    assert iam.allows(UPLOAD, storage.need(PROJECT, "storage.objects.list", "models"))
    assert not iam.allows(UPLOAD, storage.need(PROJECT, READ, "uploads", "a.png"))


async def test_a_binding_on_the_project_reaches_all_in_it(iam: Iam, grant: Grant) -> None:
    await grant("roles/iam.serviceAccountUser", "projects/sd-local")

    assert iam.allows(UPLOAD, needs.acting_as(PROJECT, "pipeline@sd-local.iam.gserviceaccount.com"))


async def test_a_role_gives_its_own_permissions_to_its_own_member(iam: Iam, grant: Grant) -> None:
    await grant("roles/storage.objectViewer", MODELS)

    assert not iam.allows(UPLOAD, storage.need(PROJECT, CREATE, "models", "runs/1/print.png"))
    assert not iam.allows("sweep@sd-local.iam.gserviceaccount.com", PRINT)


async def test_a_binding_counts_from_when_it_is_made_until_it_is_taken_back(iam: Iam, grant: Grant) -> None:
    before = iam.allows(UPLOAD, PRINT)
    binding = await grant("roles/storage.objectViewer", MODELS)
    between = iam.allows(UPLOAD, PRINT)
    await iam.unbind(binding)

    assert (before, between, iam.allows(UPLOAD, PRINT)) == (False, True, False)


async def test_a_condition_on_a_prefix_narrows_objects_and_leaves_listing(iam: Iam, grant: Grant) -> None:
    await grant("roles/storage.objectViewer", MODELS, condition=of_bucket("runs/"))

    assert iam.allows(UPLOAD, PRINT)
    assert iam.allows(UPLOAD, storage.need(PROJECT, "storage.objects.list", "models"))
    assert not iam.allows(UPLOAD, storage.need(PROJECT, READ, "models", "base/unet.bin"))


def test_a_condition_compiles_in_a_process_that_used_the_language_before() -> None:
    program = """
import celpy
from local.iam import conditions
celpy.Environment(runner_class=celpy.InterpretedRunner).compile("1 == 1")
conditions.compiled('resource.name.startsWith("projects/")')
"""

    subprocess.run([sys.executable, "-c", program], check=True)


async def test_two_conditional_bindings_of_one_role_both_count(iam: Iam, grant: Grant) -> None:
    for prefix in ("runs/", "base/"):
        await grant("roles/storage.objectViewer", MODELS, condition=of_bucket(prefix))

    assert iam.allows(UPLOAD, PRINT)
    assert iam.allows(UPLOAD, storage.need(PROJECT, READ, "models", "base/unet.bin"))


async def test_a_condition_on_the_moment_is_asked_each_time(iam: Iam, grant: Grant) -> None:
    until = (datetime.now(UTC) + timedelta(seconds=0.3)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    await grant("roles/storage.objectViewer", MODELS, condition=f'request.time < timestamp("{until}")')

    before = iam.allows(UPLOAD, PRINT)
    while datetime.now(UTC).isoformat() < until:
        pass

    assert (before, iam.allows(UPLOAD, PRINT)) == (True, False)


@pytest.mark.parametrize(
    "condition",
    ["resource.name ==", "resource.nme == 'x'", "resorce.name == 'x'", "true || foo(1)", "1", "resource.name == 5", "has(destination.ip)"],
)
async def test_a_condition_that_google_would_not_take_is_refused(grant: Grant, condition: str) -> None:
    with pytest.raises(BadCondition, match="condition"):
        await grant("roles/storage.objectViewer", MODELS, condition=condition)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (f'resource.name.extract("{MODELS}/objects/{{folder}}/") == "runs"', True),
        (f'resource.name.extract("{MODELS}/objects/{{folder}}/") == "base"', False),
        ('resource.service in ["storage.googleapis.com", "pubsub.googleapis.com"]', True),
        ("api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly(['roles/run.invoker'])", True),
        ('resource.name.endsWith(".png") && !resource.name.startsWith("x")', True),
    ],
)
async def test_a_condition_means_what_google_means_by_it(iam: Iam, grant: Grant, condition: str, holds: bool) -> None:
    await grant("roles/storage.objectViewer", MODELS, condition=condition)

    assert iam.allows(UPLOAD, PRINT) is holds


@pytest.mark.parametrize("role", ["roles/storage.superUser", "projects/sd-local/roles/unmade"])
async def test_a_role_that_nobody_knows_is_refused_and_not_taken_for_nothing(grant: Grant, role: str) -> None:
    with pytest.raises(UnknownRole, match=role):
        await grant(role, "projects/sd-local")


async def test_a_role_of_the_projects_own_gives_what_it_lists_at_the_time(iam: Iam, grant: Grant) -> None:
    await iam.define("projects/sd-local/roles/predict", ["aiplatform.endpoints.predict"])
    await grant("projects/sd-local/roles/predict", "projects/sd-local")
    predict, get = (Need(f"aiplatform.endpoints.{verb}", needs.project(PROJECT)) for verb in ("predict", "get"))

    first = [iam.allows(UPLOAD, predict), iam.allows(UPLOAD, get)]
    await iam.define("projects/sd-local/roles/predict", ["aiplatform.endpoints.get"])

    assert first == [True, False]
    assert [iam.allows(UPLOAD, predict), iam.allows(UPLOAD, get)] == [False, True]


@pytest.mark.parametrize(
    ("member", "inside", "outside"),
    [
        ("user:ada@example.com", "Ada@Example.com", "grace@example.com"),
        ("domain:example.com", "ada@example.com", "ada@example.org"),
        ("group:designers@example.com", "ada@example.com", "grace@example.com"),
        ("serviceAccount:upload@sd-local.iam.gserviceaccount.com", UPLOAD, "sweep@sd-local.iam.gserviceaccount.com"),
        ("allAuthenticatedUsers", "ada@example.org", ""),
    ],
)
async def test_members_are_people_domains_groups_and_accounts(tmp_path: Path, member: str, inside: str, outside: str) -> None:
    (Layout(tmp_path).folder("iam") / "groups.json").write_text('{"designers@example.com": ["ada@example.com"]}')
    iam = Iam(Layout(tmp_path), PROJECT)
    await iam.bind(_binding(member))

    assert iam.allows(inside, PRINT)
    assert not iam.allows(outside, PRINT)


def _binding(member: str):
    from local.iam.bindings import Binding

    return Binding("one", "roles/storage.objectViewer", member, MODELS)


async def test_everybody_is_everybody_also_unnamed(iam: Iam, grant: Grant) -> None:
    await grant("roles/run.invoker", "projects/sd-local/locations/us-central1/services/open", "allUsers")

    assert iam.allows("", needs.invocation(PROJECT, "open"))
    assert not iam.allows("", needs.invocation(PROJECT, "closed"))


@pytest.mark.parametrize("principal", [OWNER, None])
def test_the_laptops_own_user_may_do_everything(iam: Iam, principal: str | None) -> None:
    assert iam.allows(principal, PRINT)


def test_google_binds_the_roles_of_vertex_agents_itself(iam: Iam) -> None:
    agent = "service-100000000001@gcp-sa-aiplatform-cc.iam.gserviceaccount.com"

    assert iam.allows(agent, needs.logging(PROJECT))
    assert not iam.allows("service-100000000001@gcp-sa-pubsub.iam.gserviceaccount.com", needs.publishing(PROJECT, "dead-letters"))


async def test_a_binding_can_be_taken_away_and_given_back(iam: Iam, grant: Grant) -> None:
    binding = await grant("roles/storage.objectViewer", MODELS)

    await iam.suspend(binding)
    without = iam.allows(UPLOAD, PRINT)
    suspended = [row["suspended"] for row in iam.rows()]
    await iam.restore(binding)

    assert (without, suspended, iam.allows(UPLOAD, PRINT)) == (False, [True], True)


async def test_a_binding_that_is_not_there_cannot_be_taken_away(iam: Iam) -> None:
    with pytest.raises(UnknownBinding, match="no/such"):
        await iam.suspend("no/such")


async def test_a_refusal_is_written_down_with_what_would_have_allowed_it(tmp_path: Path, iam: Iam) -> None:
    lacked = iam.refused(UPLOAD, [PRINT])

    (refusal,) = listed(file_of(Layout(tmp_path)))
    assert lacked == PRINT
    assert (refusal.principal, refusal.permission, refusal.resource) == (UPLOAD, READ, f"{MODELS}/objects/runs/1/print.png")
    assert refusal.role == "roles/storage.legacyObjectReader"
    assert iam.refusals == 1


async def test_what_is_merely_asked_about_leaves_no_trace(iam: Iam) -> None:
    iam.allows(UPLOAD, PRINT)

    assert iam.refusals == 0


async def test_a_change_is_heard_before_it_is_answered(iam: Iam, grant: Grant) -> None:
    heard = []

    async def hear() -> None:
        heard.append(iam.allows(UPLOAD, PRINT))

    iam.on_change(hear)
    await grant("roles/storage.objectViewer", MODELS)

    assert heard == [True]
