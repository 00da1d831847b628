"""The checks, run side by side, told in their order."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from scripts.doctor import base_model, capacity, machine, policies, project
from scripts.doctor.finding import Finding, fail, ok, warn
from scripts.doctor.google import Google, NoCredentials, Unanswered
from scripts.doctor.stack import Stack, Unbuildable

Ask = Callable[[Stack, Google], Iterable[Finding]]
SignIn = Callable[[str], Google]
# in the order of the fixes: what comes first stands in the way of what follows
ASKED: Sequence[tuple[str, Ask]] = (
    ("project", project.identity),
    ("billing", project.billing),
    ("apis", project.apis),
    ("permissions", project.permissions),
    ("policies", policies.policies),
    ("quotas", capacity.quotas),
    ("base model", base_model.base_model),
)


def examine(stack: Stack, sign_in: SignIn, docker: Path) -> Iterator[tuple[str, Finding]]:
    with ThreadPoolExecutor(max_workers=len(ASKED) + 4) as pool:
        own = [
            ("program", pool.submit(_told, lambda: _program(stack))),
            ("pulumi", pool.submit(_told, lambda: machine.pulumi(stack))),
            ("docker", pool.submit(_told, lambda: machine.docker(stack, docker))),
        ]
        try:
            google = sign_in(stack.project)
        except NoCredentials as error:
            yield "credentials", fail(f"{error}; nothing of Google's was asked", error.fix)
            asked: list[tuple[str, Future[list[Finding]]]] = []
        else:
            yield "credentials", ok(google.caller or "accepted, but they do not say whose they are")
            asked = [(name, pool.submit(_asked, check, stack, google)) for name, check in ASKED]
        for name, told in [*own, *asked]:
            yield from ((name, finding) for finding in told.result())


def _program(stack: Stack) -> Iterator[Finding]:
    try:
        yield ok(f"{len(stack.resources)} resources in {stack.region}")
    except Unbuildable as error:
        yield fail(f"cannot be evaluated:\n{error}", f"make preview STACK={stack.name}")


def _told(check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    return list(check())


def _asked(check: Ask, stack: Stack, google: Google) -> list[Finding]:
    try:
        return list(check(stack, google))
    except Unanswered as error:
        return [warn(f"cannot be told: {error}", error.fix)]
    except Unbuildable:
        return [warn("cannot be told before the program can be evaluated", f"make preview STACK={stack.name}")]
