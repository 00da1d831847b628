"""What a file of weights says of itself, in the header of the safetensors file: Stability AI's ModelSpec 1.0.1, which other tools show."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from images.trainer.config import TrainConfig
from images.trainer.family import Family
from images.trainer.lineage import Lineage


def model_spec(config: TrainConfig, family: Family, base: Lineage | None, run: str) -> dict[str, str]:
    work = f"{config.method} of {config.class_prompt or config.instance_prompt}, {config.steps} steps"
    origin = f", from {base.version}" if base else ""
    licence = {"modelspec.license": base.terms} if base and base.terms else {}
    return licence | {
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": family.architecture,
        "modelspec.implementation": "diffusers",
        "modelspec.title": config.instance_prompt,
        "modelspec.description": f"{work}{origin}, run {run}",
        "modelspec.date": datetime.now(UTC).date().isoformat(),
        "modelspec.trigger_phrase": config.instance_prompt,
        "modelspec.resolution": f"{config.resolution or family.resolution}x{config.resolution or family.resolution}",
        "modelspec.prediction_type": "v" if family.velocity else "epsilon",
    }


def of_adapters(spec: Mapping[str, str]) -> dict[str, str]:
    """What a file of adapters for that model says of itself."""
    return {name: f"{value}/lora" if name == "modelspec.architecture" else value for name, value in spec.items()}
