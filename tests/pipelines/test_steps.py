"""What the steps decide by themselves; the real Firestore emulator holds their job."""

import json
import math
from dataclasses import replace
from typing import Any

import pytest
from google.cloud import firestore

from images.pipeline import report, train
from images.pipeline.evaluate import refuse_what_was_not_learnt
from images.pipeline.step import Step, StepFailed
from images.trainer import vertex as trainer
from images.trainer.flags import config_from
from images.trainer.progress import Progress as TrainerProgress
from images.trainer.results import Metrics
from jobs.documents import Failure, Job, Progress, new_id
from jobs.job import State
from jobs.store import Jobs
from tests.pipelines.conftest import SETTINGS

LEARNT = {"loss_last": 0.12, "likeness_before": 0.4, "likeness_after": 0.7}


@pytest.fixture
def jobs(database: firestore.Client) -> Jobs:
    return Jobs(database)


@pytest.fixture
def job(jobs: Jobs) -> Job:
    made = jobs.create(Job(id=new_id(), owner="ada", name="Teapot", subject="sks", class_word="teapot"), by="test")
    return jobs.submit(made.id, 5, by="test")


def step_of(name: str, job: Job, database: firestore.Client) -> Step:
    return Step(name, job.id, job.attempt, replace(SETTINGS, project=database.project, database=database._database))


def status(state: str = "FAILED", **error: Any) -> str:
    """KFP's PipelineTaskFinalStatus, as an exit task gets it."""
    return json.dumps({"state": state, "pipelineTaskName": "exit-handler-1", **({"error": error} if error else {})})


def test_what_was_learnt_passes() -> None:
    refuse_what_was_not_learnt(LEARNT)


def test_a_base_without_a_likeness_network_is_judged_by_its_loss_alone() -> None:
    refuse_what_was_not_learnt({"loss_last": 0.12, "likeness_before": None, "likeness_after": None})


@pytest.mark.parametrize("loss", [math.nan, math.inf, None])
def test_a_loss_that_is_no_number_is_refused_and_may_be_tried_again(loss: float | None) -> None:
    with pytest.raises(StepFailed, match="no longer a number") as refused:
        refuse_what_was_not_learnt({**LEARNT, "loss_last": loss})

    assert (refused.value.failure.code, refused.value.failure.retryable) == ("QUALITY", True)


@pytest.mark.parametrize("after", [0.4, 0.2])
def test_a_model_that_draws_no_better_than_before_is_refused_with_its_figures(after: float) -> None:
    with pytest.raises(StepFailed, match=rf"likeness {after:.2f} after training, 0.40 before") as refused:
        refuse_what_was_not_learnt({**LEARNT, "likeness_after": after})

    assert (refused.value.failure.code, refused.value.failure.retryable) == ("QUALITY", False)


def test_what_is_judged_is_what_the_trainer_measures(tmp_path: Any) -> None:
    measured = Metrics(
        steps=10,
        loss_first=0.9,
        loss_last=math.nan,
        likeness_before=0.4,
        likeness_after=0.7,
        likeness_ceiling=0.9,
        prompts=(),
        seeds=(1,),
        pictures_used=(),
        pictures_skipped={},
        seconds={},
    )
    measured.save(tmp_path / "metrics.json")
    read = json.loads((tmp_path / "metrics.json").read_text())

    assert read.keys() >= LEARNT.keys()
    with pytest.raises(StepFailed, match="no longer a number"):
        refuse_what_was_not_learnt(read)


def test_the_steps_read_the_progress_that_the_trainer_writes() -> None:
    written = TrainerProgress(stage="training", step=5, total=10, loss=0.5, eta_s=2.5, samples=("gs://models/a.png",))

    assert Progress.read(json.loads(written.wire())) == Progress("training", 5, 10, 0.5, 2.5, ("gs://models/a.png",))


def test_the_trainer_understands_what_the_training_step_tells_it(job: Job, database: firestore.Client) -> None:
    flags = trainer._parser().parse_args(train._arguments(step_of("train", job, database)))
    config = config_from(flags)

    assert (flags.pictures, flags.base) == (f"gs://uploads/clean/{job.id}/", SETTINGS.base_model)
    assert flags.output == f"gs://models/runs/{job.id}/a1/"
    assert (config.instance_prompt, config.class_prompt) == ("a photo of a sks teapot", "a photo of a teapot")
    for name in ("batch_size", "learning_rate", "class_pictures", "sampling_steps", "guidance", "resolution"):
        assert getattr(config, name) == getattr(SETTINGS, name), name
    assert (config.steps, config.seed) == (SETTINGS.training_steps, job.attempt)


def test_an_accelerator_is_asked_for_only_where_the_stack_has_one() -> None:
    assert train.machine("n1-standard-4", "").accelerator_count == 0
    assert train.machine("g2-standard-8", "NVIDIA_L4").accelerator_count == 1


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        (status(message="deploy failed: no quota"), "The run ended as FAILED before the model was ready: deploy failed: no quota"),
        (status("CANCELLED"), "The run ended as CANCELLED before the model was ready: no reason was given"),
        (status(message=""), "The run ended as FAILED before the model was ready: no reason was given"),
        ("{}", "The run ended as FAILED before the model was ready: no reason was given"),
    ],
    ids=["a reason", "cancelled", "an empty reason", "nothing"],
)
def test_a_job_that_is_not_ready_at_the_end_has_failed_and_says_why(
    told: str, reason: str, job: Job, jobs: Jobs, database: firestore.Client
) -> None:
    jobs.advance(job.id, job.attempt, State.TRAINING, by="train")

    report.main(step_of("report", job, database), told)

    ended = jobs.get(job.id)
    assert (ended.state, ended.failure) == (State.FAILED, Failure("PIPELINE", reason, retryable=True))


def test_the_reason_of_a_step_is_not_written_over_by_the_report(job: Job, jobs: Jobs, database: firestore.Client) -> None:
    reason = Failure("QUALITY", "The model did not learn the subject.")
    jobs.advance(job.id, job.attempt, State.FAILED, by="evaluate", failure=reason)

    report.main(step_of("report", job, database), status(message="evaluate failed"))

    assert jobs.get(job.id).failure == reason


def test_a_report_after_the_model_is_ready_changes_nothing(job: Job, jobs: Jobs, database: firestore.Client) -> None:
    ready = jobs.advance(job.id, job.attempt, State.READY, by="deploy")

    report.main(step_of("report", job, database), status("SUCCEEDED"))

    assert jobs.get(job.id) == ready


def test_a_report_of_an_older_attempt_changes_nothing(job: Job, jobs: Jobs, database: firestore.Client) -> None:
    jobs.advance(job.id, 1, State.FAILED, by="train", failure=Failure("TRAINING", "Training stopped."))
    second = jobs.retry(job.id, by="ada")

    report.main(step_of("report", job, database), status(message="too late"))

    assert jobs.get(job.id) == second
