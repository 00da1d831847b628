"""The endpoint of a model: is it awake, wake it, let it sleep."""

from typing import Any

from apiflask import APIBlueprint

from services.upload import endpoints, wire
from services.upload.library import model
from services.upload.parts import the

api = APIBlueprint("deployments", __name__, url_prefix="/v1/models/<model_id>/deployment")


@api.get("")
@api.output(wire.Deployment)
@api.doc(operation_id="readDeployment", summary="Whether a model is awake, until when, and what it costs by the hour")
def read_deployment(model_id: str) -> Any:
    return endpoints.answer(the(), endpoints.of(the(), model(model_id)))


@api.post("")
@api.output(wire.Deployment, status_code=202)
@api.doc(operation_id="wakeModel", summary="Wake a model, so that it draws; the second call answers like the first")
def wake_model(model_id: str) -> Any:
    return endpoints.answer(the(), endpoints.wake(the(), model(model_id)))


@api.delete("")
@api.output(wire.Deployment, status_code=202)
@api.doc(operation_id="undeployModel", summary="Let a model sleep, so that it costs nothing; the second call answers like the first")
def undeploy_model(model_id: str) -> Any:
    return endpoints.answer(the(), endpoints.sleep(the(), model(model_id)))
