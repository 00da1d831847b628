"""The page that goes with a tuned model: what it is of, what it has learnt, what it has forgotten, what it must not be taken for."""

from __future__ import annotations

from images.trainer.config import TrainConfig
from images.trainer.lineage import Lineage
from images.trainer.results import Metrics

_NAMES = {"dreambooth": "DreamBooth", "lora": "LoRA"}


def model_card(config: TrainConfig, metrics: Metrics, base: Lineage | None) -> str:
    """With the front matter that the hub reads."""
    return f"""---
library_name: diffusers
tags: [stable-diffusion, {config.method}]{_front(base)}
---
# {config.instance_prompt}

Fine-tuned with {_NAMES[config.method]} on {len(metrics.pictures_used)} pictures{_from(base)}.

- Prompt that names the subject: `{config.instance_prompt}`; of its class: `{config.class_prompt}`
- {_steps(config, metrics)}, rate {config.learning_rate:g}, prior weight {config.prior_weight:g}, seed {config.seed}
- Kept: {metrics.kept.why}
- Loss: {metrics.loss_first:.4f} at first, {metrics.loss_last:.4f} at last

{_figures(metrics)}

Before is the untuned base. Everything is measured on fixed seeds{_where(metrics)}.

## Limits

It was tuned on few pictures: it repeats what they share, their light, background and angle included. What it draws of the subject is no
evidence of the subject. What its base cannot draw, it cannot draw either.

## Licence

{_licence(base)}

Load with `StableDiffusionPipeline.from_pretrained("model")`. All weights are safetensors.
"""


def _front(base: Lineage | None) -> str:
    if base is None:
        return ""
    told = {"base_model": base.model, "license": base.licence, "license_name": base.licence_name, "license_link": base.link}
    return "".join(f"\n{name}: {value}" for name, value in told.items() if value)


def _from(base: Lineage | None) -> str:
    return f", from {base.version}" if base else ""


def _licence(base: Lineage | None) -> str:
    if base is None or not base.terms:
        return "Its base's licence binds it, too. None is recorded: ask the base's makers before you pass it on."
    return f"Its base's licence binds it, too: {base.terms} ({base.link})."


def _figures(metrics: Metrics) -> str:
    if metrics.likeness_after is None:
        return "Likeness is not measured: the base brings no likeness network."
    before, after = metrics.before, metrics.after
    rows = (
        ("likeness to the subject (mean cosine of features)", before.likeness, after.likeness, metrics.likeness_ceiling),
        ("the same in other surroundings", before.elsewhere, after.elsewhere, metrics.likeness_ceiling),
        ("other surroundings recognised (share)", before.recognised, after.recognised, 1.0),
        ("likeness of the plain class to the subject", before.class_likeness, after.class_likeness, before.class_likeness),
        ("diversity (one less the mean cosine among samples)", before.diversity, after.diversity, None),
    )
    lines = ["| measured | before | after | at best |", "|---|---|---|---|"]
    lines += [f"| {name} | " + " | ".join("" if value is None else f"{value:.2f}" for value in values) + " |" for name, *values in rows]
    return "\n".join(lines)


def _where(metrics: Metrics) -> str:
    return f"; other surroundings are: {', '.join(metrics.contexts)}" if len(metrics.contexts) > 1 else ""


def _steps(config: TrainConfig, metrics: Metrics) -> str:
    stopped = f" (of {config.steps}; stopped there on request)" if metrics.steps < config.steps else ""
    return f"{metrics.steps} steps of batch {config.batch_size * config.accumulate}{stopped}"
