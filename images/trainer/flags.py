"""Command-line flags made from the fields of TrainConfig, so that there is one list of them."""

from __future__ import annotations

import argparse
from dataclasses import MISSING, Field, fields
from typing import Any

from images.trainer.config import TrainConfig

KINDS = {"int": int, "int | None": int, "float": float, "float | None": float, "str": str}


def add_config_flags(parser: argparse.ArgumentParser) -> None:
    for field in fields(TrainConfig):
        parser.add_argument("--" + field.name.replace("_", "-"), **_options(field))


def config_from(flags: argparse.Namespace) -> TrainConfig:
    """Raises Contradiction."""
    return TrainConfig(**{field.name: getattr(flags, field.name) for field in fields(TrainConfig)})


def _options(field: Field[Any]) -> dict[str, Any]:
    shown = "required" if field.default is MISSING else f"default: {field.default}"
    common = {"default": field.default, "help": shown} if field.default is not MISSING else {"required": True, "help": shown}
    if field.type == "bool":
        return {"action": argparse.BooleanOptionalAction, **common}
    if field.type == "tuple[str, ...]":
        return {"action": _Append, **common}
    return {"type": KINDS[str(field.type)], **common}


class _Append(argparse.Action):
    """May be given several times; collects a tuple."""

    def __call__(self, parser: object, namespace: argparse.Namespace, values: Any, option_string: str | None = None) -> None:
        setattr(namespace, self.dest, (*getattr(namespace, self.dest), values))
