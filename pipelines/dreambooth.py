"""The graph of one job: train, evaluate, register, deploy; and report, whatever happened.

Every step is a module of `images/pipeline`, run in its container: the YAML names the file that runs.
"""

from collections.abc import Mapping

from kfp import dsl

_RETRIES = 2
_BACKOFF = "10s"


def dreambooth(image: str, environment: Mapping[str, str]) -> dsl.base_component.BaseComponent:
    """The pipeline with its steps in `image` (by digest), which read `environment` as their StepSettings."""
    steps = _steps(image)

    @dsl.pipeline(name="dreambooth", description="From a designer's pictures to an endpoint that draws their subject")
    def pipeline(job_id: str, attempt: int) -> None:
        report = _prepare(steps["report"](job_id=job_id, attempt=attempt), environment, "Report")
        with dsl.ExitHandler(report, name="job"):
            train = _prepare(steps["train"](job_id=job_id, attempt=attempt), environment, "Train")
            weights = train.outputs["output"]
            evaluate = _prepare(steps["evaluate"](job_id=job_id, attempt=attempt, weights=weights), environment, "Evaluate")
            good = evaluate.outputs["output"]
            register = _prepare(steps["register"](job_id=job_id, attempt=attempt, weights=good), environment, "Register")
            model = register.outputs["output"]
            _prepare(steps["deploy"](job_id=job_id, attempt=attempt, model=model), environment, "Deploy")

    return pipeline


def _prepare(task: dsl.PipelineTask, environment: Mapping[str, str], title: str) -> dsl.PipelineTask:
    """Never cached: every step acts on the world."""
    task.set_env_variable("STEP", title)
    # the SDK walks the whole call stack for each variable that it sets
    task.container_spec.env = dict(sorted(environment.items()))
    task.set_display_name(title).set_caching_options(False)
    return task.set_retry(num_retries=_RETRIES, backoff_duration=_BACKOFF)


def _steps(image: str) -> Mapping[str, dsl.base_component.BaseComponent]:
    def container(step: str, *arguments: object) -> dsl.ContainerSpec:
        return dsl.ContainerSpec(image=image, command=["python", "-m", f"images.pipeline.{step}"], args=list(arguments))

    @dsl.container_component
    def train(job_id: str, attempt: int, output: dsl.OutputPath(str)):
        return container("train", "--job-id", job_id, "--attempt", attempt, "--output", output)

    @dsl.container_component
    def evaluate(job_id: str, attempt: int, weights: str, output: dsl.OutputPath(str)):
        return container("evaluate", "--job-id", job_id, "--attempt", attempt, "--weights", weights, "--output", output)

    @dsl.container_component
    def register(job_id: str, attempt: int, weights: str, output: dsl.OutputPath(str)):
        return container("register", "--job-id", job_id, "--attempt", attempt, "--weights", weights, "--output", output)

    @dsl.container_component
    def deploy(job_id: str, attempt: int, model: str, output: dsl.OutputPath(str)):
        return container("deploy", "--job-id", job_id, "--attempt", attempt, "--model", model, "--output", output)

    @dsl.container_component
    def report(job_id: str, attempt: int, status: dsl.PipelineTaskFinalStatus):
        return container("report", "--job-id", job_id, "--attempt", attempt, "--status", status)

    return {"train": train, "evaluate": evaluate, "register": register, "deploy": deploy, "report": report}
