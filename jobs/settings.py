"""Every variable that a container reads from its environment, read once per process; infra writes them through the same classes."""

import os
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, Self


class MissingSettings(Exception):
    """The process cannot start: these variables are not set, or not of their type."""


@dataclass(frozen=True)
class Settings:
    """The field `pipeline_root` is the variable PIPELINE_ROOT."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ) -> Self:
        """Raises MissingSettings, which names every missing or malformed variable at once."""
        values: dict[str, Any] = {}
        faults: list[str] = []
        for item in fields(cls):
            text = env.get(item.name.upper())
            if text is None:
                if item.default is MISSING:
                    faults.append(f"{item.name.upper()} is not set")
                continue
            try:
                values[item.name] = _typed(item.type, text)
            except ValueError:
                faults.append(f"{item.name.upper()} is {text!r}, not {getattr(item.type, '__name__', item.type)}")
        if faults:
            raise MissingSettings(f"{cls.__name__}: {'; '.join(faults)}")
        return cls(**values)

    @classmethod
    def env(cls, **values: Any) -> dict[str, Any]:
        """The variables for these values, Pulumi outputs included. Raises TypeError for a name that the class does not have."""
        known = {item.name: item.default is MISSING for item in fields(cls)}
        wrong = [
            *sorted(values.keys() - known.keys()),
            *sorted(name for name, required in known.items() if required and name not in values),
        ]
        if wrong:
            raise TypeError(f"{cls.__name__} has other settings than these; unknown or missing: {', '.join(wrong)}")
        return {name.upper(): value for name, value in values.items()}


def _typed(kind: Any, text: str) -> Any:
    if kind is bool:
        if text not in {"true", "false"}:
            raise ValueError(text)
        return text == "true"
    return kind(text)


@dataclass(frozen=True)
class UploadSettings(Settings):
    """`iap_audience` is what the portal's signed header must be issued for, `push_account` who delivers what the service owes itself.
    Prices are per hour, in `currency`, of the price list of the day `priced`; limits of a day are each user's."""

    project: str
    region: str
    stack: str
    database: str
    uploads_bucket: str
    models_bucket: str
    topic: str
    generations_topic: str
    push_account: str
    iap_audience: str
    max_pictures: int = 20
    min_pictures: int = 5
    max_open_jobs: int = 3
    max_picture_bytes: int = 25 * 2**20
    training_steps: int = 800
    sampling_steps: int = 30
    guidance: float = 7.5
    picture_size: int = 512
    idle_hours: float = 2.0
    daily_pictures: int = 500
    daily_bytes: int = 4 * 2**30
    daily_gpu_minutes: int = 720
    training_price: float = 0.0
    serving_price: float = 0.0
    currency: str = "USD"
    priced: str = ""
    safety_check: bool = True
    private_webhooks: bool = False


@dataclass(frozen=True)
class TriggerSettings(Settings):
    """The days are how long Google keeps what was deleted: objects of buckets, and documents in backups; receipts name them."""

    project: str
    region: str
    stack: str
    database: str
    topic: str
    dead_letter_subscription: str
    pipeline_template: str
    pipeline_root: str
    pipeline_account: str
    uploads_bucket: str
    models_bucket: str
    serving_account: str
    serving_machine: str
    serving_accelerator: str = ""
    portal_url: str = ""
    idle_hours: float = 2.0
    private_webhooks: bool = False
    recoverable_days: int = 7
    backup_days: int = 1
    kms_key: str = ""


@dataclass(frozen=True)
class StepSettings(Settings):
    """What a pipeline step knows beside its job; the compiled pipeline carries it."""

    project: str
    region: str
    stack: str
    database: str
    uploads_bucket: str
    models_bucket: str
    trainer_image: str
    trainer_account: str
    serving_account: str
    base_model: str
    training_machine: str
    training_accelerator: str = ""
    serving_machine: str = "n1-standard-4"
    serving_accelerator: str = ""
    resolution: int = 512
    training_steps: int = 800
    batch_size: int = 1
    learning_rate: float = 5e-6
    lora_learning_rate: float = 1e-4
    class_pictures: int = 100
    sampling_steps: int = 30
    guidance: float = 7.5
    training_hours: float = 4.0
    kms_key: str = ""
    poll_seconds: float = 10.0


@dataclass(frozen=True)
class PortalSettings(Settings):
    """Read by the portal's small server, which is not Python; written by infra."""

    upload_url: str
