"""The course of a run as people would rather see it: losses, and what was measured, over the steps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from images.trainer.measuring import Measurement
from images.trainer.results import Metrics

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SMOOTHED = 20
"""losses of a running mean: single ones differ with the timestep that each drew"""
CURVES = (
    ("likeness", "subject, as asked for", "-"),
    ("elsewhere", "subject, in other surroundings", "--"),
    ("recognised", "surroundings recognised", ":"),
    ("class_likeness", "plain class: how like the subject", "-."),
)


def draw_learning(losses: Sequence[float], metrics: Metrics, path: Path) -> None:
    from matplotlib.figure import Figure  # slow to import, and needed once

    figure = Figure(figsize=(8, 6), layout="constrained")
    upper, lower = figure.subplots(2, sharex=True)
    _draw_losses(upper, losses)
    _draw_measurements(lower, metrics)
    lower.set_xlabel("step")
    figure.savefig(path, dpi=110, metadata={"Software": ""})


def _draw_losses(axes: Axes, losses: Sequence[float]) -> None:
    means = [sum(part) / len(part) for end in range(1, len(losses) + 1) if (part := losses[max(0, end - SMOOTHED) : end])]
    axes.plot(range(1, len(losses) + 1), losses, ".", markersize=2, alpha=0.3, label="each step")
    axes.plot(range(1, len(losses) + 1), means, label=f"mean of {SMOOTHED}")
    axes.set_ylabel("loss")
    axes.legend(loc="upper right", fontsize="small")


def _draw_measurements(axes: Axes, metrics: Metrics) -> None:
    for name, label, line in CURVES:
        points = [(each.step, value) for each in metrics.measurements if (value := _value(each, name)) is not None]
        if points:
            axes.plot(*zip(*points, strict=True), line, marker="o", markersize=4, label=label)
    if metrics.likeness_ceiling is not None:
        axes.axhline(metrics.likeness_ceiling, linewidth=0.8, color="grey", label="subject's own pictures")
    axes.axvline(metrics.kept.step, linewidth=0.8, linestyle=":", color="black", label=f"kept: step {metrics.kept.step}")
    axes.set_ylabel("likeness, share")
    axes.legend(loc="center right", fontsize="small")


def _value(measurement: Measurement, name: str) -> float | None:
    value: float | None = getattr(measurement, name)
    return value
