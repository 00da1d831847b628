"""Resource names, ids, labels and times. Vertex AI answers with the project's number, whichever of id and number it was asked with."""

import re
import secrets
from datetime import UTC, datetime

from local.layout import Project
from local.vertex.errors import ApiError, Code, invalid

_NAME = re.compile(r"projects/([^/]+)/locations/([^/]+)(?:/(.+))?")
_LABEL_KEY = re.compile(r"[a-z][\w-]{0,62}")
_LABEL_VALUE = re.compile(r"[\w-]{0,63}")
_MAX_LABELS = 64


class Names:
    def __init__(self, project: Project) -> None:
        self._project = project
        self.parent = f"projects/{project.number}/locations/{project.region}"

    def location(self, text: str) -> str:
        """The canonical form of `projects/P/locations/L`."""
        if self._rest(text):
            raise invalid(f"`{text}` is not a location: projects/PROJECT/locations/LOCATION is wanted.")
        return self.parent

    def resource(self, text: str, collection: str) -> str:
        """The canonical form of `projects/P/locations/L/COLLECTION/ID`."""
        rest = self._rest(text).split("/")
        if len(rest) != 2 or rest[0] != collection or not rest[1]:
            raise invalid(f"`{text}` is not the name of a resource in `{collection}`.")
        return f"{self.parent}/{collection}/{rest[1]}"

    def operation(self, text: str) -> str:
        return f"{self.parent}/{self._rest(text)}"

    def _rest(self, text: str) -> str:
        match = _NAME.fullmatch(text)
        if not match:
            raise invalid(f"`{text}` does not start with projects/PROJECT/locations/LOCATION.")
        project, region, rest = match.groups(default="")
        if project not in {self._project.id, self._project.number}:
            raise ApiError(Code.PERMISSION_DENIED, f"Permission denied on resource project {project}.")
        if region != self._project.region:
            raise invalid(f"Unsupported region for Vertex AI: {region}. This endpoint serves {self._project.region}.")
        return rest


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def numeric_id(digits: int = 18) -> str:
    """A random id without a leading zero, as the server makes them."""
    return str(10 ** (digits - 1) + secrets.randbelow(9 * 10 ** (digits - 1)))


def check_id(value: str, pattern: str, field: str) -> str:
    if not re.fullmatch(pattern, value):
        raise invalid(f"Invalid {field} `{value}`: it must match {pattern}.")
    return value


def check_labels(labels: dict[str, str]) -> None:
    if len(labels) > _MAX_LABELS:
        raise invalid(f"A resource takes at most {_MAX_LABELS} labels; {len(labels)} were given.")
    for key, value in labels.items():
        if not _LABEL_KEY.fullmatch(key) or key != key.lower():
            raise invalid(f"Invalid label key `{key}`: lower-case letters, digits, _ and -, a letter first, at most 63 characters.")
        if not _LABEL_VALUE.fullmatch(value) or value != value.lower():
            raise invalid(f"Invalid value `{value}` of label `{key}`: lower-case letters, digits, _ and -, at most 63 characters.")
