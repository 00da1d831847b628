"""The bindings of a graph: who holds which role where, under the names that the program has for them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scripts.preview.graph import Graph, Json, Node

_ACCOUNT, _ROLE, _PROJECT = "gcp:serviceaccount/account:Account", "gcp:projects/iAMCustomRole:IAMCustomRole", "project"
_BINDS = re.compile(r"(IAMMember|IamMember|IAMBinding|IamBinding|AccessControl)$")
# what names the place in a binding's inputs, the first that is there
_PLACES = (
    "bucket", "topic", "subscription", "repository", "serviceAccountId", "cryptoKeyId", "keyRingId", "secretId", "datasetId",
    "cloudRunServiceName", "cloudFunction", "service", "name", "job", "instance", "folder", "orgId", "project",
)  # fmt: skip
_PREFIX = re.compile(r'resource\.name\.startsWith\("projects/_/buckets/[^/"]+/objects/([^"]*)"\)')
_EXACT = re.compile(r'^resource\.name == "[^"]*/([^/"]+)/([^/"]+)"$')
_AGENTS: Mapping[str, str] = {
    "gcp-sa-pubsub": "Pub/Sub's agent",
    "gcp-sa-iap": "IAP's agent",
    "gcp-sa-monitoring-notification": "Monitoring's agent",
    "gcp-sa-firestore": "Firestore's agent",
    "gcp-sa-artifactregistry": "Artifact Registry's agent",
    "gcp-sa-aiplatform": "Vertex AI's agent",
    "gs-project-accounts": "Cloud Storage's agent",
    "serverless-robot-prod": "Cloud Run's agent",
    "gcf-admin-robot": "Cloud Functions' agent",
}
EVERYBODY: Mapping[str, str] = {"allUsers": "anybody on the internet", "allAuthenticatedUsers": "anybody with a Google account"}


@dataclass(frozen=True, order=True)
class Holder:
    """Who holds a role where: `who` and `where` are URNs of HEAD for what is in the graph, and as they stand for what is not."""

    who: str
    where: str
    only: str


@dataclass(frozen=True)
class Grant:
    """`role` is Google's, or the URN of a custom role of the program."""

    holder: Holder
    role: str
    place: str


class Names:
    """What members, places and roles of one graph are called; `heirs` gives the URN in HEAD of what is the same there."""

    def __init__(self, graph: Graph, heirs: Mapping[str, str]) -> None:
        self._graph, self._heirs = graph, heirs
        self._by_value: dict[str, str] = {}
        self._by_role: dict[str, str] = {}
        for urn, node in graph.items():
            if not _BINDS.search(node.type) and node.custom:
                for value in _values(node):
                    self._by_value.setdefault(value, urn)

    def grants(self) -> Iterator[Grant]:
        for node in self._graph.values():
            if _BINDS.search(node.type) and "role" in node.inputs:
                for member in _members(node.inputs):
                    yield self._grant(node, member)

    def _grant(self, node: Node, member: str) -> Grant:
        argument, value = next(((name, str(node.inputs[name])) for name in _PLACES if node.inputs.get(name)), (_PROJECT, ""))
        where = _PROJECT if argument == _PROJECT else self._urn(value, node)
        holder = Holder(self._urn(member.partition(":")[2], None) if ":" in member else member, where, _only(node.inputs.get("condition")))
        if ":" in member and "::" not in holder.who:
            holder = Holder(member, where, holder.only)
        return Grant(holder, self._role(str(node.inputs["role"])), node.place)

    def _role(self, role: str) -> str:
        """By its id, since its name is what Google makes of that."""
        return self._urn(role, None)

    def _urn(self, value: str, binding: Node | None) -> str:
        """Names are unique within a type only, so the resource that the binding says its place comes from goes first."""
        found = ""
        if binding:
            given = [urn for urns in binding.property_dependencies.values() for urn in urns]
            found = next((urn for urn in given if urn in self._graph and value in _values(self._graph[urn])), "")
        found = found or self._by_value.get(value, "")
        return self._heirs.get(found, found) or value


def _values(node: Node) -> set[str]:
    """What a binding may call it by."""
    known = (node.id, *(node.inputs.get(name) for name in ("name", "accountId")), *(node.outputs.get(name) for name in ("name", "email")))
    return {value for value in known if isinstance(value, str) and value}


def _members(inputs: Json) -> Sequence[str]:
    found = inputs.get("members") or [inputs.get("member") or inputs.get("entity") or ""]
    return [str(member) for member in found]


def _only(condition: object) -> str:
    """The condition in words; what is not one of ours stands as it is."""
    if not isinstance(condition, dict):
        return ""
    expression = str(condition.get("expression", ""))
    if prefixes := _PREFIX.findall(expression):
        return f"within {' or '.join(f'`{prefix}`' for prefix in prefixes)}"
    if found := _EXACT.match(expression):
        return f"only {found[1].rstrip('s')} `{found[2]}`"
    return f"only where `{expression}`"


def who(name: str, *graphs: Graph) -> str:
    """A member in a sentence."""
    for graph in graphs:
        if name in graph:
            return f"`{graph[name].name}`"
    if name in EVERYBODY:
        return f"**{EVERYBODY[name]}**"
    kind, _, rest = name.partition(":")
    domain = rest.rpartition("@")[2].partition(".")[0]
    agent = _AGENTS.get(domain) or _AGENTS.get(rest.partition("@")[0])
    return agent or f"{'' if kind == 'serviceAccount' else f'{kind} '}`{rest or name}`"


def where(name: str, *graphs: Graph) -> str:
    for graph in graphs:
        if name in graph:
            return f"`{graph[name].name}`"
    return "the project" if name == _PROJECT else f"`{name.rpartition('/')[2]}`"


def custom_roles(graph: Graph) -> Iterator[Node]:
    return (node for node in graph.values() if node.type == _ROLE)


def accounts(graph: Graph) -> frozenset[str]:
    return frozenset(urn for urn, node in graph.items() if node.type == _ACCOUNT)
