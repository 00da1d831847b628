import json
import os
import re
from pathlib import Path
from typing import Any

from tests.infra.conftest import Graph

GOLDEN = Path(__file__).parent / "golden"
# what follows from the content of sources, not from the program
_CONTENT = re.compile(r"\b[0-9a-f]{16,64}\b")
_CHURNING = {"__defaults", "contextDigest"}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "hash" in value:
            return "an asset"
        return {key: _plain(item) for key, item in sorted(value.items()) if key not in _CHURNING}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return _CONTENT.sub("<content>", value) if isinstance(value, str) else value


def picture(graph: Graph) -> str:
    """A line for each resource: what it is, where it stands, what it is told."""
    lines = []
    for urn, resource in graph.items():
        _, _, kind_path, name = urn.rsplit("::", 3)[-4:] if urn.count("::") > 3 else urn.split("::")
        kind = kind_path.rpartition("$")[2]
        if not kind.startswith("pulumi:providers"):
            lines.append(f"{kind} {name} {json.dumps(_plain(resource['inputs']), sort_keys=True)}")
    return "\n".join(sorted(lines)) + "\n"


def test_the_resource_graph_is_the_one_that_was_reviewed(stack: str, graph: Graph) -> None:
    file = GOLDEN / f"{stack}.txt"
    now = picture(graph)
    if os.environ.get("GOLDEN") == "write":
        file.write_text(now)

    assert file.read_text().splitlines() == now.splitlines(), "reviewed and meant? GOLDEN=write makes it the new one"


# one for each of a list in the configuration, or there with a key of it only
_AS_CONFIGURED = r".*(::designers-|BucketObject::base-|NotificationChannel::|billingbudgets|:Budget::).*|^urn:pulumi:\w+|::pulumi:.*"


def test_stacks_differ_in_values_only(graph_of: Any) -> None:
    urns = {stack: {re.sub(_AS_CONFIGURED, "", urn) for urn in graph_of(stack)} - {""} for stack in ("local", "dev", "prod")}

    assert urns["local"] == urns["dev"] == urns["prod"]
