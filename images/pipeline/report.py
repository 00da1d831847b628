"""The exit of every run: a job that is not ready by now has failed, and says why."""

import json

from images.pipeline.step import Step, run_step
from jobs.documents import Failure
from jobs.job import RUNNING, State


def main(step: Step, status: str) -> None:
    """`status` is KFP's PipelineTaskFinalStatus as JSON. A job that a step has failed already keeps that step's reason."""
    job = step.jobs.get(step.job_id)
    if job.state not in RUNNING or job.attempt != step.attempt:
        return
    step.advance(State.FAILED, failure=Failure("PIPELINE", _reason(status), retryable=True))


def _reason(status: str) -> str:
    final = json.loads(status)
    message = (final.get("error") or {}).get("message") or "no reason was given"
    return f"The run ended as {final.get('state', 'FAILED')} before the model was ready: {message}"


if __name__ == "__main__":
    run_step("report", main, "--status")
