"""Every stack of both revisions, brought up on paper, and what the engine says lies between them."""

import asyncio
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.preview.broken import Broken, broken
from scripts.preview.engine import Engine, Run, opened
from scripts.preview.graph import Graph, Json, Step, aliases_of, graph_of, steps_of
from scripts.preview.revisions import WORKPLACE, PreviewError, Revision


@dataclass(frozen=True)
class Evaluated:
    """One stack of one revision as it would be after an `up`."""

    graph: Graph
    outputs: Json
    config: Mapping[str, str]
    # how it came to be out of nothing
    steps: tuple[Step, ...]
    seconds: float


@dataclass(frozen=True)
class Planned:
    """What `up` of HEAD would do to BASE. By URN: why the engine refuses a step, and what the resource was called in BASE."""

    steps: tuple[Step, ...]
    refusals: Mapping[str, str]
    aliases: Mapping[str, str]
    seconds: float


_PROTECTED = "it is protected: the `protect` flag must be taken off, and that brought up, before it can be deleted"

Outcome = Evaluated | Broken | None


@dataclass(frozen=True)
class Evaluation:
    """A revision that has no such stack is None; so is the plan where a revision is broken."""

    stack: str
    base: Outcome
    head: Outcome
    plan: Planned | Broken | None


def evaluate(head: Revision, base: Revision | None, stacks: Sequence[str] = ()) -> list[Evaluation]:
    """All stacks that either revision has, where none are named."""
    known = head.stacks | (base.stacks if base else frozenset())
    unknown = sorted(set(stacks) - known)
    if unknown:
        raise PreviewError(f"there is no Pulumi.{unknown[0]}.yaml in either revision; stacks are {', '.join(sorted(known))}")
    return asyncio.run(_all(head, base, list(stacks) or sorted(known)))


async def _all(head: Revision, base: Revision | None, stacks: list[str]) -> list[Evaluation]:
    place = head.folder / WORKPLACE
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix="states-") as folder:
        passphrase = Path(folder) / "passphrase"
        passphrase.touch(mode=0o600)
        passphrase.write_text(secrets.token_urlsafe(32))
        with opened(head.folder, passphrase) as engine:
            return await asyncio.gather(*(_stack(engine, head, base, stack, Path(folder) / f"{stack}.json") for stack in stacks))


async def _stack(engine: Engine, head: Revision, base: Revision | None, stack: str, state: Path) -> Evaluation:
    """The longest way is BASE and then the plan, so HEAD goes its own way beside them."""
    before = asyncio.create_task(_before(engine, base, head, stack, state))
    after = await _up(engine, head, stack) if stack in head.stacks else None
    former, plan = await before
    if isinstance(after, Broken):
        # the plan is broken too, and for the same reason
        return Evaluation(stack, former, after, None)
    return Evaluation(stack, former, after, plan or _whole(former, after))


async def _before(
    engine: Engine, base: Revision | None, head: Revision, stack: str, state: Path
) -> tuple[Outcome, Planned | Broken | None]:
    former = await _up(engine, base, stack, state) if base and stack in base.stacks else None
    if stack not in head.stacks or not isinstance(former, Evaluated):
        return former, None
    return former, _planned(await engine.preview(head, stack, state), head)


def _whole(former: Outcome, after: Outcome) -> Planned | None:
    """A stack that one revision does not have is all made, or all deleted: the engine need not be asked."""
    if former is None and isinstance(after, Evaluated):
        return Planned(after.steps, {}, {}, 0.0)
    if after is None and isinstance(former, Evaluated):
        steps = tuple(Step("delete", urn, (), {}, node.protect) for urn, node in former.graph.items())
        return Planned(steps, {urn: _PROTECTED for urn, node in former.graph.items() if node.protect}, {}, 0.0)
    return None


async def _up(engine: Engine, revision: Revision, stack: str, state: Path | None = None) -> Evaluated | Broken:
    run = await engine.up(revision, stack, state)
    if run.failed:
        return broken(run, revision.folder)
    return Evaluated(graph_of(run.document), run.document["outputs"], run.document["config"], steps_of(run.document), run.seconds)


def _planned(run: Run, head: Revision) -> Planned | Broken:
    """A step that is refused is part of the plan: to replace what is protected is a finding, not a broken program."""
    errors = [entry for entry in run.document.get("diagnostics", ()) if entry["severity"] == "error"]
    if not run.document or any(not entry["urn"] for entry in errors):
        return broken(run, head.folder)
    # the URN is the key, and would make alike refusals differ
    refusals = {entry["urn"]: entry["message"].replace(f'resource "{entry["urn"]}"', "it") for entry in errors}
    return Planned(steps_of(run.document), refusals, aliases_of(run.document), run.seconds)
