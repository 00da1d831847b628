"""What a preview says of changes to a small program: all are made at once, each to resources of its own."""

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from scripts.preview.changes import Change, Op
from scripts.preview.details import Kind
from scripts.preview.look import StackPreview, look
from tests.scripts.preview.repository import Repository

_BEFORE = [{"name": "B", "value": "2"}, {"name": "C", "value": "3"}]
_MEMBER = """
    thing("gcp:cloudrunv2/serviceIamMember:ServiceIamMember", "invokes-{name}", None,
          {{"name": "{name}", "location": "us-central1", "role": "roles/run.invoker", "member": "user:ada@example.com"}})
"""
_FOLLOWING = """
    source = Bucket("source", name="{name}")
    env = {{"name": "BUCKET", "value": source.id}}
    Service("follower", template={{"containers": [{{"image": "us-docker.pkg.dev/p/r/i", "envs": [env]}}]}})
"""
_GENERATED = """
    generated = Bucket("generated", name=None, location="{where}")
    Topic("follows-generated", labels={{"bucket": generated.id}})
"""
_ORDERED = 'Bucket("noisy", labels={{"team": "{team}"}}, cors=[{{"origins": {origins}, "methods": ["GET"]}}])'
_VARIABLES = 'Service("variables", template={{"containers": [{{"image": "us-docker.pkg.dev/p/r/i", "envs": {envs}}}]}})'
_SECRET = 'Bucket("secretive", website={{"mainPageSuffix": Output.secret("{pin}")}})\npulumi.export("pin", Output.secret("{pin}"))'
_DATABASE = """
    documents = thing("gcp:firestore/database:Database", "documents", None,
                      {{"name": "documents", "locationId": "{where}", "type": "FIRESTORE_NATIVE"}})
    database = documents.id.apply(lambda id: "documents")
    thing("gcp:firestore/field:Field", "expires", None, {{"database": database, "collection": "uploads", "field": "expires"}})
"""
_PAID = "for name in {names}: Bucket(name, requesterPays=True)"
_ROOT = "pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)"
_CHILD = 'Bucket("{name}"{options})'

# what the program says in BASE, and what in HEAD
CHANGES = {
    "attribute": (
        'Bucket("aged", lifecycleRules=[{"action": {"type": "Delete"}, "condition": {"age": 30}}])',
        'Bucket("aged", lifecycleRules=[{"action": {"type": "Delete"}, "condition": {"age": 60}}])',
    ),
    "nothing": ('Bucket("same")', 'Bucket("same")'),
    "location": ('Bucket("moved", forceDestroy=True)', 'Bucket("moved", forceDestroy=True, location="europe-west4")'),
    "gone": ('Bucket("gone")\nTopic("gone-topic")\nTopic("gone-retaining", messageRetentionDuration="86400s")', ""),
    "protected": ('Bucket("locked", ResourceOptions(protect=True))', 'Bucket("locked", ResourceOptions(protect=True), location="eu")'),
    "protected and gone": ('Bucket("locked-gone", ResourceOptions(protect=True))', ""),
    "renamed": ('Bucket("pictures", name="team-album")', 'Bucket("photos", name="team-album")'),
    "renamed together": (_PAID.format(names=["a", "b"]), _PAID.format(names=["a2", "b2", "c"])),
    "another binding": (_MEMBER.format(name="upload"), _MEMBER.format(name="portal")),
    "alias": (
        'Bucket("former", name="team-aliased")',
        'Bucket("present", ResourceOptions(aliases=[pulumi.Alias(name="former")]), name="team-aliased")',
    ),
    "component": ('Bucket("inside", ResourceOptions(parent=Group("data")))', 'Bucket("inside", ResourceOptions(parent=Group("store")))'),
    "lost child": (_CHILD.format(name="lost", options=""), _CHILD.format(name="lost", options=', ResourceOptions(parent=Group("over"))')),
    "kept child": (
        _CHILD.format(name="kept", options=""),
        _CHILD.format(name="kept", options=f', ResourceOptions(parent=Group("above"), aliases=[{_ROOT}])'),
    ),
    "noise": (
        _ORDERED.format(team="sd", origins=["https://a.example", "https://b.example"]),
        _ORDERED.format(team="design", origins=["https://b.example", "https://a.example"]),
    ),
    "variables": (
        _VARIABLES.format(envs=_BEFORE),
        _VARIABLES.format(envs=[{"name": "A", "value": "1"}, {"name": "B", "value": "two"}, _BEFORE[1]]),
    ),
    "following": (_FOLLOWING.format(name="team-source"), _FOLLOWING.format(name="team-well")),
    "secret": (_SECRET.format(pin="swordfish-one"), _SECRET.format(pin="swordfish-two")),
    "generated": (_GENERATED.format(where="us-central1"), _GENERATED.format(where="europe-west4")),
    "along": (_DATABASE.format(where="us-central1"), _DATABASE.format(where="europe-west4")),
    "provider": ('Topic("versioned", ResourceOptions(version="10.2.0"))', 'Topic("versioned", ResourceOptions(version="10.3.0"))'),
}  # fmt: skip
Changes = Mapping[str, list[Change]]


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> StackPreview:
    repository = Repository(tmp_path_factory.mktemp("repository"))
    before, after = ("\n".join(textwrap.dedent(pair[side]) for pair in CHANGES.values()) for side in (0, 1))
    repository.commit(before)
    return repository.preview(after)


