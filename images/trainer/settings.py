"""Every variable that this package reads from its environment: one class for each process, read once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


class BadSetting(ValueError):
    """A variable is missing or makes no sense."""


@dataclass(frozen=True)
class TrainSettings:
    checkpoint_dir: str = ""
    """AIP_CHECKPOINT_DIR: a gs:// prefix or a folder; Vertex AI sets it from the job's base output directory"""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        return cls(checkpoint_dir=env.get("AIP_CHECKPOINT_DIR", ""))


@dataclass(frozen=True)
class ServeSettings:
    """The container contract of Vertex AI's predictions, and what the model's own environment says."""

    storage_uri: str
    """AIP_STORAGE_URI: a gs:// prefix or a folder with the model"""
    port: int = 8080
    """AIP_HTTP_PORT"""
    health_route: str = "/health"
    """AIP_HEALTH_ROUTE"""
    predict_route: str = "/predict"
    """AIP_PREDICT_ROUTE"""
    base_model: str = ""
    """BASE_MODEL: a gs:// prefix or a folder with the model before it was tuned; without it there is nothing to compare with"""
    host: str = "0.0.0.0"  # noqa: S104  a container's network is its own
    """HOST"""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        if not env.get("AIP_STORAGE_URI"):
            raise BadSetting("AIP_STORAGE_URI is not set; it names the model's folder, as gs://bucket/prefix")
        port = env.get("AIP_HTTP_PORT", "8080")
        if not port.isdecimal():
            raise BadSetting(f"AIP_HTTP_PORT is {port!r}; it must be a number")
        return cls(
            storage_uri=env["AIP_STORAGE_URI"],
            port=int(port),
            health_route=env.get("AIP_HEALTH_ROUTE", cls.health_route),
            predict_route=env.get("AIP_PREDICT_ROUTE", cls.predict_route),
            base_model=env.get("BASE_MODEL", ""),
            host=env.get("HOST", cls.host),
        )


def prepare_libraries() -> None:
    """Before torch, diffusers or transformers are imported: they read these once."""
    os.environ["HF_HUB_OFFLINE"] = "1"  # models come from folders, never from a hub
    os.environ["TRANSFORMERS_VERBOSITY"] = "error"
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # threads that spin while they wait slow two runs on one machine many times over
