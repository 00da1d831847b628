"""What the steps decide by themselves; the real Firestore emulator holds their job."""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore, storage

from images.pipeline import report, train
from images.pipeline.evaluate import refuse_what_was_not_learnt
from images.pipeline.step import Step, StepFailed
from images.trainer import vertex as trainer
from images.trainer.choice import Choice
from images.trainer.events import Diverged, LearntNothing, NotLearnt
from images.trainer.flags import config_from
from images.trainer.progress import Progress as TrainerProgress
from images.trainer.results import Failure as GivenUp
from images.trainer.results import Metrics
from jobs.documents import Failure, Job, Progress, Upload, new_id
from jobs.job import State, UploadState
from jobs.methods import Method
from jobs.presets import PresetId
from jobs.store import Jobs, Uploads
from tests import serving
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


def step_with(models: storage.Bucket, name: str, job: Job, database: firestore.Client) -> Step:
    """With a bucket of its own."""
    step = step_of(name, job, database)
    return replace(step, settings=replace(step.settings, models_bucket=models.name))


@pytest.fixture(scope="session")
def storage_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving.storage(tmp_path_factory.mktemp("storage")) as url:
        yield url


@pytest.fixture
def models(storage_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[storage.Bucket]:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", storage_url)
    client = storage.Client(project="sd-test")
    yield client.create_bucket(f"models-{new_id()}")
    client.close()


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


@pytest.mark.parametrize(("error", "retryable"), [(Diverged("the loss grows"), True), (LearntNothing("no closer"), False)])
def test_a_training_that_the_trainer_gave_up_fails_in_the_trainers_words(error: NotLearnt, retryable: bool, tmp_path: Path) -> None:
    GivenUp.of(error, ()).save(tmp_path / "metrics.json")

    with pytest.raises(StepFailed, match=f"ended early: {error}") as refused:
        refuse_what_was_not_learnt(json.loads((tmp_path / "metrics.json").read_text()))

    assert (refused.value.failure.code, refused.value.failure.retryable) == ("QUALITY", retryable)


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
        pictures_notes={},
        pictures_skipped={},
        contexts=(),
        measurements=(),
        kept=Choice(10, "the last step"),
        seconds={},
    )
    measured.save(tmp_path / "metrics.json")
    read = json.loads((tmp_path / "metrics.json").read_text())

    assert read.keys() >= LEARNT.keys()
    with pytest.raises(StepFailed, match="no longer a number"):
        refuse_what_was_not_learnt(read)


def test_the_steps_read_the_progress_that_the_trainer_writes() -> None:
    written = TrainerProgress(
        stage="training", step=5, total=10, loss=0.5, eta_s=2.5, samples=("gs://models/a.png",), losses=((1, 0.7), (5, 0.5))
    )

    assert Progress.read(json.loads(written.wire())) == Progress("training", 5, 10, 0.5, 2.5, ("gs://models/a.png",), (1, 5), (0.7, 0.5))


def test_the_trainer_understands_what_the_training_step_tells_it(job: Job, database: firestore.Client) -> None:
    flags = trainer._parser().parse_args(train._arguments(step_of("train", job, database), job))
    config = config_from(flags)

    assert (flags.pictures, flags.base) == (f"gs://uploads/clean/{job.id}/", SETTINGS.base_model)
    assert flags.output == f"gs://models/runs/{job.id}/a1/"
    assert (config.instance_prompt, config.class_prompt) == ("a photo of a sks teapot", "a photo of a teapot")
    for name in ("batch_size", "learning_rate", "class_pictures", "sampling_steps", "guidance", "resolution"):
        assert getattr(config, name) == getattr(SETTINGS, name), name
    assert (config.steps, config.seed) == (SETTINGS.training_steps, job.attempt)


@pytest.mark.parametrize(("method", "rate"), [(Method.DREAMBOOTH, SETTINGS.learning_rate), (Method.LORA, SETTINGS.lora_learning_rate)])
def test_each_method_learns_at_a_rate_of_its_own(method: Method, rate: float, job: Job, database: firestore.Client) -> None:
    flags = trainer._parser().parse_args(train._arguments(step_of("train", job, database), replace(job, method=method)))

    config = config_from(flags)

    assert (config.method, config.learning_rate) == (method, rate)


def test_the_steps_are_those_of_the_job_where_it_says_so(jobs: Jobs, database: firestore.Client) -> None:
    made = jobs.create(Job(new_id(), "ada", "Teapot", "sks", "teapot", preset=PresetId.QUICK, steps=400), by="test")
    job = jobs.submit(made.id, 5, by="test")

    assert "--steps=400" in train._arguments(step_of("train", job, database), job)


def pictures(job: Job, database: firestore.Client, *captions: str) -> list[Upload]:
    uploads = Uploads(database)
    announced = [
        Upload(new_id(), job.id, "ada", f"{number}.png", "image/png", 9, "AAAAAA==", caption=caption)
        for number, caption in enumerate(captions)
    ]
    return [uploads.settle(upload, UploadState.VERIFIED) for upload in uploads.register(announced)]


def test_what_is_said_of_the_pictures_is_left_beside_the_run_once(jobs: Jobs, database: firestore.Client, models: storage.Bucket) -> None:
    job = jobs.create(Job(new_id(), "ada", "Teapot", "sks", "teapot"), by="test")
    told, _, gone = pictures(job, database, "on a table", "", "removed")
    Uploads(database).settle(gone, UploadState.REMOVED)
    job = jobs.submit(job.id, 2, by="test")

    flags = [train._arguments(step_with(models, "train", job, database), job) for _ in range(2)]

    assert flags[0] == flags[1]
    assert flags[0][-1] == f"--captions=gs://{models.name}/runs/{job.id}/a1/captions.json"
    assert json.loads(models.blob(f"runs/{job.id}/a1/captions.json").download_as_bytes()) == {f"{told.id}.png": "on a table"}


def test_where_nothing_is_said_nothing_is_left(job: Job, database: firestore.Client, models: storage.Bucket) -> None:
    flags = train._arguments(step_with(models, "train", job, database), job)

    assert not [flag for flag in flags if flag.startswith("--captions")]
    assert list(models.list_blobs(prefix=f"runs/{job.id}/")) == []


def test_what_lies_there_for_the_trainer_is_not_written_over(job: Job, database: firestore.Client, models: storage.Bucket) -> None:
    step = step_with(models, "train", job, database)

    step.leave("finish", "first")
    uri = step.leave("finish", "second")

    assert uri == f"gs://{models.name}/runs/{job.id}/a1/finish"
    assert models.blob(f"runs/{job.id}/a1/finish").download_as_bytes() == b"first"


def test_the_word_to_finish_reaches_the_trainer(job: Job, jobs: Jobs, database: firestore.Client, models: storage.Bucket) -> None:
    step = step_with(models, "train", job, database)
    jobs.advance(job.id, job.attempt, State.TRAINING, by="train")

    train.hand_on(step)
    before = models.blob(f"{step.run}finish").exists()
    jobs.finish(job.id)
    train.hand_on(step)

    assert (before, models.blob(f"{step.run}finish").exists()) == (False, True)


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
