"""Decide whether what was learnt is worth an endpoint."""

import json
import math
from typing import Any

from google.api_core.exceptions import NotFound

from images.pipeline.step import TIMEOUT_S, Step, StepFailed, run_step
from jobs.documents import Result
from jobs.job import State


def main(step: Step, weights: str) -> str:
    """Passes on the URI of the weights that it found good."""
    step.advance(State.EVALUATING)
    metrics = _metrics(step)
    refuse_what_was_not_learnt(metrics)
    result = Result(
        before=f"{step.run_uri}before.png",
        after=f"{step.run_uri}after.png",
        likeness_before=metrics.get("likeness_before"),
        likeness_after=metrics.get("likeness_after"),
    )
    step.jobs.note(step.job_id, result=result)
    step.log("evaluated", **metrics)
    return f"{weights.rstrip('/')}/model"


def _metrics(step: Step) -> dict[str, Any]:
    try:
        text = step.models_bucket.blob(f"{step.run}metrics.json").download_as_bytes(timeout=TIMEOUT_S)
    except NotFound as missing:
        raise StepFailed("TRAINING", "Training ended without saying what it measured.", retryable=True) from missing
    metrics: dict[str, Any] = json.loads(text)
    return metrics


def refuse_what_was_not_learnt(metrics: dict[str, Any]) -> None:
    """Raises StepFailed."""
    if given_up := metrics.get("failure"):
        raise StepFailed("QUALITY", f"Training was ended early: {given_up}", retryable=metrics.get("kind") == "Diverged")
    loss = metrics.get("loss_last")
    if loss is None or not math.isfinite(loss):
        raise StepFailed("QUALITY", "Training went astray: its loss is no longer a number. Try again with fewer steps.", retryable=True)
    before, after = metrics.get("likeness_before"), metrics.get("likeness_after")
    if before is not None and after is not None and after <= before:
        raise StepFailed(
            "QUALITY",
            f"The model did not learn the subject: likeness {after:.2f} after training, {before:.2f} before. "
            "Pictures that show the subject larger and from more sides help most.",
        )


if __name__ == "__main__":
    run_step("evaluate", main, "--weights")
