"""What each command does, from state to exit code."""

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from local.engine import digest, state
from local.engine.config import Project, StackFile
from local.engine.deletes import Deletes
from local.engine.display import readable
from local.engine.errors import EngineError
from local.engine.options import Options
from local.engine.refresh import refresh, refreshed
from local.engine.resource import Json
from local.engine.runner import Runner
from local.engine.session import Session, crypter_of, opened
from local.engine.values import reveal

OK, FAILED, CANCELLED = 0, 1, 130
# what the program returns when its error has been shown already
_SHOWN = 32


async def run(options: Options, project: Project, runner: Runner | None) -> int:
    if options.command == "export":
        return await _export(options, project)
    if options.command == "import":
        return await _import(options, project)
    if options.command == "outputs":
        return await _outputs(options, project)
    lock = contextlib.nullcontext() if options.preview_only or options.paper else state.locked(options.state)
    with lock:
        async with opened(options, project) as session:
            return await _deploy(session, runner)


async def _deploy(session: Session, runner: Runner | None) -> int:
    display = session.deployment.display
    display.heading(session.project.name, session.options.stack)
    for what, resource in session.base.pending:
        display.warning(f"the last run broke off while {what} it: what is there may differ from the state", resource.urn)
    _on_interrupt(session, runner)
    await _work(session, runner)
    display.summary()
    if session.options.json:
        print(json.dumps(digest.of(session), indent=2, sort_keys=True))
    return _verdict(session)


async def _work(session: Session, runner: Runner | None) -> None:
    if runner:
        await _evaluate(session, runner)
    elif session.options.command == "destroy":
        await Deletes(session.deployment).run()
    else:
        await _refresh(session)


async def _evaluate(session: Session, runner: Runner) -> None:
    deployment = session.deployment
    settings: Json = {
        "monitor": session.address,
        "engine": session.address,
        "stack": session.options.stack,
        "organization": "organization",
        "parallel": session.options.parallel,
        "dry_run": deployment.preview,
        "config": dict(deployment.config.values),
        "secret_keys": list(deployment.config.secret_keys),
    }
    code = await runner.run(settings, deployment.display.info)
    await session.monitor.settled()
    if code not in (OK, _SHOWN) and not deployment.cancelled:
        deployment.display.error(f"the program ended with exit code {code}")
    await deployment.finish(code == OK)


async def _refresh(session: Session) -> None:
    found = refreshed(session.base, await refresh(session.deployment, session.options.parallel))
    if not session.deployment.preview:
        text = state.text_of(found, session.crypter)
        await asyncio.to_thread(state.write, session.options.state, text)


def _on_interrupt(session: Session, runner: Runner | None) -> None:
    """The first interrupt starts nothing new and waits for what is under way; the second does not wait."""

    def cancel() -> None:
        if session.deployment.cancelled:
            raise KeyboardInterrupt
        session.deployment.cancelled = True
        session.deployment.display.warning("cancelling: what is under way is finished first; interrupt again to leave it")
        if runner:
            runner.kill()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, cancel)


def _verdict(session: Session) -> int:
    deployment, display = session.deployment, session.deployment.display
    noun = {"up": "update"}.get(session.options.command, session.options.command)
    if deployment.cancelled:
        return _end(f"{noun} cancelled", CANCELLED)
    if deployment.failed or display.failures:
        return _end(f"{noun} failed", FAILED)
    if session.options.expect_no_changes and display.changes:
        what = "proposed" if deployment.preview else "occurred"
        return _end(
            f"no changes were expected but changes were {what}" if what == "proposed" else f"no changes were expected but changes {what}",
            FAILED,
        )
    return OK


def _end(text: str, code: int) -> int:
    print(f"error: {text}", file=sys.stderr)
    return code


async def _with_state(options: Options, project: Project, act: Callable[[state.Snapshot, Any], Awaitable[int]]) -> int:
    crypter = await crypter_of(options, StackFile(project, options.stack, options.config_file))
    if not options.state.exists():
        raise EngineError(f"stack '{options.stack}' has no state yet: {options.state} is not there")
    return await act(state.load(options.state, crypter), crypter)


async def _export(options: Options, project: Project) -> int:
    async def act(snapshot: state.Snapshot, crypter: Any) -> int:
        text = state.text_of(snapshot, crypter)
        _emit(options.file, json.dumps(json.loads(text), indent=4) + "\n")
        return OK

    return await _with_state(options, project, act)


async def _import(options: Options, project: Project) -> int:
    source = options.file.read_text() if options.file else sys.stdin.read()
    crypter = await crypter_of(options, StackFile(project, options.stack, options.config_file))
    snapshot = state.parse(json.loads(source), crypter)
    _check_stack(snapshot, options.stack)
    state.check(snapshot)
    with state.locked(options.state):
        state.write(options.state, state.text_of(snapshot, crypter))
    print("Import complete.")
    return OK


def _check_stack(snapshot: state.Snapshot, stack: str) -> None:
    for resource in snapshot.resources:
        if not resource.urn.startswith(f"urn:pulumi:{stack}::"):
            raise EngineError(f"{resource.urn} is of another stack than '{stack}'")


async def _outputs(options: Options, project: Project) -> int:
    async def act(snapshot: state.Snapshot, crypter: Any) -> int:
        found = state.outputs_of(snapshot)
        plain = {key: reveal(value) if options.show_secrets else readable(value) for key, value in found.items()}
        if options.name is not None:
            if options.name not in plain:
                raise EngineError(f"stack '{options.stack}' has no output '{options.name}'")
            _emit(None, _one(plain[options.name], options.json) + "\n")
        else:
            _emit(None, json.dumps(plain, indent=2) + "\n" if options.json else _table(plain))
        return OK

    return await _with_state(options, project, act)


def _one(value: Any, as_json: bool) -> str:
    return value if isinstance(value, str) and not as_json else json.dumps(value)


def _table(found: dict[str, Any]) -> str:
    width = max((len(key) for key in found), default=0) + 2
    lines = [f"Current stack outputs ({len(found)}):", f"    {'OUTPUT':<{max(width, 8)}}VALUE"]
    return "\n".join([*lines, *(f"    {key:<{max(width, 8)}}{_one(found[key], False)}" for key in sorted(found))]) + "\n"


def _emit(file: Path | None, text: str) -> None:
    if file:
        file.write_text(text)
    else:
        sys.stdout.write(text)
