"""What the endpoint is asked and what it answers: checked here, within bounds, before any work is done."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from PIL import Image

from images.trainer.family import Drawing, Family

MOST_INSTANCES = 8
MOST_STEPS = 100
MOST_GUIDANCE = 30.0
MOST_PIXELS = 1024
MOST_LETTERS = 1000
MOST_SEED = 2**63 - 1


class BadRequest(ValueError):
    """The request breaks the contract; the text says which field and what is allowed."""


@dataclass(frozen=True)
class Asked:
    """A drawing, and whether the model is to draw it as it was before it was tuned."""

    drawing: Drawing
    base: bool


def parse(body: bytes, family: Family) -> list[Asked]:
    """`{"instances": [{"prompt", "negative_prompt", "seed", "steps", "guidance", "width", "height", "base"}], "parameters": {defaults}}`"""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
    if not isinstance(request, dict) or not isinstance(request.get("instances"), list):
        raise BadRequest('the body must be an object with a list "instances"')
    instances, defaults = request["instances"], request.get("parameters") or {}
    if not 1 <= len(instances) <= MOST_INSTANCES:
        raise BadRequest(f"instances holds {len(instances)}; 1 to {MOST_INSTANCES} are allowed")
    if not isinstance(defaults, dict) or not all(isinstance(instance, dict) for instance in instances):
        raise BadRequest("each instance, and parameters, must be an object")
    return [_asked({**defaults, **instance}, f"instances[{i}]", family) for i, instance in enumerate(instances)]


def predict(asked: list[Asked], family: Family, untuned: Family | None) -> list[dict[str, Any]]:
    """In the order asked. Equal settings are drawn together, others after one another. `untuned` is there if anybody asks for it."""
    pictures: dict[int, Image.Image] = {}
    alike = sorted(range(len(asked)), key=lambda i: _settings(asked[i]))
    for _, numbers in groupby(alike, key=lambda i: _settings(asked[i])):
        group = list(numbers)
        drawn_by = (untuned if asked[group[0]].base else None) or family
        pictures |= zip(group, drawn_by.draw([asked[i].drawing for i in group], lambda: None), strict=True)
    return [{"image_base64": _encoded(pictures[i]), "seed": one.drawing.seed, "prompt": one.drawing.prompt} for i, one in enumerate(asked)]


def _asked(instance: Mapping[str, Any], where: str, family: Family) -> Asked:
    unknown = sorted(instance.keys() - {"prompt", "negative_prompt", "seed", "steps", "guidance", "width", "height", "base"})
    if unknown:
        raise BadRequest(f"{where}: {', '.join(unknown)} unknown")
    base = instance.get("base", False)
    if not isinstance(base, bool):
        raise BadRequest(f"{where}.base must be true or false")
    return Asked(_drawing(instance, where, family), base)


def _drawing(instance: Mapping[str, Any], where: str, family: Family) -> Drawing:
    prompt = _text(instance, "prompt", where)
    if not prompt.strip():
        raise BadRequest(f"{where}.prompt is missing or empty")
    return Drawing(
        prompt=prompt,
        negative_prompt=_text(instance, "negative_prompt", where),
        seed=int(_number(instance, "seed", where, 0, 0, MOST_SEED)),
        steps=int(_number(instance, "steps", where, 25, 1, MOST_STEPS)),
        guidance=_number(instance, "guidance", where, 7.5, 1, MOST_GUIDANCE, whole=False),
        width=_side(instance, "width", where, family),
        height=_side(instance, "height", where, family),
    )


def _text(instance: Mapping[str, Any], name: str, where: str) -> str:
    value = instance.get(name, "")
    if not isinstance(value, str) or len(value) > MOST_LETTERS:
        raise BadRequest(f"{where}.{name} must be a text of at most {MOST_LETTERS} letters")
    return value


def _number(instance: Mapping[str, Any], name: str, where: str, default: float, low: float, high: float, whole: bool = True) -> float:
    value = instance.get(name)
    if value is None:
        return default
    fitting = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if not fitting or (whole and value != int(value)):
        raise BadRequest(f"{where}.{name} is {value!r}; a {'whole ' if whole else ''}number from {low} to {high} is allowed")
    return float(value) if not whole else int(value)


def _side(instance: Mapping[str, Any], name: str, where: str, family: Family) -> int:
    side = int(_number(instance, name, where, family.resolution, family.grain, MOST_PIXELS))
    if side % family.grain:
        raise BadRequest(f"{where}.{name} is {side}; it must be a multiple of {family.grain}")
    return side


def _settings(asked: Asked) -> tuple[float, ...]:
    drawing = asked.drawing
    return asked.base, drawing.steps, drawing.guidance, drawing.width or 0, drawing.height or 0


def _encoded(picture: Image.Image) -> str:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()
