"""What runs now against what was declared, for services and functions: what a refresh sees of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from local.interfaces import ServiceSpec
from local.provider.names import seconds
from local.provider.records import State

# what the local cloud itself tells a function
_OWN = ("FUNCTION_TARGET", "FUNCTION_SIGNATURE_TYPE")


def drifted_service(recorded: State, now: ServiceSpec) -> State:
    """Nothing about a template that was not recorded since it holds a secret."""
    template = recorded.get("template")
    changed: State = {} if bool(recorded.get("iapEnabled")) == now.iap else {"iapEnabled": now.iap}
    if not isinstance(template, Mapping):
        return changed
    fresh = {**template, **_of_template(template, now)}
    return changed if fresh == template else {**changed, "template": fresh}


def _of_template(template: Mapping[str, Any], now: ServiceSpec) -> State:
    container = template["containers"][0]
    fresh = {**container, **_of_container(container, now)}
    changed: State = {} if fresh == container else {"containers": [fresh]}
    if now.timeout_s != seconds(template.get("timeout") or "300s"):
        changed["timeout"] = f"{now.timeout_s:g}s"
    if template.get("serviceAccount") not in (None, now.container.account):
        changed["serviceAccount"] = now.container.account
    scaling = template.get("scaling") or {}
    if now.max_instances != (scaling.get("maxInstanceCount") or 1):
        changed["scaling"] = {**scaling, "maxInstanceCount": now.max_instances}
    return changed


def _of_container(container: Mapping[str, Any], now: ServiceSpec) -> State:
    changed: State = {} if container["image"] == now.container.image else {"image": now.container.image}
    for name, words in (("commands", now.container.command), ("args", now.container.args)):
        if list(container.get(name) or ()) != list(words):
            changed[name] = list(words)
    envs = container.get("envs") or []
    fresh = _variables(envs, now.container.env)
    return changed if fresh == envs else {**changed, "envs": fresh}


def _variables(envs: Sequence[Mapping[str, Any]], now: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """What comes out of Secret Manager is no property, and not compared."""
    kept = [_variable(env, now) for env in envs if env["name"] in now]
    named = {env["name"] for env in envs}
    return [*kept, *({"name": name, "value": value} for name, value in now.items() if name not in named)]


def _variable(env: Mapping[str, Any], now: Mapping[str, str]) -> Mapping[str, Any]:
    same = env.get("valueSource") is not None or str(env.get("value") or "") == now[env["name"]]
    return env if same else {**env, "value": now[env["name"]]}


def drifted_function(recorded: State, now: ServiceSpec) -> State:
    config = recorded.get("serviceConfig")
    if not isinstance(config, Mapping):
        return {}
    changed: State = {}
    secret = {env["key"] for env in config.get("secretEnvironmentVariables") or []}
    env = {name: value for name, value in now.container.env.items() if name not in _OWN and name not in secret}
    if env != {name: str(value) for name, value in (config.get("environmentVariables") or {}).items()}:
        changed["environmentVariables"] = env
    if now.timeout_s != float(config.get("timeoutSeconds") or 60):
        changed["timeoutSeconds"] = int(now.timeout_s)
    if config.get("serviceAccountEmail") not in (None, now.container.account):
        changed["serviceAccountEmail"] = now.container.account
    return {"serviceConfig": {**config, **changed}} if changed else {}
