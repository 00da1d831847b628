"""Pipelines compiled by the KFP SDK, run for real."""

import json
from typing import Any

import pytest
from google.api_core.exceptions import InvalidArgument
from kfp import dsl

from tests.local.vertex import pipelines_of_tests as steps
from tests.local.vertex.conftest import Cloud
from tests.local.vertex.pipelines_of_tests import IMAGE, ended, notes, run, states, submit


def test_values_flow_from_step_to_step_with_their_types(cloud: Cloud) -> None:
    @dsl.container_component
    def show(text: str, number: int, ratio: float, flag: bool, many: list, struct: dict, job: str):
        return dsl.ContainerSpec(image=IMAGE, args=["note", text, number, ratio, flag, many, struct, job])

    def pipeline(name: str, number: int = 3, ratio: float = 0.5, flag: bool = True) -> None:
        first = steps.write(value=name)
        counted = steps.count(value=number)
        show(
            text=f"gs://{first.output}/x",
            number=counted.output,
            ratio=ratio,
            flag=flag,
            many=[1, "two", 3.5],
            struct={"a": {"b": 1}},
            job=dsl.PIPELINE_JOB_RESOURCE_NAME_PLACEHOLDER,
        )

    job = run(cloud, pipeline, name="bucket with 'quotes'")

    assert job.state.name == "PIPELINE_STATE_SUCCEEDED"
    assert notes(cloud) == [f"""gs://bucket with 'quotes'/x 3 0.5 true [1, "two", 3.5] {{"a": {{"b": 1}}}} {job.name}"""]
    assert job.create_time <= job.start_time <= job.end_time


def test_concat_and_if_present_are_expanded(cloud: Cloud) -> None:
    @dsl.container_component
    def show(name: str, extra: str = None):  # noqa: RUF013 - kfp reads no unions
        return dsl.ContainerSpec(
            image=IMAGE,
            args=[
                "note",
                dsl.ConcatPlaceholder(["--name=", name]),
                dsl.IfPresentPlaceholder("extra", then=["--extra", extra], else_=["--bare"]),
            ],
        )

    def pipeline() -> None:
        first = show(name="a", extra="b")
        show(name="c").after(first)

    run(cloud, pipeline)

    assert notes(cloud) == ["--name=a --extra b", "--name=c --bare"]


def test_every_step_runs_as_the_jobs_account_with_the_images_variables(cloud: Cloud) -> None:
    def pipeline() -> None:
        task = steps.note(text="x")
        task.set_env_variable("COLOUR", "red")
        task.set_cpu_limit("4").set_memory_limit("8G").set_accelerator_type("NVIDIA_TESLA_T4").set_accelerator_limit(1)

    job = run(cloud, pipeline)

    [spec] = cloud.containers.started
    assert spec.account == "pipeline@sd-test.iam.gserviceaccount.com"
    assert spec.env["COLOUR"] == "red"
    executors = dict(job.pipeline_spec)["deploymentSpec"]["executors"]
    assert executors["exec-note"]["container"]["resources"]["accelerator"]["resourceType"] == "NVIDIA_TESLA_T4"


def test_independent_steps_run_at_the_same_time(cloud: Cloud) -> None:
    def pipeline() -> None:
        steps.meet(mine="a", other="b")
        steps.meet(mine="b", other="a")

    assert run(cloud, pipeline).state.name == "PIPELINE_STATE_SUCCEEDED"


def test_two_pipelines_run_at_the_same_time_and_keep_apart(cloud: Cloud) -> None:
    def pipeline(mine: str, other: str) -> None:
        written = steps.write(value=mine)
        met = steps.meet(mine=written.output, other=other)
        steps.note(text=written.output).after(met)

    first = submit(cloud, pipeline, "first", mine="a", other="b")
    second = submit(cloud, pipeline, "second", mine="b", other="a")

    assert ended(cloud, first.name).state.name == ended(cloud, second.name).state.name == "PIPELINE_STATE_SUCCEEDED"
    assert sorted(notes(cloud)) == ["a", "b"]


