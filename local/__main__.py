"""The local cloud's command line: `python -m local --help` lists its commands."""

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local import client, daemon
from local.iam.principals import OWNER
from local.layout import Layout

_NOT_RUNNING = 3


@dataclass(frozen=True)
class Settings:
    """What the flags said."""

    root: Path
    command: str
    progress_fd: int | None = None
    json: bool = False
    user: str = ""
    audience: str = ""
    account: str = ""
    name: str = ""
    follow: bool = False


def _settings(arguments: list[str]) -> Settings:
    everywhere = argparse.ArgumentParser(add_help=False)
    everywhere.add_argument("--root", type=Path, default=Path(".local"), help="the state folder (.local)")
    parser = argparse.ArgumentParser(prog="python -m local", description="A cloud for one machine.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[everywhere])

    command("start", "start the local cloud in the background and wait until it is ready")
    command("run", "run the local cloud in the foreground").add_argument("--progress-fd", type=int, help=argparse.SUPPRESS)
    command("stop", "stop the local cloud and wait until nothing of it is left")
    command("status", "show all parts in one table").add_argument("--json", action="store_true")
    token = command("token", "print an identity token for programmatic access")
    token.add_argument("--user", required=True, metavar="EMAIL")
    token.add_argument("--audience", required=True, metavar="AUD", help="a service's URI, or its IAP audience")
    environment = command("environment", "print the variables with which a program on this laptop acts as a service account")
    environment.add_argument("--account", default=OWNER, metavar="EMAIL", help="without it, the laptop's own user, who may do everything")
    environment.add_argument("--json", action="store_true", help="one JSON object instead of KEY=VALUE lines")
    logs = command("logs", "print the log of one service, function or job; of the daemon without a name")
    logs.add_argument("name", nargs="?", default="cloud")
    logs.add_argument("-f", "--follow", action="store_true")
    command("run-schedule", "call a scheduled job now").add_argument("name")
    command("bindings", "list who may do what, as it is enforced now")
    command("refusals", "list what was refused to whom, and which role would have allowed it")
    command("doctor", "what this machine has and lacks")
    given = vars(parser.parse_args(arguments))
    return Settings(**{**given, "root": given["root"].resolve()})


def _say(line: str) -> None:
    print(line, flush=True)


def _start(settings: Settings) -> int:
    return daemon.start(settings.root, _say)


def _run(settings: Settings) -> int:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s", stream=sys.stdout)
    try:
        with daemon.guarded(settings.root):
            return asyncio.run(_serve(settings, time.monotonic()))
    except daemon.DaemonError as error:
        _say(str(error))
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


async def _serve(settings: Settings, began: float) -> int:
    from local.cloud import LocalCloud
    from local.parts import PartFailed

    progress, close = _progress(settings.progress_fd)
    told = asyncio.create_task(daemon.until_told(), name="signals")
    cloud = LocalCloud(settings.root, progress, began)
    starting = asyncio.create_task(cloud.start(), name="start")
    try:
        await asyncio.wait([starting, told], return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            close()
            await told
        return 0
    except PartFailed as error:
        progress(str(error))
        return 1
    finally:
        starting.cancel()
        await asyncio.wait([starting])
        await cloud.stop()


def _progress(descriptor: int | None) -> tuple[Callable[[str], None], Callable[[], None]]:
    """Lines to whoever started us, and to the log."""
    if descriptor is None:
        return _say, lambda: None
    pipe = os.fdopen(descriptor, "w", buffering=1)

    def tell(line: str) -> None:
        _say(line)
        try:
            pipe.write(line + "\n")
        except (BrokenPipeError, ValueError):
            return

    return tell, pipe.close


def _stop(settings: Settings) -> int:
    try:
        parts = [part["part"] for part in client.ask(settings.root, "/status")["parts"]]
    except client.NotRunning:
        parts = []
    began = time.monotonic()
    if daemon.stop(settings.root):
        _say(f"stopped in {time.monotonic() - began:.1f} s: {', '.join(parts) or 'the daemon'}")
    else:
        _say("the local cloud is not running")
    return 0


def _status(settings: Settings) -> int:
    from local import status

    try:
        found = status.with_memory(client.ask(settings.root, "/status"))
    except client.NotRunning as error:
        _say(json.dumps({"running": False}) if settings.json else str(error))
        return _NOT_RUNNING
    _say(json.dumps({"running": True, **found}, indent=2) if settings.json else status.table(found))
    return 0


def _token(settings: Settings) -> int:
    from local.gateway.tokens import Tokens

    _say(Tokens(Layout(settings.root)).identity_token(settings.user, settings.audience))
    return 0


def _environment(settings: Settings) -> int:
    try:
        variables = client.environment(settings.root, settings.account)
    except client.NotRunning as error:
        print(error, file=sys.stderr)
        return _NOT_RUNNING
    except client.UnknownAccount as error:
        print(error, file=sys.stderr)
        return 1
    _say(json.dumps(variables, indent=2) if settings.json else "\n".join(f"{name}={value}" for name, value in variables.items()))
    return 0


def _logs(settings: Settings) -> int:
    folder = settings.root / "logs"
    path = folder / f"{settings.name}.log"
    if not path.is_file():
        known = ", ".join(sorted(log.stem for log in folder.glob("*.log")))
        _say(f"there is no log called {settings.name!r}; there is {known or 'none'}")
        return 1
    try:
        with path.open(errors="replace") as log:
            while True:
                sys.stdout.write(log.read())
                sys.stdout.flush()
                if not settings.follow:
                    return 0
                time.sleep(0.2)
    except (KeyboardInterrupt, BrokenPipeError):
        return 0


def _run_schedule(settings: Settings) -> int:
    try:
        result = client.ask(settings.root, f"/schedules/{settings.name}", method="POST")
    except client.NotRunning as error:
        _say(str(error))
        return _NOT_RUNNING
    _say(result["text"])
    return 0 if result["ok"] else 1


def _bindings(settings: Settings) -> int:
    try:
        rows = client.ask(settings.root, "/iam/bindings")["bindings"]
    except client.NotRunning as error:
        _say(str(error))
        return _NOT_RUNNING
    for row in rows:
        _say(row["id"] + (f"  if {row['condition']}" if row["condition"] else "") + ("  (suspended)" if row["suspended"] else ""))
    return 0


def _refusals(settings: Settings) -> int:
    from local.iam.refusals import file_of, listed

    for refusal in listed(file_of(Layout(settings.root))):
        hint = f"  ({refusal.role} has it)" if refusal.role else ""
        _say(f"{refusal.time}  {refusal.principal}  {refusal.permission}  {refusal.resource}{hint}")
    return 0


def _doctor(settings: Settings) -> int:
    from local import doctor

    findings = list(doctor.examine(settings.root, daemon.Lock(settings.root).owner() is not None))
    for finding in findings:
        _say(str(finding))
    return 0 if all(finding.ok or not finding.needed for finding in findings) else 1


_COMMANDS: dict[str, Callable[[Settings], int]] = {
    "start": _start,
    "run": _run,
    "stop": _stop,
    "status": _status,
    "token": _token,
    "environment": _environment,
    "logs": _logs,
    "run-schedule": _run_schedule,
    "bindings": _bindings,
    "refusals": _refusals,
    "doctor": _doctor,
}


if __name__ == "__main__":
    chosen = _settings(sys.argv[1:])
    sys.exit(_COMMANDS[chosen.command](chosen))
