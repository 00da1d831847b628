"""What the embedded engine does by itself: what it refuses, how it previews offline, and how it survives."""

import json
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from local.engine import state
from local.engine.secrets import Crypter
from tests.engines.stacks import Embedded, interrupt

SLOW = 'Folder("pictures", location="us", delay=1.5)'


def wait_for(what: Any) -> None:
    limit = time.monotonic() + 20
    while not what():
        assert time.monotonic() < limit
        time.sleep(0.02)


def pending(stack: Embedded) -> list[dict[str, Any]]:
    if not stack.state.exists():
        return []
    entries: list[dict[str, Any]] = json.loads(stack.state.read_text())["deployment"].get("pending_operations", [])
    return [entry for entry in entries if "Folder" in entry["resource"]["type"]]


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ('Folder("f", ResourceOptions(transforms=[lambda args: None]), location="us")', "transforms"),
        ('Folder("f", ResourceOptions(import_="/x"), location="us")', "import"),
        ("pulumi.runtime.register_stack_transform(lambda args: None)", "transforms are not supported"),
        ('pulumi.StackReference("organization/other/dev")', "StackReference"),
        (
            'hook = pulumi.ResourceHook("note", lambda args: None)\n'
            'Folder("f", ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook])), location="us")',
            "hook",
        ),
    ],
)
def test_what_it_does_not_do_it_refuses_by_name(embedded: Embedded, body: str, what: str) -> None:
    embedded.program(body)

    run = embedded.preview()

    assert run.code != 0
    assert what in run.text
    assert "not support" in run.text


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("up", "--yes", "--target", "x"), "--target is not supported by this engine"),
        (("up",), "pass --yes"),
        (("up", "--yes", "--offline"), "--offline is for preview"),
    ],
)
def test_flags_that_it_cannot_honour_are_refused(embedded: Embedded, arguments: tuple[str, ...], sentence: str) -> None:
    embedded.program("")

    run = embedded._command(*arguments)

    assert run.code == 2
    assert sentence in run.text


def test_a_stack_that_the_local_cloud_does_not_serve_is_not_touched(embedded: Embedded) -> None:
    embedded.serve(project="another")
    embedded.program("Folder('pictures', location='us')")

    runs = [embedded.try_up(), embedded.destroy(), embedded.refresh()]

    assert {run.code for run in runs} == {2}
    assert "is for the project 'sd-local', which the local cloud does not serve (it serves 'another')" in runs[0].text
    assert embedded.cloud.things("Folder") == {}


def test_without_a_cloud_it_says_how_to_start_one(embedded: Embedded) -> None:
    (embedded.root / "cloud.json").unlink()
    embedded.program("")

    run = embedded.try_up()

    assert run.code == 2
    assert "no local cloud is running" in run.text


def test_a_preview_as_json_is_the_graph_with_secrets_and_unknowns_marked(embedded: Embedded) -> None:
    embedded.program("""
        folder = Folder("pictures", location="us", token=Output.secret("swordfish"))
        File("list", folder=folder.path, source=pulumi.StringAsset("hello"))
        pulumi.export("path", folder.path)
        print("to the log")
    """)

    document = json.loads(embedded._checked("preview", "--json"))

    found = {entry["urn"].rpartition("::")[2]: entry for entry in document["resources"]}
    assert found["pictures"]["inputs"]["token"] == "[secret]"
    assert found["list"]["inputs"]["folder"] == "[unknown]"
    assert found["list"]["inputs"]["source"]["asset"].startswith("2cf24dba")
    assert found["list"]["propertyDependencies"] == {"folder": [found["pictures"]["urn"]]}
    assert document["outputs"] == {"path": "[unknown]"}
    assert document["changeSummary"] == {"create": 3}
    assert document["diagnostics"] == [{"severity": "info", "message": "to the log", "urn": ""}]
    assert {step["op"] for step in document["steps"]} == {"create"}


