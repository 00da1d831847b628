"""What every step shares: its job, its settings, its clients, and how it ends."""

import argparse
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from google.api_core import retry
from google.api_core.exceptions import PreconditionFailed
from google.cloud import firestore, storage

from jobs import names
from jobs.documents import Failure, Job
from jobs.job import NotAllowed, State, Superseded
from jobs.log import log
from jobs.methods import Method
from jobs.settings import StepSettings
from jobs.store import Jobs, Uploads

TIMEOUT_S = 60.0
RETRY = retry.Retry(predicate=retry.if_transient_error, timeout=120.0)


class StepFailed(Exception):
    """The job cannot go on, and running the step again would not help. The text is for the designer."""

    def __init__(self, code: str, text: str, retryable: bool = False) -> None:
        super().__init__(text)
        self.failure = Failure(code, text, retryable)


@dataclass(frozen=True)
class Step:
    """One attempt of one job, as a step sees it."""

    name: str
    job_id: str
    attempt: int
    settings: StepSettings

    @cached_property
    def documents(self) -> firestore.Client:
        return firestore.Client(project=self.settings.project, database=self.settings.database)

    @cached_property
    def jobs(self) -> Jobs:
        return Jobs(self.documents)

    @cached_property
    def uploads(self) -> Uploads:
        return Uploads(self.documents)

    @cached_property
    def models_bucket(self) -> Any:
        return storage.Client(project=self.settings.project).bucket(self.settings.models_bucket)

    @property
    def parent(self) -> str:
        return f"projects/{self.settings.project}/locations/{self.settings.region}"

    @property
    def run(self) -> str:
        """The prefix in the models bucket under which this attempt leaves all it makes."""
        return names.run_prefix(self.job_id, self.attempt)

    @property
    def run_uri(self) -> str:
        return f"gs://{self.settings.models_bucket}/{self.run}"

    def labels(self, method: Method) -> dict[str, str]:
        return names.labels(self.settings.stack, self.job_id, self.attempt, method)

    @property
    def encryption(self) -> dict[str, str] | None:
        """An EncryptionSpec for whatever this attempt makes in Vertex AI; None where Google's own keys will do."""
        return {"kms_key_name": self.settings.kms_key} if self.settings.kms_key else None

    def vertex(self, client: Callable[..., Any]) -> Any:
        return client(client_options={"api_endpoint": f"{self.settings.region}-aiplatform.googleapis.com"})

    def advance(self, to: State, **changes: Any) -> Job:
        return self.jobs.advance(self.job_id, self.attempt, to, by=self.name, **changes)

    def leave(self, name: str, text: str) -> str:
        """An object for the trainer, in the run's folder; one that is there stays as it is. Answers its URI."""
        blob = self.models_bucket.blob(f"{self.run}{name}")
        if not blob.exists(timeout=TIMEOUT_S):
            with suppress(PreconditionFailed):
                blob.upload_from_string(text, content_type="application/json", if_generation_match=0, timeout=TIMEOUT_S)
        return f"{self.run_uri}{name}"

    def log(self, message: str, **facts: Any) -> None:
        log(message, job_id=self.job_id, attempt=self.attempt, step=self.name, **facts)


def run_step(name: str, act: Callable[..., str | None], *flags: str) -> None:
    """Read the flags, act, and write what `act` answers to the file of `--output`, if the graph wants it.

    Exits 1 when the job fails, so that the pipeline fails with it; 0 when the job has moved on without this step.
    """
    arguments = _parse(flags)
    output = arguments.pop("output")
    step = Step(name, arguments.pop("job_id"), arguments.pop("attempt"), StepSettings.from_env())
    step.log("step began")
    try:
        answer = act(step, **arguments)
    except StepFailed as failed:
        step.log("step failed", severity="ERROR", code=failed.failure.code, reason=str(failed))
        step.advance(State.FAILED, failure=failed.failure)
        sys.exit(1)
    except (NotAllowed, Superseded) as moved_on:
        step.log("step is no longer wanted", severity="WARNING", reason=str(moved_on))
        sys.exit(1)
    if output and answer is not None:
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(answer)
    step.log("step done", answer=answer)


def _parse(flags: tuple[str, ...]) -> dict[str, Any]:
    parser = argparse.ArgumentParser()
    parser.add_argument("--job-id", required=True)
    parser.add_argument("--attempt", type=int, required=True)
    parser.add_argument("--output", type=Path)
    for flag in flags:
        parser.add_argument(flag, required=True)
    return vars(parser.parse_args())
