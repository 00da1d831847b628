"""The two graphs of a preview, and which of their resources are the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from scripts.preview.broken import Broken
from scripts.preview.evaluate import Evaluated, Outcome
from scripts.preview.graph import Graph, Node
from scripts.preview.look import StackPreview


@dataclass(frozen=True)
class Sides:
    """Both revisions evaluate. A stack that a revision does not have is an empty graph: BASE has none of one that is `first`, HEAD of one
    that is `gone`."""

    preview: StackPreview
    before: Graph
    after: Graph
    before_config: Mapping[str, str]
    after_config: Mapping[str, str]
    first: bool
    gone: bool

    @cached_property
    def heirs(self) -> Mapping[str, str]:
        """By the URN of each resource of BASE, that of the same one in HEAD: the program may call it by another name."""
        same = {urn: urn for urn in self.before if urn in self.after}
        for change in self.preview.changes:
            if change.alias_of:
                same[change.alias_of] = change.urn
            elif change.renamed:
                same[change.renamed.old] = change.renamed.new
        return same

    def former(self, urn: str) -> Node | None:
        """What a resource of HEAD was in BASE."""
        return self.before.get(self._ancestors.get(urn, ""))

    def of_type(self, *types: str) -> Iterator[tuple[Node | None, Node]]:
        """HEAD's resources of these types, each with what it was in BASE."""
        return ((self.former(urn), node) for urn, node in self.after.items() if node.type in types)

    @cached_property
    def _ancestors(self) -> Mapping[str, str]:
        return {new: old for old, new in self.heirs.items()}


def sides(preview: StackPreview) -> Sides | None:
    """None where a revision is broken: there is nothing to compare, and the verdict says why."""
    base, head = preview.evaluation.base, preview.evaluation.head
    if isinstance(base, Broken) or isinstance(head, Broken):
        return None
    return Sides(preview, _graph(base), _graph(head), _config(base), _config(head), preview.new, preview.gone)


def _graph(side: Outcome) -> Graph:
    return side.graph if isinstance(side, Evaluated) else {}


def _config(side: Outcome) -> Mapping[str, str]:
    return side.config if isinstance(side, Evaluated) else {}