def test_killed_in_mid_create_the_state_says_so_and_the_next_up_goes_on(embedded: Embedded) -> None:
    embedded.up('Folder("first", location="us")')
    embedded.program('Folder("first", location="us")\n' + SLOW)
    process = embedded.start_up()
    wait_for(lambda: pending(embedded))

    interrupt(process, signal.SIGKILL)

    assert [entry["type"] for entry in pending(embedded)] == ["creating"]
    assert "first" in embedded.resources()
    wait_for(lambda: embedded.cloud.things("Folder"))
    run = embedded.up()
    assert "the last run broke off while creating it" in run.text
    assert run.changes() == {"created": 1}
    assert pending(embedded) == []


def test_an_interrupt_finishes_what_is_under_way(embedded: Embedded) -> None:
    embedded.program(SLOW + '\nFile("list", folder="/", delay=1.5)')
    process = embedded.start_up()
    wait_for(lambda: pending(embedded))

    text = interrupt(process, signal.SIGINT)

    assert process.returncode == 130
    assert "cancelling" in text
    assert "update cancelled" in text
    assert "pictures" in embedded.resources()
    assert pending(embedded) == []


def test_two_runs_at_once_are_refused(embedded: Embedded) -> None:
    embedded.program(SLOW)
    process = embedded.start_up()
    wait_for(lambda: pending(embedded))

    second = embedded.try_up()
    process.communicate(timeout=30)

    assert second.code == 2
    assert f"the stack is being updated by process {process.pid}" in second.text
    assert process.returncode == 0


def test_no_program_outlives_a_killed_engine(embedded: Embedded) -> None:
    marker = embedded.folder / "pid"
    embedded.program(f"import os, time\nopen({str(marker)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)")
    process = embedded.start_up()
    wait_for(lambda: marker.exists() and marker.read_text())

    interrupt(process, signal.SIGKILL)

    pid = int(marker.read_text())
    wait_for(lambda: not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text().split(")")[1])


def test_the_state_is_readable_by_its_owner_alone(embedded: Embedded) -> None:
    embedded.up('Folder("pictures", location="us")')

    assert embedded.state.stat().st_mode & 0o077 == 0


def test_a_damaged_state_is_not_built_upon(embedded: Embedded) -> None:
    embedded.program("")
    embedded.state.parent.mkdir()
    embedded.state.write_text('{"version": 3')

    run = embedded.try_up()

    assert run.code == 2
    assert "is not a Pulumi deployment" in run.text


def test_a_deployment_of_another_kind_is_refused() -> None:
    document = {"version": 3, "deployment": {"secrets_providers": {"type": "service", "state": {}}}}

    with pytest.raises(state.StateError, match="'service'"):
        state.parse(document, Crypter("", None))


def test_what_another_engine_wrote_besides_is_kept() -> None:
    entry = {"urn": "urn:pulumi:local::demo::a:b:C::n", "custom": True, "type": "a:b:C", "id": "1", "stackTrace": [{}], "importID": "x"}
    document = {"version": 3, "deployment": {"resources": [entry], "metadata": {}}}
    crypter = Crypter("", None)

    text = state.text_of(state.parse(document, crypter), crypter)

    assert json.loads(text)["deployment"]["resources"] == [entry]


def test_outputs_are_printed_one_or_all(embedded: Embedded) -> None:
    embedded.up('pulumi.export("path", "/x")\npulumi.export("list", [1, 2])\npulumi.export("word", Output.secret("swordfish"))')

    assert embedded._checked("stack", "output", "path") == "/x\n"
    assert json.loads(embedded._checked("outputs", "--json")) == {"list": [1, 2], "path": "/x", "word": "[secret]"}
    assert "OUTPUT  VALUE" in embedded._checked("outputs")


def test_a_command_without_a_project_says_so(tmp_path: Path, embedded: Embedded) -> None:
    arguments = embedded._arguments("preview")

    run = subprocess.run(arguments, cwd=tmp_path, env=embedded._environment(), text=True, capture_output=True, check=False)

    assert run.returncode == 2
    assert "no Pulumi.yaml" in run.stderr
