"""What both engines make of failures: nothing more than must stop, and a state that is true."""

from tests.engines.stacks import Stack


def test_a_failed_resource_stops_only_what_depends_on_it(stack: Stack) -> None:
    program = """
        broken = Folder("broken", location="us"{fail})
        File("of-broken", folder=broken.path)
        fine = Folder("fine", location="us")
        File("of-fine", folder=fine.path)
    """

    failed = stack.try_up(program.format(fail=', fail="create"'))
    after = set(stack.resources())
    mended = stack.up(program.format(fail=""))

    assert failed.code != 0
    assert "the cloud is full" in failed.text
    assert "unhandled exception" not in failed.text
    assert "**creating failed (" in failed.text
    assert {"fine", "of-fine"} <= after
    assert not {"broken", "of-broken"} & after
    assert mended.changes() == {"created": 2}


def test_a_failed_update_leaves_the_old_state(stack: Stack) -> None:
    program = 'File("list", folder="/", content="{content}"{fail})'
    stack.up(program.format(content="one", fail=""))

    run = stack.try_up(program.format(content="two", fail=', fail="update"'))

    assert run.code != 0
    assert "the cloud says no" in run.text
    assert stack.resources()["list"]["outputs"]["content"] == "one"
    assert stack.up(program.format(content="two", fail="")).changes() == {"updated": 1}


def test_a_failed_replacement_keeps_the_old_resource_and_who_uses_it(stack: Stack) -> None:
    program = """
        folder = Folder("pictures", location="{where}"{fail})
        File("list", folder=folder.path)
    """
    stack.up(program.format(where="us", fail=""))

    run = stack.try_up(program.format(where="eu", fail=', fail="create"'))

    assert run.code != 0
    assert [thing["location"] for thing in stack.cloud.things("Folder").values()] == ["us"]
    assert {"pictures", "list"} <= set(stack.resources())
    assert stack.up(program.format(where="eu", fail="")).changes() == {"replaced": 2}


def test_a_replacement_that_broke_off_after_the_delete_is_taken_up_again(stack: Stack) -> None:
    program = """
        top = File("top", folder="/", kind="{kind}"{fail})
        File("inner", folder=top.path)
    """
    stack.up(program.format(kind="a", fail=""))
    broken = stack.try_up(program.format(kind="b", fail=', fail="create"'))
    pending = {name: entry.get("pendingReplacement") for name, entry in stack.resources().items()}
    stack.cloud.forget_calls()

    stack.up(program.format(kind="b", fail=""))

    assert broken.code != 0
    assert pending["top"]
    # the CLI deletes `inner` once more, which is gone already
    assert ("Delete", "top") not in stack.cloud.order("Delete")
    assert stack.cloud.order("Create") == [("Create", "top"), ("Create", "inner")]
    assert not any(entry.get("pendingReplacement") for entry in stack.resources().values())


def test_what_was_made_but_never_got_ready_is_in_the_state_with_the_reason(stack: Stack) -> None:
    program = 'Folder("pictures", location="us"{fail})'
    run = stack.try_up(program.format(fail=', fail="init"'))
    entry = stack.resources()["pictures"]

    mended = stack.up(program.format(fail=""))

    assert run.code != 0
    assert "it never became ready" in run.text
    assert entry["initErrors"] == ["it never became ready"]
    assert entry["id"].startswith("/pictures-")
    assert mended.changes() == {"updated": 1}
    assert "initErrors" not in stack.resources()["pictures"]


def test_a_failed_delete_keeps_what_it_depends_on(stack: Stack) -> None:
    stack.up("""
        folder = Folder("pictures", location="us")
        File("stuck", folder=folder.path, fail="delete")
        Folder("free", location="us")
    """)

    run = stack.destroy()

    assert run.code != 0
    assert "it is in use" in run.text
    assert {"pictures", "stuck"} <= set(stack.resources())
    assert "free" not in stack.resources()
    assert ("Delete", "pictures") not in stack.cloud.order("Delete")


def test_a_failure_does_not_delete_what_the_failed_one_still_uses(stack: Stack) -> None:
    stack.up("""
        folder = Folder("pictures", location="us")
        File("list", folder=folder.path, content="one")
    """)

    run = stack.try_up('File("list", folder="/elsewhere", content="two", kind="new", fail="create")')

    assert run.code != 0
    assert "pictures" in stack.resources()


def test_an_exception_in_the_program_is_shown_with_its_own_line_and_deletes_nothing(stack: Stack) -> None:
    stack.up('Folder("pictures", location="us")')

    run = stack.try_up("""
        Folder("another", location="us")
        raise ValueError("no such style")
    """)

    assert run.code != 0
    assert 'raise ValueError("no such style")' in run.text
    assert "ValueError: no such style" in run.text
    assert "program.py" not in run.text
    assert stack.cloud.order("Delete") == []
    assert {"pictures"} <= set(stack.resources())


def test_what_the_provider_refuses_is_named(stack: Stack) -> None:
    stack.program('Folder("pictures", location="us", locaton="eu")')

    run = stack.preview()

    assert run.code != 0
    assert "locaton" in run.text
    assert "is not a property of this type" in run.text
    assert "pictures" in run.text


def test_an_unknown_type_is_an_error_that_names_it(stack: Stack) -> None:
    stack.program('Thing("Drawer", "top", None, {})')

    run = stack.preview()

    assert run.code != 0
    assert "test:index:Drawer" in run.text


def test_two_resources_cannot_have_one_name(stack: Stack) -> None:
    stack.program("""
        Folder("pictures", location="us")
        Folder("pictures", location="eu")
    """)

    run = stack.preview()

    assert run.code != 0
    assert "Duplicate resource URN" in run.text


def test_missing_configuration_is_named(stack: Stack) -> None:
    project = stack.folder / "Pulumi.yaml"
    project.write_text(project.read_text() + "config:\n  steps: {type: integer}\n  style: {default: plain}\n")
    stack.program('pulumi.export("style", pulumi.Config().require("style"))')

    run = stack.preview()

    assert run.code != 0
    assert "Stack 'local' is missing configuration value 'steps'" in run.text
    stack.configure("demo:steps", "many")
    assert "'steps' must be of type 'integer'" in stack.preview().text
