"""Google's message types, without Google's client library in this process.

Importing `google.cloud.aiplatform_v1` costs three seconds of processor time and 100 MB. So a subprocess imports it once for each
installed version and writes down the descriptors of the messages; from that file they load in milliseconds.

    python -m local.vertex.schema FILE
"""

import asyncio
import importlib.metadata
import os
import sys
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.message import DecodeError, Message

from local.interfaces import Json
from local.vertex.errors import invalid

# A message of each file that is needed; what they refer to comes along.
_ROOTS = (
    "CreatePipelineJobRequest",
    "CreateCustomJobRequest",
    "UploadModelRequest",
    "DeployModelRequest",
    "PredictRequest",
)


class Schema:
    """Turns JSON into messages and back, as Google's servers do: unknown fields refused, enums by name or number."""

    def __init__(self, files: bytes) -> None:
        self._pool = descriptor_pool.DescriptorPool()
        for file in descriptor_pb2.FileDescriptorSet.FromString(files).file:
            self._pool.Add(file)

    def kind(self, name: str) -> type[Message]:
        found: type[Message] = message_factory.GetMessageClass(self._pool.FindMessageTypeByName(name))
        return found

    def checked(self, name: str, body: Json) -> Json:
        """The same message in its canonical JSON: camelCase names, enums by name, defaults left out."""
        return self._json(self._message(name, body))

    def decoded(self, name: str, data: bytes) -> Json:
        message = self.kind(name)()
        try:
            message.ParseFromString(data)
        except DecodeError as error:
            raise invalid(f"The request is no {name}: {error}.") from None
        return self._json(message)

    def encoded(self, name: str, body: Json) -> bytes:
        data: bytes = self._message(name, body).SerializeToString()
        return data

    def is_flag(self, name: str, field: str) -> bool:
        """Whether a query parameter is a boolean, which the URL can only spell."""
        for known in self.kind(name).DESCRIPTOR.fields:
            if field in {known.name, known.json_name}:
                return bool(known.type == known.TYPE_BOOL)
        return False

    def _message(self, name: str, body: Json) -> Message:
        try:
            return json_format.ParseDict(body, self.kind(name)(), descriptor_pool=self._pool)
        except json_format.ParseError as error:
            raise invalid(f"Invalid JSON payload received. {error}") from None

    def _json(self, message: Message) -> Json:
        body: Json = json_format.MessageToDict(message, descriptor_pool=self._pool)
        return body


async def load(folder: Path) -> Schema:
    """The types of the installed client library; the first time after an upgrade this takes seconds."""
    file = folder / f"types-{importlib.metadata.version('google-cloud-aiplatform')}.binpb"
    if not file.exists():
        await _describe(file)
    return Schema(await asyncio.to_thread(file.read_bytes))


async def _describe(file: Path) -> None:
    command = (sys.executable, "-m", __name__, str(file))
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    python = await asyncio.create_subprocess_exec(*command, env=env, stderr=asyncio.subprocess.PIPE)
    try:
        _, log = await python.communicate()
    finally:
        if python.returncode is None:
            python.kill()
            await python.wait()
    if python.returncode:
        raise RuntimeError(f"Vertex AI's message types could not be read from google-cloud-aiplatform: {log.decode()[-2000:]}")


def _main(file: Path) -> None:
    # The daemon's own start comes first: no call needs the types before something has been deployed.
    os.nice(10)
    from google.cloud import aiplatform_v1
    from google.longrunning import operations_pb2

    described: dict[str, descriptor_pb2.FileDescriptorProto] = {}
    for name in _ROOTS:
        _collect(getattr(aiplatform_v1, name).pb().DESCRIPTOR.file, described)
    _collect(operations_pb2.DESCRIPTOR, described)
    draft = file.with_suffix(".draft")
    draft.write_bytes(descriptor_pb2.FileDescriptorSet(file=described.values()).SerializeToString())
    draft.rename(file)


def _collect(file: Any, described: dict[str, descriptor_pb2.FileDescriptorProto]) -> None:
    """Dependencies first, as a pool wants them."""
    if file.name in described:
        return
    for dependency in file.dependencies:
        _collect(dependency, described)
    described[file.name] = descriptor_pb2.FileDescriptorProto()
    file.CopyToProto(described[file.name])


if __name__ == "__main__":
    _main(Path(sys.argv[1]))
