"""How long a training takes, and what it costs: from our own history, or as long as there is too little of it from a formula."""

import math
from collections.abc import Sequence

from jobs.documents import Job
from jobs.job import State
from jobs.methods import Method
from jobs.settings import UploadSettings
from services.upload import wire
from services.upload.parts import Parts

_JOBS, _ENOUGH = 30, 5
# of the last jobs of all kinds and ends, among which those like this one are looked for
_LOOK_BACK = 120
# Seconds without history: a machine is found, the images are pulled, the class pictures are made; then each step; then the model is
# registered, deployed and tried. The ends are a warm L4 and a cold T4 with Stable Diffusion 1.5 at 512 pixels. For every method: also one
# that learns little goes through the whole model, forwards and back.
_AROUND = (420.0, 1500.0)
_A_STEP = (0.4, 1.6)


def estimate(parts: Parts, job: Job) -> wire.Estimate:
    settings, steps = parts.settings, planned(parts, job)
    took = history(parts.jobs.finished(_LOOK_BACK), job.method, steps)
    known = len(took) >= _ENOUGH
    low, high = (quantile(took, 0.25), quantile(took, 0.9)) if known else formula(steps)
    return wire.Estimate(
        low_seconds=round(low, 1),
        high_seconds=round(high, 1),
        basis="history" if known else "config",
        jobs=len(took),
        gpu_minutes=math.ceil(high / 60),
        price=_price(settings, low, high),
    )


def planned(parts: Parts, job: Job) -> int:
    """Steps of training, as its owner was told; of a job that is older than presets, what the settings say."""
    return job.steps or job.preset.steps(parts.settings.training_steps)


def formula(steps: int) -> tuple[float, float]:
    low, high = (around + steps * a_step for around, a_step in zip(_AROUND, _A_STEP, strict=True))
    return low, high


def history(finished: Sequence[Job], method: Method, steps: int) -> list[float]:
    """The seconds from submission to a model that answers, shortest first; without those that were stopped early."""
    whole = [job for job in finished if job.state in {State.READY, State.RETIRED} and not job.finishing]
    alike = [job for job in whole if job.method == method and job.steps == steps]
    return sorted((job.finished - job.submitted).total_seconds() for job in alike[:_JOBS] if job.finished and job.submitted)


def quantile(ordered: Sequence[float], share: float) -> float:
    """The smallest of them that `share` of them do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def _price(settings: UploadSettings, low: float, high: float) -> wire.Money | None:
    if not settings.training_price:
        return None
    a_second = settings.training_price / 3600
    return wire.Money(low=round(low * a_second, 2), high=round(high * a_second, 2), currency=settings.currency, as_of=settings.priced)
