"""Rooms for the types whose own would run something, wait, or refuse what only this laptop cannot do."""

import asyncio
import json
from collections.abc import Mapping
from itertools import pairwise

from local.paper import answers
from local.provider.catalog.cloudfunctions import FUNCTION
from local.provider.catalog.cloudrun import SERVICE, next_generation, ready
from local.provider.catalog.command import COMMAND
from local.provider.catalog.time import SLEEP
from local.provider.context import context_digest
from local.provider.records import State
from local.provider.types import RECORD, Act, Room


class _Services(Room):
    async def put(self, act: Act) -> State:
        seed = f"{act.id} {next_generation(act)}"
        return ready(act, _service_url(act), suffix=answers.hexadecimal(seed, 3), at=answers.moment(seed))


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
        """What a command would say cannot be known; that it is the same command can. A build names its image by what it is built from."""
        words = str(act.inputs.get("create") or "").split()
        flags = dict(pairwise(words))
        builds = "scripts.cloud_build" in words and {"--image", "--dockerfile"} <= flags.keys()
        return {"stdout": await asyncio.to_thread(self._image, act, flags) if builds else self._token(act), "stderr": ""}

    def _image(self, act: Act, flags: Mapping[str, str]) -> str:
        context = act.settings.directory / str(act.inputs.get("dir") or "") / flags.get("--context", "")
        return f"{flags['--image']}@sha256:{context_digest(context, context / flags['--dockerfile'])}"

    def _token(self, act: Act) -> str:
        said = {name: act.inputs.get(name) for name in ("create", "update", "dir", "interpreter", "stdin", "environment", "triggers")}
        return f"command-{answers.hexadecimal(json.dumps(said, sort_keys=True, default=str), 16)}"


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
