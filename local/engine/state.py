"""The state file: Pulumi's deployment format, version 3, written whole and renamed into place."""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from local.engine.errors import StateError
from local.engine.resource import Json, Resource, from_json, now, to_json
from local.engine.secrets import Crypter, seal, unseal

# what the manifest says; Pulumi checks only that the magic is the version's hash
_VERSION = "v3.272.0"
_SEALED = ("inputs", "outputs", "replacementTrigger")


@dataclass
class Snapshot:
    """Resources in an order in which each comes after all that it depends on."""

    resources: list[Resource] = field(default_factory=list)
    # (what was being done, to what) when the last run broke off
    pending: list[tuple[str, Resource]] = field(default_factory=list)
    metadata: Json = field(default_factory=dict)


def has_ciphertext(path: Path) -> bool:
    return path.exists() and '"ciphertext"' in path.read_text()


def load(path: Path, crypter: Crypter) -> Snapshot:
    if not path.exists():
        return Snapshot()
    try:
        return parse(json.loads(path.read_text()), crypter)
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise StateError(f"{path} is not a Pulumi deployment ({error}): restore it, or move it away to begin anew") from error


def parse(document: Json, crypter: Crypter) -> Snapshot:
    if document.get("version") not in (3, 4) or document.get("features"):
        found = f"version {document.get('version')} with features {document.get('features', [])}"
        raise StateError(f"the deployment is of {found}: only version 3 without any is known")
    deployment = document["deployment"] or {}
    provider = deployment.get("secrets_providers") or {}
    if provider.get("type", "passphrase") != "passphrase":
        raise StateError(f"its secrets are kept by {provider['type']!r}: only the passphrase provider is known here")
    reader = crypter.reader((provider.get("state") or {}).get("salt") or crypter.salt)

    def opened(entry: Json) -> Resource:
        return from_json({key: unseal(value, reader, reader is crypter) if key in _SEALED else value for key, value in entry.items()})

    return Snapshot(
        resources=[opened(entry) for entry in deployment.get("resources") or ()],
        pending=[(entry["type"], opened(entry["resource"])) for entry in deployment.get("pending_operations") or ()],
        metadata=deployment.get("metadata") or {},
    )


def render(resource: Resource, crypter: Crypter) -> str:
    """The text of one entry, which can be kept for as long as the resource does not change."""
    entry = {key: seal(value, crypter) if key in _SEALED else value for key, value in to_json(resource).items()}
    return json.dumps(entry, indent=1)


def assemble(resources: Sequence[str], pending: Sequence[tuple[str, str]], metadata: Json, crypter: Crypter) -> str:
    magic = hashlib.sha256(_VERSION.encode()).hexdigest()
    sections = [f'"manifest": {json.dumps({"time": now(), "magic": magic, "version": _VERSION})}']
    if crypter.salt:
        sections.append(f'"secrets_providers": {json.dumps({"type": "passphrase", "state": {"salt": crypter.salt}})}')
    if resources:
        sections.append('"resources": [\n' + ",\n".join(resources) + "\n]")
    if pending:
        operations = [f'{{"resource": {text}, "type": "{what}"}}' for what, text in pending]
        sections.append('"pending_operations": [\n' + ",\n".join(operations) + "\n]")
    sections.append(f'"metadata": {json.dumps(metadata)}')
    return '{"version": 3, "deployment": {\n' + ",\n".join(sections) + "\n}}\n"


def text_of(snapshot: Snapshot, crypter: Crypter) -> str:
    resources = [render(resource, crypter) for resource in snapshot.resources]
    pending = [(what, render(resource, crypter)) for what, resource in snapshot.pending]
    return assemble(resources, pending, snapshot.metadata, crypter)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_suffix(".part")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One run at a time. The lock goes with the process that holds it, however that ends."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.with_suffix(".lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise StateError(f"the stack is being updated by process {lock.read().strip()}: wait for it, or end it") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def check(snapshot: Snapshot) -> None:
    """Refuses an order that no engine could have written: it would be deleted wrongly."""
    seen: set[str] = set()
    for resource in snapshot.resources:
        missing = sorted(resource.depends_on() - seen)
        if missing and not resource.pending_replacement:
            raise StateError(f"{resource.urn} depends on {missing[0]}, which does not come before it in the state")
        seen.add(resource.urn)


def outputs_of(snapshot: Snapshot) -> dict[str, Any]:
    return next((resource.outputs for resource in snapshot.resources if resource.type == "pulumi:pulumi:Stack"), {})
