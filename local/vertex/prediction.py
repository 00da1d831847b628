"""Predictions: passed to a deployed model by the endpoint's traffic split, and counted.

Numbers of `predict` reach the container as doubles (3 as 3.0), since the API carries them in a Value; a server must take both.
"""

import base64
import json
import random

import aiohttp

from local.interfaces import Json
from local.vertex.deployments import Deployments
from local.vertex.endpoints import ENDPOINT, Endpoints, use_key
from local.vertex.errors import ApiError, Code, ContainerRefused, invalid, unmet
from local.vertex.methods import Method, v1
from local.vertex.models import Models
from local.vertex.names import now
from local.vertex.serving import Replica
from local.vertex.store import Store

# What a public endpoint of the cloud takes, in bytes.
_LARGEST_REQUEST = 1_572_864
_TIMEOUT_S = 600.0
_USE = "use"
_SERVICE = "PredictionService"


class Prediction:
    def __init__(self, store: Store, endpoints: Endpoints, models: Models, deployments: Deployments) -> None:
        self._store = store
        self._endpoints = endpoints
        self._models = models
        self._deployments = deployments

    def methods(self) -> list[Method]:
        at = f"{{endpoint={ENDPOINT}}}"
        return [
            v1(_SERVICE, "Predict", "POST", f"{at}:predict", self._predict, "PredictResponse", "*"),
            v1(_SERVICE, "RawPredict", "POST", f"{at}:rawPredict", self._raw, "google.api.HttpBody", "*", raw=True),
        ]

    def use(self, endpoint: str) -> Json:
        """How often an endpoint was asked, and when last."""
        return self._store.find(use_key(endpoint)) or {"predictionCount": 0}

    async def _predict(self, request: Json) -> Json:
        endpoint, deployed, replica = self._chosen(request)
        body = {key: request[key] for key in ("instances", "parameters") if key in request}
        answer, _ = await self._ask(endpoint, replica, json.dumps(body).encode(), "application/json")
        parsed = _parsed(answer)
        version = self._models.version(f"{deployed['model']}@{deployed['modelVersionId']}")
        own = {
            "deployedModelId": deployed["id"],
            "model": deployed["model"],
            "modelVersionId": deployed["modelVersionId"],
            "modelDisplayName": version["displayName"],
        }
        return {**{key: parsed[key] for key in ("predictions", "metadata") if key in parsed}, **own}

    async def _raw(self, request: Json) -> Json:
        endpoint, _, replica = self._chosen(request)
        given = request.get("httpBody", {})
        body = base64.b64decode(given.get("data", ""))
        answer, kind = await self._ask(endpoint, replica, body, given.get("contentType") or "application/json")
        return {"contentType": kind, "data": base64.b64encode(answer).decode()}

    def _chosen(self, request: Json) -> tuple[str, Json, Replica]:
        endpoint = self._endpoints.get(request.get("endpoint", ""))
        split = {key: share for key, share in endpoint.get("trafficSplit", {}).items() if share}
        if not split:
            raise unmet(f"Endpoint `{endpoint['name']}` has no deployed model that takes traffic.")
        [identifier] = random.choices(list(split), weights=list(split.values()))  # noqa: S311 - load, not secrets
        replica = self._deployments.replica(endpoint["name"], identifier)
        if not replica:
            raise ApiError(Code.UNAVAILABLE, f"DeployedModel `{identifier}` of Endpoint `{endpoint['name']}` is not ready. Try again.")
        deployed = next(model for model in endpoint["deployedModels"] if model["id"] == identifier)
        return endpoint["name"], deployed, replica

    async def _ask(self, endpoint: str, replica: Replica, body: bytes, kind: str) -> tuple[bytes, str]:
        """The container's answer and its content type. Raises ContainerRefused."""
        if len(body) > _LARGEST_REQUEST:
            raise invalid(f"The request size ({len(body)} bytes) exceeds 1.500MB limit.")
        self._count(endpoint)
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(_TIMEOUT_S)) as session,
                session.post(replica.predict_url, data=body, headers={"Content-Type": kind}) as response,
            ):
                answer = await response.read()
        except (TimeoutError, aiohttp.ClientError) as error:
            raise ApiError(Code.UNAVAILABLE, f"The model server of Endpoint `{endpoint}` gave no answer: {error!r}") from error
        content_type = response.headers.get("Content-Type", "application/octet-stream")
        if response.status >= 400:
            raise ContainerRefused(response.status, answer, content_type)
        return answer, content_type

    def _count(self, endpoint: str) -> None:
        used = {"predictionCount": self.use(endpoint)["predictionCount"] + 1, "lastPredictionTime": now()}
        self._store.put(_USE, use_key(endpoint), used)


def _parsed(answer: bytes) -> Json:
    try:
        parsed = json.loads(answer)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict) or not isinstance(parsed.get("predictions"), list):
        text = answer[:500].decode(errors="replace")
        raise unmet(f"Invalid response from prediction server - the response field predictions is missing. Response: {text}")
    return parsed
