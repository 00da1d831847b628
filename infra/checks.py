"""What a configuration must be so that Google can build it: each rule a key, a test, and the words of its refusal."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.config import Config, Images, InvalidConfig, key_of

CONTAINERS = ("portal", "upload", "pipeline", "trainer")
# Vertex AI attaches an accelerator to machines of its own family only; a family that is not here takes none
# (https://cloud.google.com/vertex-ai/docs/training/configure-compute, read in November 2026)
_FAMILIES = {
    "g2": ("NVIDIA_L4",),
    "n1": ("NVIDIA_TESLA_T4", "NVIDIA_TESLA_V100", "NVIDIA_TESLA_P100", "NVIDIA_TESLA_P4", ""),
    "a2-highgpu": ("NVIDIA_TESLA_A100",),
    "a2-ultragpu": ("NVIDIA_A100_80GB",),
    "a3-highgpu": ("NVIDIA_H100_80GB",),
}
_STACK = r"[a-z]([a-z0-9-]{0,10}[a-z0-9])?"
_EMAIL = r"[^@\s]+@[^@\s]+\.[^@\s]+"
_DIGEST = r"[a-z0-9.-]+(:\d+)?/[\w./-]+@sha256:[0-9a-f]{64}"
_MAX_PICTURES = 20


@dataclass(frozen=True)
class Rule:
    name: str
    holds: Callable[[Config], bool]
    allowed: str


def _matches(name: str, pattern: str) -> Callable[[Config], bool]:
    return lambda config: re.fullmatch(pattern, getattr(config, name)) is not None


def _all_match(name: str, pattern: str) -> Callable[[Config], bool]:
    return lambda config: all(re.fullmatch(pattern, word) for word in getattr(config, name))


def _within(name: str, low: float, high: float) -> Rule:
    return Rule(name, lambda config: low <= getattr(config, name) <= high, f"between {low:g} and {high:g}")


RULES: tuple[Rule, ...] = (
    # 12 characters leave room for the longest name that is made of it, within 30 of an account's id
    Rule("stack", _matches("stack", _STACK), "at most 12 lower-case letters, digits and hyphens; a letter first, no hyphen last"),
    Rule("project", _matches("project", r"[a-z][a-z0-9-]{4,28}[a-z0-9]"), "a project's id: 6 to 30 lower-case letters, digits and hyphens"),
    Rule("region", _matches("region", r"[a-z]+-[a-z]+\d+"), "a region such as us-central1; neither a zone nor a multi-region"),
    Rule("project_number", _matches("project_number", r"\d{6,}"), "the project's number, digits only, not its id"),
    Rule("designers", lambda config: bool(config.designers), "at least one IAM member, such as group:designers@example.com"),
    Rule(
        "designers",
        _all_match("designers", r"(user|group|serviceAccount):" + _EMAIL + r"|domain:\S+"),
        "user:..., group:..., domain:... or serviceAccount:...",
    ),
    Rule("operators", _all_match("operators", _EMAIL), "e-mail addresses"),
    Rule(
        "billing_account",
        _matches("billing_account", r"|[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}"),
        "a billing account such as 012345-6789AB-CDEF01, or empty for no budget",
    ),
    _within("monthly_budget", 1, 10_000_000),
    Rule(
        "base_model",
        lambda config: _is_a_model(config.base_model),
        "gs://bucket/prefix, or a folder of this repository with a model_index.json",
    ),
    Rule(
        "resolution", lambda config: 16 <= config.resolution <= 1024 and config.resolution % 8 == 0, "a multiple of 8 between 16 and 1024"
    ),
    _within("training_steps", 1, 100_000),
    _within("batch_size", 1, 64),
    _within("learning_rate", 1e-8, 1),
    _within("lora_learning_rate", 1e-8, 1),
    _within("class_pictures", 0, 10_000),
    _within("sampling_steps", 1, 1000),
    _within("guidance", 0, 50),
    _within("poll_seconds", 0.1, 600),
    _within("min_pictures", 1, _MAX_PICTURES),
    _within("open_jobs", 1, 1000),
    _within("idle_hours", 0.05, 720),
    _within("daily_pictures", 1, 1_000_000),
    _within("daily_mebibytes", 1, 10_000_000),
    _within("daily_gpu_minutes", 1, 1_000_000),
    Rule(
        "private_webhooks",
        lambda config: not (config.private_webhooks and config.protect_data),
        "false where data is protected: else a designer could have the functions call addresses that only they can reach",
    ),
    Rule("api_wait", _matches("api_wait", r"\d{1,3}s"), "seconds, such as 60s"),
    Rule(
        "training_machine",
        lambda config: _fit(config.training_machine, config.training_accelerator),
        "a machine of the accelerator's family",
    ),
    Rule(
        "serving_machine", lambda config: _fit(config.serving_machine, config.serving_accelerator), "a machine of the accelerator's family"
    ),
    Rule(
        "image_digests",
        lambda config: all(re.fullmatch(_DIGEST, name) for name in config.image_digests.values()),
        "images by digest: host/path@sha256:..., never a tag",
    ),
    Rule(
        "image_digests",
        lambda config: set(config.image_digests) == (set(CONTAINERS) if config.images is Images.PREBUILT else set()),
        f"exactly {', '.join(CONTAINERS)} when images is prebuilt, and nothing when it is not",
    ),
)


def check(config: Config) -> None:
    """Raises InvalidConfig, which names everything that is wrong at once."""
    if wrong := list(_faults(config)):
        raise InvalidConfig("\n".join([f"Pulumi.{config.stack}.yaml:", *wrong]))


def _faults(config: Config) -> Iterator[str]:
    for rule in RULES:
        if not rule.holds(config):
            value = getattr(config, rule.name)
            yield f"  {key_of(rule.name)} {_shown(config, rule.name, value)}: {rule.allowed}"


def _shown(config: Config, name: str, value: object) -> str:
    if name.endswith("_machine"):
        accelerator = getattr(config, name.replace("machine", "accelerator"))
        return f"{value!r} with {accelerator!r}"
    return repr(value)


def _is_a_model(source: str) -> bool:
    if source.startswith("gs://"):
        return re.fullmatch(r"gs://[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]/[^/].*[^/]", source) is not None
    return (Path(source) / "model_index.json").is_file()


def _fit(machine: str, accelerator: str) -> bool:
    for family, accelerators in _FAMILIES.items():
        if machine.startswith(f"{family}-"):
            return accelerator in accelerators
    return not accelerator and re.fullmatch(r"[a-z]\d[a-z]?-\w+(-\d+)?", machine) is not None
