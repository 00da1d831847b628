"""What a resource's options mean, under both engines."""

from tests.engines.stacks import Stack


def test_ignored_changes_are_ignored(stack: Stack) -> None:
    program = """
        File("list", folder="/", content="{content}", labels={{"by": "{content}", "for": "{content}"}},
             options=ResourceOptions(ignore_changes=["content", "labels.by"]))
    """
    stack.up(program.format(content="one"))

    stack.up(program.format(content="two"))

    thing = stack.cloud.get("File", "//list") or {}
    assert (thing["content"], thing["labels"]) == ("one", {"by": "one", "for": "two"})


def test_a_change_can_be_made_to_force_a_replacement(stack: Stack) -> None:
    program = 'Folder("pictures", location="us", labels={{"by": "{by}"}}, options=ResourceOptions(replace_on_changes=["labels.by"]))'
    stack.up(program.format(by="ann"))

    run = stack.up(program.format(by="bob"))

    # the cloud names the whole of `labels` as changed, which the path within it does not cover
    assert run.changes() == {"updated": 1}
    whole = program.replace("labels.by", "labels")
    assert stack.up(whole.format(by="cat")).changes() == {"replaced": 1}


def test_a_resource_can_ask_to_be_deleted_before_it_is_replaced(stack: Stack) -> None:
    program = 'Folder("pictures", location="{where}", options=ResourceOptions(delete_before_replace=True))'
    stack.up(program.format(where="us"))
    stack.cloud.forget_calls()

    stack.up(program.format(where="eu"))

    assert stack.cloud.order("Create", "Delete") == [("Delete", "pictures"), ("Create", "pictures")]


def test_what_is_protected_is_neither_deleted_nor_replaced(stack: Stack) -> None:
    program = 'Folder("pictures", location="{where}", options=ResourceOptions(protect={protect}))'
    stack.up(program.format(where="us", protect=True))

    replaced = stack.try_up(program.format(where="eu", protect=True))
    destroyed = stack.destroy()
    stack.up(program.format(where="us", protect=False))

    assert replaced.code != 0
    assert destroyed.code != 0
    assert "protect" in replaced.text
    assert "protected" in destroyed.text
    assert stack.cloud.order("Delete") == []
    assert stack.destroy().code == 0
    assert stack.cloud.things("Folder") == {}


def test_what_is_retained_leaves_the_state_and_stays_in_the_cloud(stack: Stack) -> None:
    stack.up('Folder("pictures", location="us", options=ResourceOptions(retain_on_delete=True))')

    run = stack.destroy()

    assert run.summary == {"deleted": 2}
    assert len(stack.cloud.things("Folder")) == 1
    assert stack.cloud.order("Delete") == []


def test_what_goes_with_another_resource_is_not_deleted_by_itself(stack: Stack) -> None:
    stack.up("""
        folder = Folder("pictures", location="us")
        File("list", folder=folder.path, options=ResourceOptions(deleted_with=folder))
    """)

    stack.destroy()

    assert stack.cloud.order("Delete") == [("Delete", "pictures")]
    assert stack.resources() == {}


def test_a_renamed_resource_is_the_same_under_an_alias(stack: Stack) -> None:
    stack.up("""
        old = Folder("old", location="us")
        File("list", folder=old.path)
    """)
    made = stack.cloud.things("Folder")

    run = stack.up("""
        new = Folder("new", options=ResourceOptions(aliases=[pulumi.Alias(name="old")]), location="us")
        File("list", folder=new.path)
    """)

    assert run.changes() == {}
    assert stack.cloud.things("Folder") == made
    assert stack.resources()["list"]["dependencies"] == [stack.resources()["new"]["urn"]]
    assert "old" not in stack.resources()


def test_moving_into_a_component_and_renaming_it_keeps_what_is_there(stack: Stack) -> None:
    stack.up("Folder('pictures', location='us')")

    moved = stack.up("""
        group = Group("albums")
        aliases = [pulumi.Alias(parent=pulumi.ROOT_STACK_RESOURCE)]
        Folder("pictures", options=ResourceOptions(parent=group, aliases=aliases), location="us")
    """)
    renamed = stack.up("""
        urn = "urn:pulumi:local::demo::demo:index:Group::albums"
        group = Group("books", ResourceOptions(aliases=[urn]))
        Folder("pictures", options=ResourceOptions(parent=group), location="us")
    """)

    assert moved.changes() == {"created": 1}
    assert renamed.changes() == {}
    assert stack.cloud.order("Delete") == []
    assert stack.resources()["pictures"]["urn"] == "urn:pulumi:local::demo::demo:index:Group$test:index:Folder::pictures"


def test_timeouts_reach_the_provider(stack: Stack) -> None:
    stack.up(
        'Folder("pictures", location="us", options=ResourceOptions(custom_timeouts=pulumi.CustomTimeouts(create="1m30s", delete="2h")))'
    )
    stack.destroy()

    assert stack.cloud.calls("Create")[0]["timeout"] == 90
    assert stack.cloud.calls("Delete")[0]["timeout"] == 7200


def test_a_resource_is_replaced_with_the_one_that_it_names(stack: Stack) -> None:
    program = """
        folder = Folder("pictures", location="{where}")
        Folder("beside", location="us", options=ResourceOptions(replace_with=[folder]))
    """
    stack.up(program.format(where="us"))

    run = stack.up(program.format(where="eu"))

    assert run.changes() == {"replaced": 2}


def test_an_explicit_provider_serves_its_own_resources_and_its_components(stack: Stack) -> None:
    program = """
        class Test(pulumi.ProviderResource):
            pass

        mine = Test("test", "mine", {{"account": "{account}"}})
        Folder("direct", ResourceOptions(provider=mine), location="us")
        group = Group("group", ResourceOptions(providers=[mine]))
        Folder("inside", ResourceOptions(parent=group), location="us")
        Folder("other", location="us")
    """
    stack.up(program.format(account="a"))
    found = stack.resources()

    replaced = stack.up(program.format(account="b"))

    assert "::mine::" in found["direct"]["provider"]
    assert found["inside"]["provider"] == found["direct"]["provider"]
    assert "::default::" in found["other"]["provider"]
    assert replaced.changes()["replaced"] >= 2
    assert stack.resources()["direct"]["provider"] != found["direct"]["provider"]


def test_components_keep_their_outputs_and_their_childrens_names(stack: Stack) -> None:
    stack.up("""
        group = Group("albums")
        folder = Folder("pictures", options=ResourceOptions(parent=group), location="us")
        group.register_outputs({"where": folder.path})
    """)

    found = stack.resources()
    assert found["albums"]["outputs"] == {"where": found["pictures"]["id"]}
    assert found["pictures"]["parent"] == found["albums"]["urn"]
    assert stack.up(None, "--expect-no-changes").changes() == {}


def test_a_program_can_ask_the_provider_a_question(stack: Stack) -> None:
    stack.up('pulumi.export("loud", Output.from_input(pulumi.runtime.invoke("test:index:shout", {"text": "quiet"}).value["text"]))')

    assert stack.outputs() == {"loud": "QUIET"}


def test_what_others_made_is_read_and_never_deleted(stack: Stack) -> None:
    stack.cloud.put("Folder", "/theirs", {"name": "theirs", "location": "us", "path": "/theirs"})
    stack.up("""
        theirs = Folder("theirs", ResourceOptions(id="/theirs"))
        File("list", folder=theirs.path)
    """)

    found = stack.resources()
    stack.destroy()

    assert found["theirs"]["external"] is True
    assert found["list"]["id"] == "/theirs/list"
    assert stack.cloud.order("Delete") == [("Delete", "list")]