@pytest.fixture(scope="module")
def changes(preview: StackPreview) -> Changes:
    found: dict[str, list[Change]] = {}
    for change in preview.changes:
        found.setdefault(change.name, []).append(change)
    return found


def test_one_attribute_is_one_update_at_its_leaf(changes: Changes) -> None:
    (change,) = changes["aged"]
    (detail,) = change.details
    assert (change.op, change.causes, change.noise) == (Op.UPDATE, (), False)
    assert (detail.path, detail.before, detail.after, detail.kind) == ("lifecycleRules[0].condition.age", 30, 60, Kind.VALUE)
    assert change.place.startswith("things.py:")


def test_what_is_the_same_is_left_out(changes: Changes) -> None:
    assert "same" not in changes


def test_a_location_replaces_the_bucket_and_its_data(changes: Changes) -> None:
    (change,) = changes["moved"]
    assert (change.op, change.causes, change.holds_data) == (Op.REPLACE, ("location",), True)
    assert change.loses
    assert change.loses.lost == "every object in it"
    assert [(detail.path, detail.before, detail.after) for detail in change.details] == [("location", "us-central1", "europe-west4")]


def test_what_is_gone_from_the_program_is_deleted(changes: Changes) -> None:
    found = {name: changes[name][0] for name in ("gone", "gone-topic", "gone-retaining")}
    assert {change.op for change in found.values()} == {Op.DELETE}
    assert {name: change.holds_data for name, change in found.items()} == {"gone": True, "gone-topic": False, "gone-retaining": True}


def test_protection_forbids_a_replacement_and_the_preview_goes_on(changes: Changes) -> None:
    (change,) = changes["locked"]
    assert (change.op, change.causes) == (Op.REPLACE, ("location", "protect"))
    assert "marked for protection" in change.refused


def test_protection_forbids_a_delete(changes: Changes) -> None:
    (change,) = changes["locked-gone"]
    assert (change.op, change.causes) == (Op.DELETE, ("protect",))
    assert "cannot be deleted" in change.refused


def test_a_new_name_without_an_alias_is_told_as_a_rename(changes: Changes) -> None:
    (old,), (new,) = changes["pictures"], changes["photos"]
    assert (old.op, new.op) == (Op.DELETE, Op.CREATE)
    assert old.renamed == new.renamed
    assert old.renamed
    assert (old.renamed.old, old.renamed.new, old.renamed.same_object) == (old.urn, new.urn, True)


def test_each_resource_has_one_new_name_at_most(changes: Changes) -> None:
    renames = {name: changes[name][0].renamed for name in ("a", "b", "c")}
    assert {name: rename.new.rpartition("::")[2] for name, rename in renames.items() if rename} == {"a": "a2", "b": "b2"}
    assert not any(rename.same_object for rename in renames.values() if rename)


def test_another_binding_is_not_a_rename(changes: Changes) -> None:
    (old,), (new,) = changes["invokes-upload"], changes["invokes-portal"]
    assert (old.op, new.op) == (Op.DELETE, Op.CREATE)
    assert not old.renamed
    assert not new.renamed


def test_an_alias_keeps_what_has_a_new_name(changes: Changes) -> None:
    (change,) = changes["present"]
    assert change.op is Op.SAME
    assert change.alias_of.endswith("::former")
    assert "former" not in changes


