"""How large an instance of a service or a function is, and how many there may be."""

import re
from dataclasses import dataclass
from typing import Any

from scripts.preview.graph import Node

SERVICE, FUNCTION = "gcp:cloudrunv2/service:Service", "gcp:cloudfunctionsv2/function:Function"
# Cloud Run's CPU for a function's memory in MiB, where the program does not say
_FUNCTION_CPU = ((128, 1 / 12), (256, 1 / 6), (512, 1 / 3), (1024, 7 / 12), (2048, 1), (8192, 2), (16384, 4))
_UNITS = {"": 1 / 2**20, "K": 1000 / 2**20, "Ki": 1 / 1024, "M": 10**6 / 2**20, "Mi": 1, "G": 10**9 / 2**20, "Gi": 1024}


@dataclass(frozen=True)
class Shape:
    """`memory` in GiB; `least` and `most` count instances."""

    cpu: float
    memory: float
    least: int
    most: int


def shape_of(node: Node) -> Shape:
    """What Google takes where the program says nothing: 1 CPU and 512 MiB for a service, 256 MiB for a function, at most 100 of them."""
    if node.type == FUNCTION:
        given = node.inputs.get("serviceConfig") or {}
        memory = _mebibytes(given.get("availableMemory") or "256M")
        cpu = _number(given.get("availableCpu")) or next((cpu for most, cpu in _FUNCTION_CPU if memory <= most), 8)
        return Shape(cpu, memory / 1024, int(given.get("minInstanceCount") or 0), int(given.get("maxInstanceCount") or 100))
    template = node.inputs.get("template") or {}
    limits = [(container.get("resources") or {}).get("limits") or {} for container in template.get("containers") or ()]
    scaling = template.get("scaling") or {}
    return Shape(
        sum(_number(each.get("cpu")) or 1 for each in limits),
        sum(_mebibytes(each.get("memory") or "512Mi") for each in limits) / 1024,
        int(scaling.get("minInstanceCount") or 0),
        int(scaling.get("maxInstanceCount") or 100),
    )


def _number(value: Any) -> float | None:
    """`1`, `0.5` or `500m`."""
    text = str(value or "")
    found = re.fullmatch(r"([\d.]+)(m?)", text)
    return float(found[1]) / (1000 if found[2] else 1) if found else None


def _mebibytes(text: Any) -> float:
    found = re.fullmatch(r"([\d.]+)([KMG]?i?)", str(text))
    return float(found[1]) * _UNITS[found[2]] if found else 0
