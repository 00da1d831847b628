"""Preconditions of a request on the generation and the metageneration of what it acts on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from local.storage.errors import ConditionNotMet, Invalid, NotModified


class Versioned(Protocol):
    @property
    def generation(self) -> int: ...

    @property
    def metageneration(self) -> int: ...


@dataclass(frozen=True)
class Conditions:
    """What must hold of the live object; an object that is not there has generation 0."""

    generation_match: int | None = None
    generation_not_match: int | None = None
    metageneration_match: int | None = None
    metageneration_not_match: int | None = None

    def check_write(self, current: Versioned | None) -> None:
        """Raises ConditionNotMet."""
        if self._mismatch(current) or self._unwanted_match(current):
            raise ConditionNotMet

    def check_read(self, current: Versioned) -> None:
        """Raises ConditionNotMet, or NotModified where the caller has this version already."""
        if self._mismatch(current):
            raise ConditionNotMet
        if self._unwanted_match(current):
            raise NotModified(f"Generation {current.generation} is the one you have.")

    def _mismatch(self, current: Versioned | None) -> bool:
        generation, metageneration = _versions(current)
        return self.generation_match not in {None, generation} or self.metageneration_match not in {None, metageneration}

    def _unwanted_match(self, current: Versioned | None) -> bool:
        generation, metageneration = _versions(current)
        return self.generation_not_match == generation or self.metageneration_not_match == metageneration


NO_CONDITIONS = Conditions()


def _versions(current: Versioned | None) -> tuple[int, int]:
    return (current.generation, current.metageneration) if current else (0, 0)


def conditions_in(values: Mapping[str, str], prefix: str = "if") -> Conditions:
    """Of a query; with the prefix `ifSource`, those on the source of a copy."""
    names = ("GenerationMatch", "GenerationNotMatch", "MetagenerationMatch", "MetagenerationNotMatch")
    # in any case of letters: uploads of Google's Python client say ifMetaGenerationNotMatch
    given = {name.lower(): value for name, value in values.items()}
    return Conditions(*(number(given, f"{prefix}{name}".lower(), f"{prefix}{name}") for name in names))


def conditions_in_headers(headers: Mapping[str, str]) -> Conditions:
    """The XML API's form."""
    return Conditions(
        generation_match=number(headers, "x-goog-if-generation-match"),
        metageneration_match=number(headers, "x-goog-if-metageneration-match"),
    )


def number(values: Mapping[str, str], key: str, label: str = "") -> int | None:
    text = values.get(key)
    if text is None or text == "":
        return None
    if not re.fullmatch("[0-9]{1,19}", text) or int(text) >= 1 << 63:
        raise Invalid(f"Invalid value for {label or key}: {text!r} is not a whole number of at most 63 bits.")
    return int(text)
