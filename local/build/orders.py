"""Reads what a client asks to be built, and refuses what Cloud Build would refuse."""

from collections.abc import Mapping
from typing import Any

from local.build.errors import Invalid
from local.interfaces import Json

_OWN_ACCOUNT_NEEDS_LOGGING = (
    "if 'build.service_account' is specified, the build must either (a) specify 'build.logs_bucket', (b) use the "
    "REGIONAL_USER_OWNED_BUCKET build.options.default_logs_bucket_behavior option, or (c) use either CLOUD_LOGGING_ONLY / NONE logging "
    "options: invalid argument"
)
_DEFAULT_TIMEOUT_S = 3600


def order(body: str) -> Json:
    """The build in its canonical JSON: camelCase names, enumerations by name. Raises Invalid."""
    # half a second of imports, which a cloud that builds nothing is spared
    from google.cloud.devtools.cloudbuild_v1 import Build
    from google.protobuf import json_format

    try:
        message = json_format.Parse(body or "{}", Build.pb(Build()))
    except json_format.ParseError as error:
        raise Invalid(f"Invalid JSON payload received. {error}") from None
    asked: Json = json_format.MessageToDict(message)
    _check(asked)
    return asked


def account_of(build: Mapping[str, Any]) -> str:
    """The e-mail address that it runs as."""
    return str(build["serviceAccount"]).rpartition("/")[2]


def timeout_s(build: Mapping[str, Any]) -> float:
    return float(str(build.get("timeout", f"{_DEFAULT_TIMEOUT_S}s")).removesuffix("s"))


def _check(asked: Json) -> None:
    if not asked.get("steps"):
        raise Invalid("build.steps: at least one build step must be specified")
    if not asked.get("source", {}).get("storageSource"):
        raise Invalid("the local cloud builds from storageSource alone: upload the sources to a bucket")
    if "serviceAccount" not in asked:
        raise Invalid("build.service_account is not set: the local cloud has no default service account, as no project should need one")
    if asked.get("options", {}).get("logging") not in {"CLOUD_LOGGING_ONLY", "NONE"} and not asked.get("logsBucket"):
        raise Invalid(_OWN_ACCOUNT_NEEDS_LOGGING)
