"""What both engines do when a program is new, the same, or different."""

import json

from tests.engines.stacks import PASSPHRASE, Stack

PROGRAM = """
    pictures = Folder("pictures", location="us")
    File("list", folder=pictures.path, content="one")
    pulumi.export("path", pictures.path)
"""


def test_up_makes_what_the_program_asks_for_and_says_so(stack: Stack) -> None:
    run = stack.up(PROGRAM)

    folder = next(iter(stack.cloud.things("Folder").values()))
    assert run.summary == {"created": 3}
    assert " +  test:index:Folder pictures creating (0s)" in run.text
    assert " +  test:index:File list created (0." in run.text
    assert f'    path: "{folder["path"]}"' in run.text
    assert "Duration: " in run.text
    assert stack.cloud.get("File", f"{folder['path']}/list") is not None
    assert stack.outputs() == {"path": folder["path"]}


def test_the_state_says_what_depends_on_what(stack: Stack) -> None:
    stack.up(PROGRAM)

    found = stack.resources()
    pictures, listing = found["pictures"], found["list"]
    assert listing["dependencies"] == [pictures["urn"]]
    assert {key: urns for key, urns in listing["propertyDependencies"].items() if urns} == {"folder": [pictures["urn"]]}
    assert listing["parent"] == "urn:pulumi:local::demo::pulumi:pulumi:Stack::demo-local"
    assert listing["provider"].startswith("urn:pulumi:local::demo::pulumi:providers:test::default::")
    assert pictures["id"] == pictures["outputs"]["path"]


def test_a_second_up_changes_nothing(stack: Stack) -> None:
    stack.up(PROGRAM)
    before = stack.deployment()["resources"]
    stack.cloud.forget_calls()

    run = stack.up(None, "--expect-no-changes")

    assert run.summary == {"unchanged": 3}
    assert stack.cloud.calls("Create", "Update", "Delete") == []
    assert stack.deployment()["resources"] == before


def test_a_preview_says_what_up_would_do_and_does_none_of_it(stack: Stack) -> None:
    stack.program(PROGRAM)

    run = stack.preview()

    assert run.code == 0
    assert run.summary == {"to create": 3}
    assert " +  test:index:File list create" in run.text
    assert stack.cloud.things("Folder") == {}
    assert stack.preview("--expect-no-changes").code != 0


def test_a_changed_property_is_updated_in_place(stack: Stack) -> None:
    stack.up(PROGRAM)

    run = stack.up(PROGRAM.replace('content="one"', 'content="two"'))

    assert run.changes() == {"updated": 1}
    assert " ~  test:index:File list updating (0s) [diff: ~content]" in run.text
    assert [thing["content"] for thing in stack.cloud.things("File").values()] == ["two"]
    assert stack.cloud.order("Delete") == []


def test_a_replacement_is_made_before_the_old_one_is_deleted(stack: Stack) -> None:
    stack.up('Folder("pictures", location="us")')
    stack.cloud.forget_calls()

    run = stack.up('Folder("pictures", location="eu")')

    assert run.changes() == {"replaced": 1}
    assert "[diff: ~location]" in run.text
    assert stack.cloud.order("Create", "Delete") == [("Create", "pictures"), ("Delete", "pictures")]
    assert [thing["location"] for thing in stack.cloud.things("Folder").values()] == ["eu"]
    assert len(stack.deployment()["resources"]) == 3


def test_a_fixed_name_is_deleted_first_with_all_that_must_be_replaced_along(stack: Stack) -> None:
    program = """
        top = File("top", folder="/", kind="{kind}")
        inner = File("inner", folder=top.path)
        File("innermost", folder=inner.path)
        File("beside", folder="/", options=ResourceOptions(depends_on=[top]))
    """
    stack.up(program.format(kind="a"))
    stack.cloud.forget_calls()

    run = stack.up(program.format(kind="b"))

    assert run.changes() == {"replaced": 3}
    assert stack.cloud.order("Create", "Delete") == [
        *(("Delete", name) for name in ("innermost", "inner", "top")),
        *(("Create", name) for name in ("top", "inner", "innermost")),
    ]


def test_what_the_program_no_longer_asks_for_is_deleted_dependents_first(stack: Stack) -> None:
    stack.up(PROGRAM)
    stack.cloud.forget_calls()

    run = stack.up("Folder('other', location='us')")

    assert run.changes() == {"created": 1, "deleted": 2}
    assert stack.cloud.order("Delete") == [("Delete", "list"), ("Delete", "pictures")]


def test_independent_resources_are_made_at_the_same_time(stack: Stack) -> None:
    stack.up("""
        for name in "abc":
            Folder(name, location="us", delay=0.3)
    """)

    calls = stack.cloud.calls("Create")
    assert len(calls) == 3
    assert max(call["from"] for call in calls) < min(call["to"] for call in calls)