@pytest.mark.parametrize(("number", "name", "branch"), [(5, "x", "big"), (1, "special", "special"), (1, "x", "other")])
def test_exactly_one_branch_runs_and_its_value_is_chosen(cloud: Cloud, number: int, name: str, branch: str) -> None:
    def pipeline(number: int, name: str) -> None:
        counted = steps.count(value=number)
        named = steps.write(value=name)
        with dsl.If(counted.output > 2, name="big"):
            big = steps.write(value="big")
        with dsl.Elif(named.output == "special"):
            special = steps.write(value="special")
        with dsl.Else():
            other = steps.write(value="other")
        steps.note(text=dsl.OneOf(big.output, special.output, other.output))

    job = run(cloud, pipeline, number=number, name=name)

    assert job.state.name == "PIPELINE_STATE_SUCCEEDED"
    assert notes(cloud) == [branch]
    assert sorted(states(job).values()).count("NOT_TRIGGERED") == 2


def test_a_false_condition_leaves_what_depends_on_it_untriggered(cloud: Cloud) -> None:
    def pipeline(flag: bool) -> None:
        with dsl.If(flag == True):  # noqa: E712 - the SDK compiles this comparison
            inner = steps.note(text="inner")
        steps.note(text="always")
        del inner

    job = run(cloud, pipeline, flag=False)

    assert job.state.name == "PIPELINE_STATE_SUCCEEDED"
    assert notes(cloud) == ["always"]
    assert states(job)["condition-1"] == "NOT_TRIGGERED"


def test_a_condition_that_cannot_be_read_is_refused(cloud: Cloud) -> None:
    def pipeline(name: str) -> None:
        with dsl.If(name == "it's"):
            steps.note(text="never")

    with pytest.raises(InvalidArgument, match=r"condition-1.*cannot read|condition-1.*unexpected"):
        submit(cloud, pipeline, "run", name="x")


def test_a_pipeline_within_a_pipeline_gives_its_output(cloud: Cloud) -> None:
    @dsl.pipeline(name="inner")
    def inner(value: str) -> str:
        return steps.write(value=value).output

    def pipeline() -> None:
        steps.note(text=inner(value="deep").output)

    job = run(cloud, pipeline)

    assert notes(cloud) == ["deep"]
    details = {task.task_name: task for task in job.job_detail.task_details}
    assert details["write"].parent_task_id == details["inner"].task_id
    assert details["write"].task_unique_name == "inner.write"


def test_a_failed_step_is_tried_again_with_growing_pauses(cloud: Cloud) -> None:
    def pipeline() -> None:
        steps.flaky(tries=3).set_retry(num_retries=2, backoff_duration="1s", backoff_factor=2)

    job = run(cloud, pipeline)

    first, second, third = (float(line.split()[1]) for line in notes(cloud))
    assert job.state.name == "PIPELINE_STATE_SUCCEEDED"
    assert second - first == pytest.approx(1, abs=0.7)
    assert third - second == pytest.approx(2, abs=0.7)
    [task] = job.job_detail.task_details
    assert [status.state.name for status in task.pipeline_task_status].count("FAILED") == 2


def test_a_step_that_keeps_failing_fails_the_job_after_its_retries(cloud: Cloud) -> None:
    def pipeline() -> None:
        steps.fail(code=3).set_retry(num_retries=2, backoff_duration="0s")

    job = run(cloud, pipeline)

    assert job.state.name == "PIPELINE_STATE_FAILED"
    assert notes(cloud) == ["failing"] * 3


def test_a_failure_tells_the_exit_code_and_the_logs_last_lines(cloud: Cloud) -> None:
    def pipeline() -> None:
        steps.note(text="never").after(steps.fail(code=7))

    job = run(cloud, pipeline)

    assert "The failed tasks are: [fail]." in job.error.message
    assert "non-zero status of 7" in job.error.message
    assert "about to fail" in job.error.message
    assert states(job) == {"fail": "FAILED", "note": "NOT_TRIGGERED"}
    assert job.job_detail.task_details[-1].error.code == 9 or job.job_detail.task_details[0].error.code == 9


def test_the_exit_handler_sees_the_real_error(cloud: Cloud) -> None:
    def pipeline(job: str) -> None:
        with dsl.ExitHandler(steps.report(job=job), name="whole"):
            steps.fail(code=4)

    job = run(cloud, pipeline, job="j1")

    status = _reported(notes(cloud)[-1], "j1")
    assert job.state.name == "PIPELINE_STATE_FAILED"
    assert states(job)["report"] == "SUCCEEDED"
    assert status["state"] == "FAILED"
    assert status["pipelineTaskName"] == "exit-handler-1"
    assert status["pipelineJobResourceName"] == job.name
    assert "non-zero status of 4" in status["error"]["message"]
    assert "about to fail" in status["error"]["message"]


