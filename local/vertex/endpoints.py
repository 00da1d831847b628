"""Endpoints: made, listed, changed and deleted. What is deployed to them is in deployments.py."""

from collections.abc import Iterator

from local.interfaces import Json
from local.vertex import filters, listing
from local.vertex.errors import invalid, unmet
from local.vertex.methods import EMPTY, OPERATION, V1, Method, v1
from local.vertex.names import Names, check_id, check_labels, now, numeric_id
from local.vertex.operations import Operations
from local.vertex.store import Store

KIND = "endpoint"
SERVICE = "EndpointService"
ENDPOINT = "projects/*/locations/*/endpoints/*"
_ID = r"[a-z]([a-z0-9-]{0,61}[a-z0-9])?|[1-9][0-9]{0,8}"
_OUTPUT_ONLY = {"name", "deployedModels", "createTime", "updateTime", "etag", "modelDeploymentMonitoringJob", "trafficSplit"}
_CHANGEABLE = {"displayName", "description", "labels", "trafficSplit"}
_FIELDS = {
    "endpoint": lambda item: str(item["name"]).rpartition("/")[2],
    "display_name": filters.text("displayName"),
    "create_time": filters.text("createTime"),
    "update_time": filters.text("updateTime"),
}


class Endpoints:
    def __init__(self, store: Store, names: Names, operations: Operations) -> None:
        self._store = store
        self._names = names
        self._operations = operations

    def methods(self) -> list[Method]:
        at, parent = f"{{name={ENDPOINT}}}", "{parent=projects/*/locations/*}/endpoints"
        return [
            v1(SERVICE, "CreateEndpoint", "POST", parent, self._create, OPERATION, "endpoint"),
            v1(SERVICE, "GetEndpoint", "GET", at, self._get, "Endpoint"),
            v1(SERVICE, "ListEndpoints", "GET", parent, self._list, "ListEndpointsResponse"),
            v1(SERVICE, "UpdateEndpoint", "PATCH", f"{{endpoint.name={ENDPOINT}}}", self._update, "Endpoint", "endpoint"),
            v1(SERVICE, "DeleteEndpoint", "DELETE", at, self._delete, OPERATION),
        ]

    def get(self, text: str) -> Json:
        """Raises NOT_FOUND."""
        return self._store.get(self._names.resource(text, "endpoints"))

    def all(self) -> Iterator[Json]:
        return self._store.all(KIND)

    def save(self, endpoint: Json) -> None:
        self._store.put(KIND, endpoint["name"], {**endpoint, "updateTime": now(), "etag": numeric_id()})

    def deployments(self, version: str) -> Iterator[Json]:
        """Where a model's version, `…/models/ID@N`, is deployed."""
        for endpoint in self.all():
            for deployed in endpoint.get("deployedModels", []):
                if f"{deployed['model']}@{deployed['modelVersionId']}" == version:
                    yield {"endpoint": endpoint["name"], "deployedModelId": deployed["id"]}

    async def _create(self, request: Json) -> Json:
        endpoint = {key: value for key, value in request.get("endpoint", {}).items() if key not in _OUTPUT_ONLY}
        if not endpoint.get("displayName"):
            raise invalid("endpoint.display_name is required.")
        check_labels(endpoint.get("labels", {}))
        chosen = request.get("endpointId")
        identifier = check_id(chosen, _ID, "endpoint_id") if chosen else numeric_id()
        name = f"{self._names.location(request.get('parent', ''))}/endpoints/{identifier}"
        moment = now()
        endpoint |= {"name": name, "createTime": moment, "updateTime": moment, "etag": numeric_id()}
        self._store.insert(KIND, name, endpoint)
        return self._operations.finished(name, "CreateEndpoint", f"{V1}.Endpoint", endpoint)

    async def _get(self, request: Json) -> Json:
        return self.get(request.get("name", ""))

    async def _list(self, request: Json) -> Json:
        self._names.location(request.get("parent", ""))
        return listing.answer("endpoints", *listing.page(self.all(), request, _FIELDS))

    async def _update(self, request: Json) -> Json:
        change = request.get("endpoint", {})
        endpoint = self.get(change.get("name", ""))
        paths = [path for path in request.get("updateMask", "").split(",") if path]
        for path in paths:
            if path not in _CHANGEABLE:
                raise invalid(f"Invalid update_mask path `{path}`: one of {', '.join(sorted(_CHANGEABLE))} can be changed.")
            endpoint[path] = change.get(path, {} if path in {"labels", "trafficSplit"} else "")
        check_labels(endpoint.get("labels", {}))
        check_split(endpoint, endpoint.get("trafficSplit", {}))
        self.save(endpoint)
        return self.get(endpoint["name"])

    async def _delete(self, request: Json) -> Json:
        endpoint = self.get(request.get("name", ""))
        deployed = [model["id"] for model in endpoint.get("deployedModels", [])]
        if deployed:
            raise unmet(
                f"Endpoint `{endpoint['name']}` cannot be deleted: deployed models {', '.join(deployed)} are on it. Undeploy them first."
            )
        self._store.delete(endpoint["name"])
        self._store.delete(use_key(endpoint["name"]))
        return self._operations.finished(endpoint["name"], "Delete", EMPTY, {})


def use_key(endpoint: str) -> str:
    """Where the use of an endpoint is counted."""
    return f"{endpoint}/use"


def check_split(endpoint: Json, split: dict[str, int]) -> None:
    """A split is empty (no traffic) or gives all of it to models that are there."""
    known = {model["id"] for model in endpoint.get("deployedModels", [])}
    strangers = sorted(set(split) - known)
    if strangers:
        raise invalid(f"traffic_split names {', '.join(strangers)}, which is not deployed to `{endpoint['name']}`.")
    if split and sum(split.values()) != 100:
        raise invalid(f"The percentages of traffic_split must add up to 100, not {sum(split.values())}.")
