"""Docker images. `build.contextDigest` makes a preview see a change in the sources without building anything."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from local.provider.context import context_digest
from local.provider.errors import Refused
from local.provider.records import State
from local.provider.schema import FREE, REQUIRED, SECRET, block, flag, mapping, text, texts
from local.provider.types import Act, Inputs, Room, Settings, Type
from local.provider.validation import Failure
from local.provider.wire import Secret, Unknown, revealed

_HOST_PLATFORM = "linux/amd64"


class _Images(Room):
    async def put(self, act: Act) -> State:
        build, directory = act.inputs["build"], act.settings.directory
        if build.get("target"):
            raise Refused("the local cloud builds the last stage of a Dockerfile alone: leave 'build.target' out")
        reference = await act.cloud.images.build(str(act.state["imageName"]), directory / build["context"], directory / build["dockerfile"])
        return {"repoDigest": _pinned(reference)}


def _pinned(reference: str) -> str:
    """The registry's own name of it: without the tag."""
    name, _, digest = reference.partition("@")
    head, slash, last = name.rpartition("/")
    return f"{head}{slash}{last.partition(':')[0]}@{digest}"


def _prepare(inputs: Inputs, settings: Settings) -> Inputs:
    given = inputs.get("build") or {}
    if isinstance(given, Secret):
        opened = _prepare({**inputs, "build": given.value}, settings)
        return {**opened, "build": Secret(opened["build"])}
    build = revealed(given)
    if isinstance(build, Unknown) or any(isinstance(build.get(name), Unknown) for name in ("context", "dockerfile")):
        return inputs
    context = build.get("context") or "."
    dockerfile = build.get("dockerfile") or str(Path(context) / "Dockerfile")
    added = {"context": context, "dockerfile": dockerfile, "platform": build.get("platform") or _HOST_PLATFORM}
    digest = context_digest(settings.directory / context, settings.directory / dockerfile)
    return {**inputs, "build": {**given, **added, "contextDigest": digest}}


def _registry(state: State) -> Any:
    server = (state.get("registry") or {}).get("server") if isinstance(state.get("registry"), Mapping) else None
    name = state.get("imageName")
    return server or (name.partition("/")[0] if isinstance(name, str) else name)


def _of_build(name: str) -> Any:
    def value(state: State) -> Any:
        build = state.get("build")
        return build.get(name) if isinstance(build, Mapping) else build

    return value


def _checks(inputs: Inputs) -> Iterable[Failure]:
    """`imageName` starts with its registry, unless `skipPush`."""
    name = inputs.get("imageName")
    if isinstance(name, str) and not inputs.get("skipPush") and "." not in name.partition("/")[0]:
        yield Failure(
            "imageName", f"'imageName' must start with its registry, like us-central1-docker.pkg.dev/..., to be pushed; {name!r} does not"
        )


def _ignored(_: Any) -> str:
    """Credentials change at every login, and that builds nothing anew."""
    return ""


_BUILD = {
    "addHosts": texts(),
    "args": mapping(),
    "builderVersion": text(FREE, "BuilderV1", "BuilderBuildKit"),
    "cacheFrom": block({"images": texts()}),
    "context": text(),
    # Check writes it; a program does not
    "contextDigest": text(),
    "dockerfile": text(),
    "network": text(),
    "platform": text(),
    "target": text(),
}

TYPES = (
    Type(
        "docker:index/image:Image",
        id="{imageName}",
        properties={
            "build": block(_BUILD),
            "buildOnPreview": flag(default=False),
            "imageName": text(REQUIRED),
            "registry": block({"password": text(SECRET, form=_ignored), "server": text(), "username": text(form=_ignored)}),
            "skipPush": flag(default=False),
        },
        outputs={
            "baseImageName": "{imageName}",
            "registryServer": _registry,
            "context": _of_build("context"),
            "dockerfile": _of_build("dockerfile"),
            "platform": _of_build("platform"),
        },
        volatile=frozenset({"repoDigest"}),
        adopts=True,
        room=_Images(),
        checks=_checks,
        prepare=_prepare,
    ),
)