def test_a_component_under_another_name_leaves_its_children_alone(changes: Changes) -> None:
    (old,), (new,) = changes["data"], changes["store"]
    assert (old.op, new.op) == (Op.DELETE, Op.CREATE)
    assert old.renamed
    assert "inside" not in changes


def test_a_child_that_moves_without_an_alias_is_lost(changes: Changes) -> None:
    found = changes["lost"]
    assert {change.op for change in found} == {Op.CREATE, Op.DELETE}
    assert all(change.renamed and change.renamed.same_object for change in found)


def test_a_child_that_moves_with_an_alias_is_kept(changes: Changes) -> None:
    (change,) = changes["kept"]
    assert change.op is Op.SAME
    assert change.alias_of


def test_labels_and_order_are_noise(changes: Changes) -> None:
    (change,) = changes["noisy"]
    assert change.noise
    assert {detail.path: detail.kind for detail in change.details} == {"labels.team": Kind.LABEL, "cors[0].origins": Kind.ORDER}


def test_variables_are_compared_by_name(changes: Changes) -> None:
    (change,) = changes["variables"]
    assert sorted((detail.path, detail.before, detail.after) for detail in change.details) == [
        ("template.containers[0].envs[A].name", None, "A"),
        ("template.containers[0].envs[A].value", None, "1"),
        ("template.containers[0].envs[B].value", "2", "two"),
    ]


def test_a_value_tells_which_change_it_follows(changes: Changes) -> None:
    (detail,) = changes["follower"][0].details
    assert (detail.before, detail.after) == ("team-source", "team-well")
    assert detail.follows == (changes["source"][0].urn,)


def test_secrets_are_seen_to_change_and_not_seen(changes: Changes, preview: StackPreview) -> None:
    (change,) = changes["secretive"]
    assert [(detail.path, detail.before, detail.after, detail.kind) for detail in change.details] == [
        ("website.mainPageSuffix", "[secret]", "[secret]", Kind.SECRET)
    ]
    assert "swordfish" not in repr(preview)


def test_a_fixed_name_takes_what_depends_on_it_along(changes: Changes) -> None:
    (database,), (field,) = changes["documents"], changes["expires"]
    assert (database.op, database.causes, database.along_with) == (Op.REPLACE, ("locationId",), ())
    assert (field.op, field.causes, field.along_with) == (Op.REPLACE, (), (database.urn,))


def test_a_generated_name_is_another_one_after_a_replacement(changes: Changes) -> None:
    assert changes["generated"][0].op is Op.REPLACE
    assert changes["follows-generated"][0].op is Op.UPDATE


def test_another_version_of_a_provider_touches_no_resource(changes: Changes) -> None:
    (change,) = changes["default_10_3_0"]
    assert (change.type, change.op) == ("pulumi:providers:gcp", Op.UPDATE)
    assert [(detail.before, detail.after) for detail in change.details] == [("10.2.0", "10.3.0")]
    assert not {"versioned", "default_10_2_0"} & changes.keys()


def test_the_same_program_changes_nothing_and_without_a_base_everything_is_made(repository: Repository) -> None:
    repository.commit('Bucket("pictures")')

    same, fresh = repository.preview(), repository.preview(base=None)

    assert same.evaluation.plan
    assert same.changes == ()
    assert {change.op for change in fresh.changes} == {Op.CREATE}
    assert "pictures" in {change.name for change in fresh.changes}


def test_a_stack_that_is_new_is_made_and_one_that_is_gone_is_deleted(repository: Repository) -> None:
    repository.write("Pulumi.old.yaml", "config:\n  gcp:project: team-old\n")
    repository.commit('Bucket("pictures")')
    (repository.folder / "Pulumi.old.yaml").rename(repository.folder / "Pulumi.new.yaml")

    found = {stack.name: {change.op for change in stack.changes} for stack in look(repository.folder, "main").stacks}

    assert found == {"dev": set(), "new": {Op.CREATE}, "old": {Op.DELETE}}


def test_the_state_of_a_preview_is_gone_with_it(repository: Repository, tmp_path: Path) -> None:
    repository.commit('Bucket("pictures", website={"mainPageSuffix": Output.secret("swordfish")})')

    repository.preview()

    left = [path for path in (tmp_path / ".local").rglob("*") if path.is_file()]
    assert left == []
