"""Models on endpoints: deployed, undeployed, and served again after a restart."""

import asyncio
import re

from local.interfaces import Containers, Json
from local.layout import Project
from local.vertex.endpoints import ENDPOINT, SERVICE, Endpoints, check_split
from local.vertex.errors import ApiError, Code, invalid, missing, unmet
from local.vertex.methods import OPERATION, V1, Method, v1
from local.vertex.models import Models
from local.vertex.names import check_id, now, numeric_id
from local.vertex.operations import Operations
from local.vertex.serving import Deployment, NotServing, Replica

_ID = r"[0-9]{1,10}"
# The key by which a traffic split names the model that is being deployed.
_THIS = "0"


class Deployments:
    def __init__(self, endpoints: Endpoints, models: Models, operations: Operations, containers: Containers, project: Project) -> None:
        self._endpoints = endpoints
        self._models = models
        self._operations = operations
        self._containers = containers
        self._project = project
        self._replicas: dict[tuple[str, str], Replica] = {}

    def methods(self) -> list[Method]:
        at = f"{{endpoint={ENDPOINT}}}"
        return [
            v1(SERVICE, "DeployModel", "POST", f"{at}:deployModel", self._deploy, OPERATION, "*"),
            v1(SERVICE, "UndeployModel", "POST", f"{at}:undeployModel", self._undeploy, OPERATION, "*"),
        ]

    def recover(self) -> None:
        for endpoint in self._endpoints.all():
            for deployed in endpoint.get("deployedModels", []):
                replica = Replica(self._containers, self._project, self._deployment(endpoint["name"], deployed))
                self._replicas[endpoint["name"], deployed["id"]] = replica
                replica.start_later()

    async def stop(self) -> None:
        await asyncio.gather(*(replica.stop() for replica in self._replicas.values()))
        self._replicas.clear()

    def replica(self, endpoint: str, deployed: str) -> Replica | None:
        """The one that serves, if it does now."""
        replica = self._replicas.get((endpoint, deployed))
        return replica if replica and replica.healthy else None

    def ready(self, endpoint: Json) -> bool:
        """Whether every model on it is served now."""
        return all(self.replica(endpoint["name"], model["id"]) for model in endpoint.get("deployedModels", []))

    async def _deploy(self, request: Json) -> Json:
        endpoint = self._endpoints.get(request.get("endpoint", ""))
        name = endpoint["name"]
        deployed = self._described(request.get("deployedModel", {}))
        if deployed["id"] in self._present(endpoint):
            message = f"DeployedModel `{deployed['id']}` already exists in, or is being deployed to, Endpoint `{name}`."
            raise ApiError(Code.ALREADY_EXISTS, message)
        split = {deployed["id"] if key == _THIS else key: share for key, share in request.get("trafficSplit", {}).items()}
        _check_future_split(endpoint, deployed, split)
        replica = Replica(self._containers, self._project, self._deployment(name, deployed))
        self._replicas[name, deployed["id"]] = replica
        return self._operations.begin(name, "DeployModel", f"{V1}.DeployModelResponse", lambda: self._serve(name, deployed, split, replica))

    async def _serve(self, name: str, deployed: Json, split: dict[str, int], replica: Replica) -> Json:
        try:
            await replica.start()
            endpoint = self._endpoints.get(name)
            endpoint.setdefault("deployedModels", []).append(deployed)
            endpoint["trafficSplit"] = split or endpoint.get("trafficSplit", {})
            self._endpoints.save(endpoint)
        except NotServing as error:
            await self._forget(name, deployed["id"])
            raise unmet(f"Endpoint `{name}`, DeployedModel `{deployed['id']}`: {error}") from error
        except BaseException:
            await self._forget(name, deployed["id"])
            raise
        return {"deployedModel": deployed}

    async def _undeploy(self, request: Json) -> Json:
        endpoint = self._endpoints.get(request.get("endpoint", ""))
        identifier = request.get("deployedModelId", "")
        rest = [model for model in endpoint.get("deployedModels", []) if model["id"] != identifier]
        if len(rest) == len(endpoint.get("deployedModels", [])):
            raise missing(f"{endpoint['name']}/deployedModels/{identifier}")
        split = request.get("trafficSplit") or endpoint.get("trafficSplit", {})
        if rest and split.get(identifier):
            raise unmet(f"DeployedModel `{identifier}` of Endpoint `{endpoint['name']}` has traffic. Give a traffic_split without it.")
        endpoint["deployedModels"] = rest
        endpoint["trafficSplit"] = {key: share for key, share in split.items() if key != identifier} if rest else {}
        check_split(endpoint, endpoint["trafficSplit"])
        self._endpoints.save(endpoint)
        return self._operations.begin(
            endpoint["name"], "UndeployModel", f"{V1}.UndeployModelResponse", lambda: self._forget(endpoint["name"], identifier)
        )

    async def _forget(self, endpoint: str, identifier: str) -> Json:
        replica = self._replicas.pop((endpoint, identifier), None)
        if replica:
            await replica.stop()
        return {}

    def _present(self, endpoint: Json) -> set[str]:
        starting = {deployed for name, deployed in self._replicas if name == endpoint["name"]}
        return starting | {model["id"] for model in endpoint.get("deployedModels", [])}

    def _described(self, wanted: Json) -> Json:
        """The DeployedModel that is kept, from the one that was asked for."""
        if not wanted.get("model"):
            raise invalid("deployed_model.model is required.")
        _check_resources(wanted)
        model = self._models.version(wanted["model"])
        identifier = check_id(wanted["id"], _ID, "deployed_model.id") if wanted.get("id") else numeric_id(10)
        own = {"id": identifier, "model": model["name"], "modelVersionId": model["versionId"], "createTime": now()}
        return {"displayName": model["displayName"], **wanted, **own}

    def _deployment(self, endpoint: str, deployed: Json) -> Deployment:
        model = self._models.version(f"{deployed['model']}@{deployed['modelVersionId']}")
        agent = f"service-{self._project.number}@gcp-sa-aiplatform.iam.gserviceaccount.com"
        account = deployed.get("serviceAccount") or agent
        return Deployment(endpoint.rpartition("/")[2], deployed["id"], model, account)


def _check_future_split(endpoint: Json, deployed: Json, split: dict[str, int]) -> None:
    future = {**endpoint, "deployedModels": [*endpoint.get("deployedModels", []), deployed]}
    check_split(future, split)


def _check_resources(deployed: Json) -> None:
    dedicated = deployed.get("dedicatedResources")
    if dedicated is None and not {"automaticResources", "sharedResources"} & deployed.keys():
        raise invalid("One of deployed_model.dedicated_resources, automatic_resources and shared_resources is required.")
    if dedicated is not None and not re.fullmatch(r"[a-z0-9-]+", dedicated.get("machineSpec", {}).get("machineType", "")):
        raise invalid("deployed_model.dedicated_resources.machine_spec.machine_type is required.")
    if dedicated is not None and dedicated.get("minReplicaCount", 0) < 1:
        raise invalid("deployed_model.dedicated_resources.min_replica_count must be at least 1.")
