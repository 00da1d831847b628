"""Vertex AI's methods: what each asks for on the resource that it names, and as whom it makes others act."""

from collections.abc import Mapping, Sequence

from local.iam.apis import UnknownMethod, by_id
from local.iam.needs import Need, Resource, acting_as
from local.interfaces import Json
from local.layout import Project

_SERVICE = "aiplatform.googleapis.com"

METHODS: Mapping[str, str] = {
    "CreatePipelineJob": "aiplatform.pipelineJobs.create",
    "GetPipelineJob": "aiplatform.pipelineJobs.get",
    "ListPipelineJobs": "aiplatform.pipelineJobs.list",
    "CancelPipelineJob": "aiplatform.pipelineJobs.cancel",
    "DeletePipelineJob": "aiplatform.pipelineJobs.delete",
    "CreateCustomJob": "aiplatform.customJobs.create",
    "GetCustomJob": "aiplatform.customJobs.get",
    "ListCustomJobs": "aiplatform.customJobs.list",
    "CancelCustomJob": "aiplatform.customJobs.cancel",
    "DeleteCustomJob": "aiplatform.customJobs.delete",
    "UploadModel": "aiplatform.models.upload",
    "GetModel": "aiplatform.models.get",
    "ListModels": "aiplatform.models.list",
    "ListModelVersions": "aiplatform.models.list",
    "DeleteModel": "aiplatform.models.delete",
    "DeleteModelVersion": "aiplatform.models.delete",
    "CreateEndpoint": "aiplatform.endpoints.create",
    "GetEndpoint": "aiplatform.endpoints.get",
    "ListEndpoints": "aiplatform.endpoints.list",
    "UpdateEndpoint": "aiplatform.endpoints.update",
    "DeleteEndpoint": "aiplatform.endpoints.delete",
    "DeployModel": "aiplatform.endpoints.deploy",
    "UndeployModel": "aiplatform.endpoints.undeploy",
    "Predict": "aiplatform.endpoints.predict",
    "RawPredict": "aiplatform.endpoints.predict",
    "ListOperations": "aiplatform.operations.list",
    "CancelOperation": "aiplatform.operations.list",
    "DeleteOperation": "aiplatform.operations.list",
}
# Google has no permission for these: whoever may begin an operation may see how it ends
FREE = frozenset({"GetOperation", "WaitOperation"})

_ACTORS: Mapping[str, tuple[str, ...]] = {
    "CreatePipelineJob": ("pipelineJob", "serviceAccount"),
    "CreateCustomJob": ("customJob", "jobSpec", "serviceAccount"),
    "DeployModel": ("deployedModel", "serviceAccount"),
}


def needs(project: Project, method: str, name: str, request: Json) -> Sequence[Need]:
    """`name` is the resource that the request is about. Raises UnknownMethod."""
    if method in FREE:
        return ()
    if method not in METHODS:
        raise UnknownMethod(method)
    name = by_id(project, name)
    above = "/".join(name.split("/")[:2])
    own = Need(METHODS[method], Resource(name, f"{_SERVICE}/{_type(name)}", _SERVICE, (name, above)))
    actor = _actor(project, method, request)
    return [own, acting_as(project, actor)] if actor else [own]


def words(need: Need) -> str:
    if need.permission == "iam.serviceAccounts.actAs":
        return f"You do not have permission to act as service_account: {need.resource.name.rpartition('/')[2]}. (or it may not exist)."
    return f"Permission '{need.permission}' denied on resource '//{_SERVICE}/{need.resource.name}' (or it may not exist)."


def _actor(project: Project, method: str, request: Json) -> str:
    """The account that the new thing runs as; "" for Google's own agent, as which everybody may let things run."""
    found: object = request
    for key in _ACTORS.get(method, ("",)):
        found = found.get(key) if isinstance(found, dict) else None
    unnamed = f"{project.number}-compute@developer.gserviceaccount.com" if method == "CreatePipelineJob" else ""
    return str(found or unnamed)


def _type(name: str) -> str:
    """`…/locations/L` is a Location, `…/pipelineJobs/J` a PipelineJob."""
    parts = name.split("/")
    kind = parts[-2] if len(parts) > 1 else "resources"
    return kind[:1].upper() + kind[1:].removesuffix("s")
