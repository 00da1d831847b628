"""A preview, from a folder and the name of a revision to what changes in each stack."""

import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from scripts.preview.changes import Change, changes
from scripts.preview.environments import with_own_packages
from scripts.preview.evaluate import Evaluation, evaluate
from scripts.preview.revisions import Revision, checked_out, working_tree


@dataclass(frozen=True)
class StackPreview:
    evaluation: Evaluation
    changes: tuple[Change, ...]

    @property
    def name(self) -> str:
        return self.evaluation.stack

    @property
    def new(self) -> bool:
        """BASE has no such stack, or there is no BASE."""
        return self.evaluation.base is None

    @property
    def gone(self) -> bool:
        return self.evaluation.head is None


@dataclass(frozen=True)
class Preview:
    """`base` is None where HEAD is compared with nothing at all."""

    head: Revision
    base: Revision | None
    stacks: tuple[StackPreview, ...]
    seconds: float


def look(folder: Path, base: str | None = None, stacks: Sequence[str] = ()) -> Preview:
    """Raises PreviewError where there is nothing to preview; a program that is broken is a result. BASE's worktree is gone afterwards."""
    began = time.monotonic()
    head = working_tree(folder)
    with ExitStack() as stack:
        former = with_own_packages(stack.enter_context(checked_out(base, head)), head) if base else None
        found = evaluate(head, former, stacks)
    return Preview(head, former, tuple(StackPreview(entry, tuple(changes(entry))) for entry in found), time.monotonic() - began)