def test_destroy_deletes_in_order_and_what_is_independent_at_the_same_time(stack: Stack) -> None:
    stack.up("""
        for name in "ab":
            folder = Folder(name, location="us", delay=0.3)
            File(f"{name}-file", folder=folder.path)
    """)
    stack.cloud.forget_calls()

    run = stack.destroy()

    assert run.summary == {"deleted": 5}
    assert {name for _, name in stack.cloud.order("Delete")[:2]} == {"a-file", "b-file"}
    folders = stack.cloud.calls("Delete")[2:]
    assert max(call["from"] for call in folders) < min(call["to"] for call in folders)
    assert stack.cloud.things("Folder") == stack.cloud.things("File") == {}
    assert stack.deployment().get("resources", []) == []


def test_refresh_shows_drift_and_then_the_state_has_it(stack: Stack) -> None:
    stack.up(PROGRAM)
    id_ = stack.resources()["list"]["id"]
    stack.cloud.put("File", id_, {**(stack.cloud.get("File", id_) or {}), "content": "by hand"})

    seen = stack.refresh("--preview-only")
    unchanged = stack.resources()["list"]["outputs"]["content"]
    run = stack.refresh()

    assert seen.changes() == {"to update": 1}
    assert unchanged == "one"
    assert run.changes() == {"updated": 1}
    assert " ~  test:index:File list updated" in run.text
    assert "[diff: ~content]" in run.text
    assert stack.resources()["list"]["outputs"]["content"] == "by hand"
    assert stack.up().changes() == {"updated": 1}


def test_refresh_forgets_what_is_gone_and_up_makes_it_again(stack: Stack) -> None:
    stack.up(PROGRAM)
    stack.cloud.take("Folder", stack.resources()["pictures"]["id"])

    run = stack.refresh()

    assert run.changes() == {"deleted": 1}
    assert "pictures" not in stack.resources()
    assert "dependencies" not in stack.resources()["list"]
    assert stack.up().changes()["created"] == 1


def test_a_preview_passes_on_what_is_not_known_yet(stack: Stack) -> None:
    stack.up(PROGRAM)
    stack.program(PROGRAM.replace('"us"', '"eu"'))

    run = stack.preview()

    assert run.changes() == {"to replace": 2}
    assert stack.cloud.order("Delete") == []


def test_secrets_are_never_in_clear_in_state_or_on_the_screen(stack: Stack) -> None:
    run = stack.up("""
        Folder("vault", location="us", token=Output.secret("swordfish"))
        Folder("named", location="hidden-place", options=ResourceOptions(additional_secret_outputs=["location"]))
        pulumi.export("word", Output.secret({"inner": "swordfish"}))
    """)

    text = json.dumps(stack.deployment())
    found = stack.resources()
    assert "swordfish" not in text + run.text
    assert found["vault"]["inputs"]["token"]["ciphertext"].startswith("v1:")
    assert "ciphertext" in found["vault"]["outputs"]["token"]
    assert "ciphertext" in found["named"]["outputs"]["location"]
    assert PASSPHRASE not in text
    assert stack.outputs() == {"word": {"inner": "swordfish"}}
    assert stack.up(None, "--expect-no-changes").summary == {"unchanged": 3}


def test_an_asset_is_compared_by_its_contents(stack: Stack) -> None:
    program = """
        parts = {"text": pulumi.StringAsset("hello"), "folder": pulumi.FileArchive("./parts")}
        File("bundle", folder="/", source=pulumi.AssetArchive(parts))
        File("plain", folder="/", source=pulumi.FileAsset("parts/deep/two.txt"))
    """
    (stack.folder / "parts" / "deep").mkdir(parents=True)
    (stack.folder / "parts" / "one.txt").write_text("one\n")
    (stack.folder / "parts" / "deep" / "two.txt").write_text("two\n")
    stack.up(program)

    same = stack.up(None)
    (stack.folder / "parts" / "one.txt").write_text("changed\n")
    changed = stack.up(None)

    assert same.changes() == {}
    assert changed.changes() == {"updated": 1}


def test_both_engines_know_an_archive_by_the_same_hash(stack: Stack) -> None:
    (stack.folder / "sub" / "deep").mkdir(parents=True)
    (stack.folder / "sub" / "one.txt").write_text("one\n")
    (stack.folder / "sub" / "deep" / "two.txt").write_text("two\n")

    stack.up("""
        parts = {"x": pulumi.StringAsset("hello"), "d": pulumi.FileArchive("./sub")}
        File("bundle", folder="/", source=pulumi.AssetArchive(parts))
    """)

    source = stack.resources()["bundle"]["inputs"]["source"]
    assert source["hash"] == "e687efd6f36ff047ff4478ff77268597149e851319900e969dc434a37d31475e"


def test_the_cloud_is_told_the_packages_own_configuration(stack: Stack) -> None:
    stack.configure("test:account", "designers")

    stack.up("Folder('pictures', options=ResourceOptions(version='1.2.3'), location='us')")

    provider = stack.resources()["default_1_2_3"]
    assert provider["inputs"]["account"] == "designers"
    assert provider["inputs"]["version"] == "1.2.3"
    assert stack.cloud.calls("Configure")[0]["args"] == {"account": "designers", "version": "1.2.3"}
