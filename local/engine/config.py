"""Pulumi.yaml and Pulumi.<stack>.yaml of the working directory, read as Pulumi reads them."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from local.engine.errors import EngineError, Refused
from local.engine.secrets import Crypter, Placeholders
from local.engine.values import Properties, Secret


@dataclass(frozen=True)
class Project:
    name: str
    root: Path
    main: Path
    # the interpreter's environment, where Pulumi.yaml names one that exists
    python: Path | None
    schema: Mapping[str, Any]

    @property
    def folder(self) -> Path:
        """Where the program runs."""
        return self.main if self.main.is_dir() else self.main.parent


@dataclass(frozen=True)
class StackConfig:
    """Values as the program gets them: texts, with JSON in them for lists and maps."""

    values: Mapping[str, str]
    secret_keys: tuple[str, ...]

    def of_package(self, package: str) -> Properties:
        """What the default provider of a package is configured with."""
        found = {key.partition(":")[2]: key for key in self.values if key.partition(":")[0] == package}
        return {name: Secret(self.values[key]) if key in self.secret_keys else self.values[key] for name, key in found.items()}


class _Loader(yaml.SafeLoader):
    """YAML 1.2, as Go has it: `yes` and `2024-01-01` are texts."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(), _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise EngineError(f"{path.name} is not valid YAML: {error}") from error
    if not isinstance(content, dict | None):
        raise EngineError(f"{path.name} is not a map of keys to values")
    return content or {}


def read_project(folder: Path) -> Project:
    root = next((at for at in (folder, *folder.parents) if (at / "Pulumi.yaml").exists()), None)
    if root is None:
        raise EngineError(f"no Pulumi.yaml in {folder} or above: run this in a Pulumi project")
    content = _read(root / "Pulumi.yaml")
    runtime = content.get("runtime")
    language, options = (runtime.get("name"), runtime.get("options") or {}) if isinstance(runtime, dict) else (runtime, {})
    if language != "python":
        raise Refused(f"the project's runtime is {language!r}: this engine runs Python programs only")
    python = root / str(options.get("virtualenv", "")) / "bin" / "python"
    return Project(
        name=content["name"],
        root=root,
        main=root / content.get("main", "."),
        python=python if options.get("virtualenv") and python.exists() else None,
        schema=content.get("config") or {},
    )


class StackFile:
    """Pulumi.<stack>.yaml before its secrets are decrypted."""

    def __init__(self, project: Project, stack: str, path: Path | None = None) -> None:
        self._project = project
        self._stack = stack
        path = path or project.root / f"Pulumi.{stack}.yaml"
        content = _read(path) if path.exists() else {}
        if content.get("environment"):
            raise Refused(f"{path.name} imports environments of Pulumi's cloud service: this engine does not reach it")
        self.salt: str = content.get("encryptionsalt") or ""
        self._foreign = content.get("secretsprovider") or ""
        self._values = {_namespaced(key, project.name): value for key, value in (content.get("config") or {}).items()}

    @property
    def has_secrets(self) -> bool:
        return any(_is_secret(value) for value in self._values.values())

    def plain(self, key: str) -> str | None:
        """One value that needs no passphrase; the project's default where the stack has none."""
        value = self._values.get(key, self._defaults().get(key))
        return None if value is None or _is_secret(value) else _text(value)

    def open(self, crypter: Crypter) -> StackConfig:
        foreign = self._foreign and not self._foreign.startswith("passphrase")
        if self.has_secrets and foreign and not isinstance(crypter, Placeholders):
            raise Refused(
                f"the secrets of stack '{self._stack}' are kept by {self._foreign.split(':')[0]}: only passphrases are known here"
            )
        merged = {**self._defaults(), **self._values}
        self._require(merged)
        plain = {key: _decrypted(value, crypter) for key, value in merged.items()}
        self._validate(plain)
        secret = tuple(sorted(key for key, value in merged.items() if _is_secret(value)))
        return StackConfig({key: _text(value) for key, value in plain.items()}, secret)

    def _declared(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for key, entry in self._project.schema.items():
            yield key, _namespaced(key, self._project.name), entry if isinstance(entry, dict) else {"value": entry}

    def _defaults(self) -> dict[str, Any]:
        found = {full: entry.get("default", entry.get("value")) for _, full, entry in self._declared()}
        return {key: value for key, value in found.items() if value is not None}

    def _require(self, merged: Mapping[str, Any]) -> None:
        own = f"{self._project.name}:"
        missing = sorted(f"'{key}'" for key, full, _ in self._declared() if full not in merged and full.startswith(own))
        if missing:
            what = "value" if len(missing) == 1 else "values"
            raise EngineError(f"Stack '{self._stack}' is missing configuration {what} {_listed(missing)}")

    def _validate(self, plain: Mapping[str, Any]) -> None:
        for key, full, entry in self._declared():
            if full not in plain or "type" not in entry:
                continue
            if entry.get("secret") and full in self._values and not _is_secret(self._values[full]):
                raise EngineError(f"Stack '{self._stack}' with configuration key '{key}' must be encrypted as it's secret")
            if not _fits(plain[full], entry["type"], entry.get("items")):
                wanted = _type_name(entry["type"], entry.get("items"))
                raise EngineError(f"Stack '{self._stack}' with configuration key '{key}' must be of type '{wanted}'")


def _namespaced(key: str, project: str) -> str:
    if ":" not in key:
        return f"{project}:{key}"
    return key.replace(":config:", ":", 1)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"secure"}


def _is_secret(value: Any) -> bool:
    if isinstance(value, dict):
        return _is_secure(value) or any(_is_secret(item) for item in value.values())
    return isinstance(value, list) and any(_is_secret(item) for item in value)


def _decrypted(value: Any, crypter: Crypter) -> Any:
    if _is_secure(value):
        return crypter.decrypt(value["secure"])
    if isinstance(value, dict):
        return {key: _decrypted(item, crypter) for key, item in value.items()}
    return [_decrypted(item, crypter) for item in value] if isinstance(value, list) else value


def _text(value: Any) -> str:
    if isinstance(value, dict | list):
        return json.dumps(value, separators=(",", ":"), sort_keys=True)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _fits(value: Any, type_: str, items: Any) -> bool:
    """Numbers and booleans may be written as texts, as `pulumi config set` does."""
    if type_ == "string":
        return not isinstance(value, dict | list)
    if type_ == "integer":
        return re.fullmatch(r"[+-]?\d+", _text(value)) is not None
    if type_ == "boolean":
        return _text(value) in ("true", "false")
    if type_ == "object":
        return isinstance(value, dict)
    if type_ == "array" and isinstance(value, list) and items:
        return all(_fits(item, items["type"], items.get("items")) for item in value)
    return False


def _type_name(type_: str, items: Any) -> str:
    return f"array<{_type_name(items['type'], items.get('items'))}>" if type_ == "array" and items else type_
