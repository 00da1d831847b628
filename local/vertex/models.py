"""The model registry: models with versions, of which aliases name one each."""

from collections.abc import Callable, Iterable

from local.interfaces import Json
from local.vertex import filters, listing
from local.vertex.errors import invalid, missing, taken, unmet
from local.vertex.methods import EMPTY, OPERATION, V1, Method, v1
from local.vertex.names import Names, check_id, check_labels, now, numeric_id
from local.vertex.operations import Operations
from local.vertex.store import Store

_KIND = "model"
_ID = r"[a-z_][a-z0-9_-]{0,62}"
_ALIAS = r"[a-z][a-zA-Z0-9-]{0,126}[a-z0-9]"
_DEFAULT = "default"
_OUTPUT_ONLY = {"name", "versionId", "versionCreateTime", "versionUpdateTime", "createTime", "updateTime", "deployedModels", "etag"}
# Google's high-level client deploys nothing that does not say so.
_DEPLOYABLE = {"supportedDeploymentResourcesTypes": ["DEDICATED_RESOURCES"]}
_FIELDS = {
    "model": lambda item: str(item["name"]).rpartition("/")[2],
    "display_name": filters.text("displayName"),
    "create_time": filters.text("createTime"),
    "update_time": filters.text("updateTime"),
}
_MODEL = "projects/*/locations/*/models/*"
_SERVICE = "ModelService"

# The deployments of a model, as `{"endpoint": ..., "deployedModelId": ...}`.
Deployments = Callable[[str], Iterable[Json]]


class Models:
    """Each version is a resource of its own in the store, `…/models/ID@N`."""

    def __init__(self, store: Store, names: Names, operations: Operations, deployments: Deployments) -> None:
        self._store = store
        self._names = names
        self._operations = operations
        self._deployments = deployments

    def methods(self) -> list[Method]:
        at, parent = f"{{name={_MODEL}}}", "{parent=projects/*/locations/*}/models"
        return [
            v1(_SERVICE, "UploadModel", "POST", f"{parent}:upload", self._upload, OPERATION, "*"),
            v1(_SERVICE, "GetModel", "GET", at, self._get, "Model"),
            v1(_SERVICE, "ListModels", "GET", parent, self._list, "ListModelsResponse"),
            v1(_SERVICE, "ListModelVersions", "GET", f"{at}:listVersions", self._list_versions, "ListModelVersionsResponse"),
            v1(_SERVICE, "DeleteModel", "DELETE", at, self._delete, OPERATION),
            v1(_SERVICE, "DeleteModelVersion", "DELETE", f"{at}:deleteVersion", self._delete_version, OPERATION),
        ]

    def version(self, text: str) -> Json:
        """By `…/models/ID`, `ID@N` or `ID@alias`. Raises NOT_FOUND."""
        name, _, wanted = self._names.resource(text, "models").partition("@")
        for version in self._versions(name):
            if (wanted or _DEFAULT) in {version["versionId"], *version.get("versionAliases", [])}:
                return version
        raise missing(f"{name}@{wanted}" if wanted else name)

    async def _upload(self, request: Json) -> Json:
        model = {key: value for key, value in request.get("model", {}).items() if key not in _OUTPUT_ONLY}
        _check(model)
        name = self._target(request)
        version = self._added(name, model)
        response = {"model": name, "modelVersionId": version["versionId"]}
        return self._operations.finished(name, "UploadModel", f"{V1}.UploadModelResponse", response)

    def _target(self, request: Json) -> str:
        """The model that a version is added to: a new one, or `parentModel`."""
        if request.get("parentModel"):
            return str(self.version(request["parentModel"])["name"])
        chosen = request.get("modelId")
        identifier = check_id(chosen, _ID, "model_id") if chosen else numeric_id()
        name = f"{self._names.location(request.get('parent', ''))}/models/{identifier}"
        if self._versions(name):
            raise taken(name)
        return name

    def _added(self, name: str, model: Json) -> Json:
        older = self._versions(name)
        number = str(1 + max((int(version["versionId"]) for version in older), default=0))
        aliases = list(dict.fromkeys([*model.get("versionAliases", []), *([] if older else [_DEFAULT])]))
        for version in older:
            version["versionAliases"] = [alias for alias in version.get("versionAliases", []) if alias not in aliases]
            self._store.put(_KIND, _key(version), version)
        moment = now()
        times = dict.fromkeys(("versionCreateTime", "versionUpdateTime", "updateTime"), moment)
        created = older[0]["createTime"] if older else moment
        added = {**model, **_DEPLOYABLE, "name": name, "versionId": number, "versionAliases": aliases, "createTime": created, **times}
        self._store.insert(_KIND, _key(added), added)
        return added

    async def _get(self, request: Json) -> Json:
        return self._shown(self.version(request.get("name", "")))

    async def _list(self, request: Json) -> Json:
        self._names.location(request.get("parent", ""))
        defaults = [self._shown(version) for version in self._store.all(_KIND) if _DEFAULT in version.get("versionAliases", [])]
        return listing.answer("models", *listing.page(defaults, request, _FIELDS))

    async def _list_versions(self, request: Json) -> Json:
        name = self.version(request.get("name", ""))["name"]
        versions = [{**self._shown(version), "name": _key(version)} for version in self._versions(name)]
        return listing.answer("models", *listing.page(versions, request, _FIELDS))

    async def _delete(self, request: Json) -> Json:
        """All versions."""
        name = self._names.resource(request.get("name", ""), "models")
        versions = self._versions(name)
        if not versions:
            raise missing(name)
        self._refuse_deployed(versions)
        for version in versions:
            self._store.delete(_key(version))
        return self._operations.finished(name, "Delete", EMPTY, {})

    async def _delete_version(self, request: Json) -> Json:
        version = self.version(request.get("name", ""))
        if _DEFAULT in version.get("versionAliases", []):
            raise unmet(f"Cannot delete the default version of the Model `{version['name']}`. Delete the model, or move the alias first.")
        self._refuse_deployed([version])
        self._store.delete(_key(version))
        return self._operations.finished(version["name"], "Delete", EMPTY, {})

    def _refuse_deployed(self, versions: list[Json]) -> None:
        for version in versions:
            for deployment in self._deployments(_key(version)):
                raise unmet(f"Cannot delete the Model `{_key(version)}`: it is deployed to `{deployment['endpoint']}`. Undeploy it first.")

    def _versions(self, name: str) -> list[Json]:
        """Oldest first."""
        versions = (version for version in self._store.all(_KIND) if version["name"] == name)
        return sorted(versions, key=lambda version: int(version["versionId"]))

    def _shown(self, version: Json) -> Json:
        deployed = list(self._deployments(_key(version)))
        return {**version, "deployedModels": deployed} if deployed else version


def _key(version: Json) -> str:
    return f"{version['name']}@{version['versionId']}"


def _check(model: Json) -> None:
    if not model.get("displayName"):
        raise invalid("model.display_name is required.")
    if not model.get("containerSpec", {}).get("imageUri"):
        raise invalid("model.container_spec.image_uri is required.")
    if model.get("artifactUri") and not model["artifactUri"].startswith("gs://"):
        raise invalid(f"model.artifact_uri `{model['artifactUri']}` must start with gs://.")
    check_labels(model.get("labels", {}))
    for alias in model.get("versionAliases", []):
        check_id(alias, _ALIAS, "version alias")
