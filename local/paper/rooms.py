"""Rooms for the types whose own would run something, wait, or refuse what only this laptop cannot do."""

import json
from collections.abc import Mapping

from local.paper import answers
from local.provider.catalog.cloudfunctions import FUNCTION
from local.provider.catalog.cloudrun import SERVICE
from local.provider.catalog.command import COMMAND
from local.provider.catalog.time import SLEEP
from local.provider.records import State
from local.provider.types import RECORD, Act, Room


class _Services(Room):
    async def put(self, act: Act) -> State:
        uri = _service_url(act)
        generation = int(act.state.get("generation") or 0) + 1
        suffix = answers.hexadecimal(f"{act.id} {generation}", 3)
        revision = f"{act.id}/revisions/{act.state['name']}-{generation:05d}-{suffix}"
        at = answers.moment(revision)
        return {
            "uri": uri,
            "urls": [uri],
            "latestReadyRevision": revision,
            "latestCreatedRevision": revision,
            "generation": str(generation),
            "observedGeneration": str(generation),
            "terminalConditions": [{"type": "Ready", "state": "CONDITION_SUCCEEDED", "lastTransitionTime": at}],
        }


class _Functions(Room):
    async def put(self, act: Act) -> State:
        uri, state = _service_url(act), act.state
        service = f"projects/{state['project']}/locations/{state['location']}/services/{state['name']}"
        config = {**(state.get("serviceConfig") or {}), "uri": uri, "gcfUri": uri, "service": service}
        url = answers.function_url(str(state["name"]), str(state["project"]), str(state["location"]))
        return {"url": url, "serviceConfig": config, "state": "ACTIVE"}


def _service_url(act: Act) -> str:
    project = str(act.state["project"])
    number = act.settings.number if project == act.settings.project else None
    return answers.service_url(str(act.state["name"]), number or answers.project_number(project), str(act.state["location"]))


class _Commands(Room):
    async def put(self, act: Act) -> State:
        """What a command would say cannot be known; that it is the same command can."""
        said = {name: act.inputs.get(name) for name in ("create", "update", "dir", "interpreter", "stdin", "environment", "triggers")}
        return {"stdout": f"command-{answers.hexadecimal(json.dumps(said, sort_keys=True, default=str), 16)}", "stderr": ""}


class _Images(Room):
    async def put(self, act: Act) -> State:
        """Named by what it would be built from, which Check has worked out."""
        host, _, rest = str(act.state["imageName"]).rpartition("/")
        repository = "/".join(filter(None, (host, rest.partition("@")[0].partition(":")[0])))
        return {"repoDigest": f"{repository}@sha256:{act.inputs['build']['contextDigest']}"}


class _Jobs(Room):
    async def put(self, act: Act) -> State:
        return {"state": "PAUSED" if act.state.get("paused") else "ENABLED"}


ROOMS: Mapping[str, Room] = {
    SERVICE: _Services(),
    FUNCTION: _Functions(),
    COMMAND: _Commands(),
    SLEEP: RECORD,
    "docker:index/image:Image": _Images(),
    "gcp:cloudscheduler/job:Job": _Jobs(),
}