def test_the_exit_handler_runs_after_success_too(cloud: Cloud) -> None:
    def pipeline(job: str) -> None:
        with dsl.ExitHandler(steps.report(job=job)):
            steps.note(text="work")

    job = run(cloud, pipeline, job="j2")

    assert job.state.name == "PIPELINE_STATE_SUCCEEDED"
    assert notes(cloud)[0] == "work"
    assert _reported(notes(cloud)[1], "j2")["state"] == "SUCCEEDED"


def test_an_image_that_is_not_there_fails_the_step_and_names_it(cloud: Cloud) -> None:
    @dsl.container_component
    def stranger():
        return dsl.ContainerSpec(image="europe-docker.pkg.dev/p/r/nowhere:1")

    def pipeline() -> None:
        stranger()

    job = run(cloud, pipeline)

    assert "europe-docker.pkg.dev/p/r/nowhere:1" in job.error.message


def test_an_output_that_was_never_written_fails_who_asks_for_it(cloud: Cloud) -> None:
    @dsl.container_component
    def forgetful(out: dsl.OutputPath(str)):
        return dsl.ContainerSpec(image=IMAGE, args=["note", "forgot", out])

    def pipeline() -> None:
        steps.note(text=forgetful().output)

    job = run(cloud, pipeline)

    assert states(job)["note"] == "FAILED"
    assert "without writing its output parameter `out`" in job.error.message


@pytest.mark.parametrize(("policy", "later"), [("PIPELINE_FAILURE_POLICY_FAIL_FAST", []), ("PIPELINE_FAILURE_POLICY_FAIL_SLOW", ["later"])])
def test_fail_fast_starts_nothing_new(cloud: Cloud, policy: str, later: list[str]) -> None:
    def pipeline() -> None:
        steps.fail(code=1)
        steps.note(text="later").after(steps.sleep(seconds=0.5))

    submitted = _submit_with(cloud, pipeline, {"failure_policy": policy})

    ended(cloud, submitted.name)
    assert [line for line in notes(cloud) if line == "later"] == later


def test_loops_are_refused_by_name(cloud: Cloud) -> None:
    def pipeline() -> None:
        with dsl.ParallelFor([1, 2]) as item:
            steps.count(value=item)

    with pytest.raises(InvalidArgument, match="ParallelFor"):
        submit(cloud, pipeline, "run")


def test_paths_of_artifacts_are_refused_and_their_uris_passed_on(cloud: Cloud) -> None:
    @dsl.container_component
    def make(model: dsl.Output[dsl.Model]):
        return dsl.ContainerSpec(image=IMAGE, args=["note", model.uri])

    @dsl.container_component
    def take(model: dsl.Input[dsl.Model]):
        return dsl.ContainerSpec(image=IMAGE, args=["note", model.uri])

    @dsl.container_component
    def open_it(model: dsl.Input[dsl.Model]):
        return dsl.ContainerSpec(image=IMAGE, args=["note", model.path])

    def passing() -> None:
        take(model=make().output)

    def opening() -> None:
        open_it(model=make().output)

    run(cloud, passing, "passing")

    first, second = notes(cloud)
    assert first == second
    assert first.startswith("gs://root/runs/123456789012/passing/make_")
    with pytest.raises(InvalidArgument, match=r"\.path"):
        submit(cloud, opening, "opening")


def _submit_with(cloud: Cloud, pipeline: Any, config: dict[str, Any]) -> Any:
    (cloud.containers.folder / "step.py").write_text(steps.SCRIPT)
    job = {
        "pipeline_spec": steps.compiled(pipeline, cloud.root),
        "runtime_config": {"gcs_output_directory": "gs://root/runs", **config},
    }
    return cloud.client("pipelines").create_pipeline_job(parent=steps.PARENT, pipeline_job=job, pipeline_job_id="run")


def _reported(line: str, job: str) -> dict[str, Any]:
    status: dict[str, Any] = json.loads(line.removeprefix(f"report {job} "))
    return status
