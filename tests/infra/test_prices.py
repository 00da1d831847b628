"""What designers are told that a machine costs."""

from collections.abc import Callable
from typing import Any

import pytest

from infra.prices import HOURLY, hour
from tests.infra.conftest import Graph, inputs_of


def told(graph: Graph) -> dict[str, Any]:
    (upload,) = [service for service in inputs_of(graph, "gcp:cloudrunv2/service:Service") if service["name"].endswith("-upload")]
    return {env["name"]: env["value"] for env in upload["template"]["containers"][0]["envs"]}


def test_an_hour_is_that_of_the_machine_its_accelerator_and_vertex_ai_s_share() -> None:
    found = hour("n1-standard-4", "NVIDIA_TESLA_T4", "us-central1")

    assert found is not None
    assert found.usd == pytest.approx((0.19 + 0.35) * 1.15)


def test_an_hour_is_as_old_as_its_oldest_price() -> None:
    found = hour("a2-highgpu-1g", "NVIDIA_TESLA_A100", "europe-west4")

    assert found is not None
    assert found.seen == HOURLY["a2-highgpu-1g"].seen == "2025-03-06"


@pytest.mark.parametrize("asked", [("g2-standard-8", "", "mars-1"), ("z9", "", "us-central1"), ("n1-standard-4", "TPU", "us-central1")])
def test_what_is_not_in_the_table_is_not_guessed(asked: tuple[str, str, str]) -> None:
    assert hour(*asked) is None


def test_a_stack_that_is_billed_tells_its_prices_and_their_day(graph_of: Callable[[str], Graph]) -> None:
    environment = told(graph_of("dev"))

    assert (environment["TRAINING_PRICE"], environment["SERVING_PRICE"]) == ("0.9775", "0.9775")
    assert (environment["CURRENCY"], environment["PRICED"]) == ("USD", "2026-11-22")


def test_a_stack_that_costs_nothing_tells_none(graph_of: Callable[[str], Graph]) -> None:
    assert not {"TRAINING_PRICE", "SERVING_PRICE", "PRICED"} & told(graph_of("local")).keys()


def test_half_a_price_is_not_told(evaluate: Callable[..., Graph]) -> None:
    graph = evaluate("dev", servingMachine="n1-standard-4", servingAccelerator="NVIDIA_TESLA_P4")

    assert not {"TRAINING_PRICE", "SERVING_PRICE", "PRICED"} & told(graph).keys()


def test_limits_of_a_day_are_those_of_the_configuration(evaluate: Callable[..., Graph]) -> None:
    environment = told(evaluate("dev", dailyPictures=7, dailyMebibytes=3, dailyGpuMinutes=9))

    assert (environment["DAILY_PICTURES"], environment["DAILY_BYTES"], environment["DAILY_GPU_MINUTES"]) == ("7", "3145728", "9")


def test_webhooks_may_go_to_this_machine_on_a_laptop_only(graph_of: Callable[[str], Graph], stack: str) -> None:
    graph = graph_of(stack)
    functions = inputs_of(graph, "gcp:cloudfunctionsv2/function:Function")

    expected = "true" if stack == "local" else "false"

    assert told(graph)["PRIVATE_WEBHOOKS"] == expected
    assert {function["serviceConfig"]["environmentVariables"]["PRIVATE_WEBHOOKS"] for function in functions} == {expected}
