"""What a month costs, before and after."""

import re
from typing import Any

import pytest

from scripts.preview.graph import Node
from scripts.preview.sections import bills, cost, prices
from scripts.preview.sections.shapes import shape_of
from tests.scripts.preview.sections.graphs import CONFIG, FUNCTION, SERVICE, between, folded, node, preview, texts

_POOLS = {
    "demo:openJobs": "2",
    "demo:trainingMachine": "g2-standard-8",
    "demo:trainingAccelerator": "NVIDIA_L4",
    "demo:servingMachine": "g2-standard-8",
    "demo:servingAccelerator": "NVIDIA_L4",
}


def test_nothing_that_changes_the_cost_is_one_folded_line_and_no_figure() -> None:
    found = cost.section(preview([_service()], [_service()]))

    assert texts(found) == []
    assert found.figure == ""
    # 5 instances of a CPU and half a GiB, 2,628,000 s
    assert folded(found)[0].text == "An idle month costs ≈ $0.00, the worst one ≈ $332."


def test_more_instances_cost_more_at_worst() -> None:
    found = cost.section(preview([_service(most=5)], [_service(most=10)]))

    assert found.figure == "+$332 at worst"
    assert len(texts(found)) == 1
    assert "costs ≈ $664 (**+$332**): `upload`: 5 instances of 1 CPU and 0.5 GiB → 10 instances" in texts(found)[0]


def test_an_instance_that_is_always_there_costs_an_idle_month_more() -> None:
    found = cost.section(preview([_service()], [_service(least=1)]))

    assert found.figure == "+$9.86 idle"
    assert "An idle month costs ≈ $9.86 (**+$9.86**): `upload` is new (1 instance always there, $9.86)." in texts(found)


def test_a_bigger_machine_says_what_it_costs_for_each_designer() -> None:
    before = preview([], [], config={**CONFIG, **_POOLS})
    after = preview(
        [], [], config={**CONFIG, **_POOLS, "demo:trainingMachine": "a2-highgpu-1g", "demo:trainingAccelerator": "NVIDIA_TESLA_A100"}
    )

    found = cost.section(between(before, after))

    hour = (3.673385 - 0.85) * 1.15
    assert found.figure == f"+${hour * 730 * 2:,.0f} at worst"
    assert "`training`: 2 jobs × 730 hours of g2-standard-8 with NVIDIA_L4 → 2 jobs × 730 hours of a2-highgpu-1g" in texts(found)[0]
    assert "No budget stops it." in texts(found)[0]


def test_a_budget_is_named_that_stops_the_worst() -> None:
    budget = node("gcp:billing/budget:Budget", "month", amount={"specifiedAmount": {"units": "500"}})
    before = preview([budget], [budget], config=CONFIG)
    after = preview([budget], [budget], config={**CONFIG, **_POOLS})

    found = cost.section(between(before, after))

    assert "The budget of 500 pauses intake, hours late." in texts(found)[0]


def test_what_costs_nothing_any_more_needs_no_budget() -> None:
    before, after = preview([], [], config={**CONFIG, **_POOLS}), preview([], [])

    found = cost.section(between(before, after))

    assert "costs ≈ $0.00 (**−$" in texts(found)[0]
    assert "budget" not in texts(found)[0]


def test_a_stack_that_is_new_says_all_that_it_costs() -> None:
    found = cost.section(preview(None, [_service()], config={**CONFIG, **_POOLS}))

    assert texts(found) == ["An idle month costs ≈ $0.00, the worst one ≈ $332; a designer's jobs come to ≈ $2,854 at most."]
    assert found.figure == "+$3,186 at worst"
    assert "- At worst:\n  - upload (5 instances of 1 CPU and 0.5 GiB): $332" in found.lines[0].more


def test_a_stack_that_is_gone_costs_what_it_did_until_it_is_brought_down() -> None:
    found = cost.section(preview([_service()], None))

    assert texts(found) == ["Until the stack is brought down, it costs what it did: an idle month costs ≈ $0.00, the worst one ≈ $332."]
    assert found.figure == "−$332 at worst"


def test_what_is_unknown_is_never_said_to_be_nothing() -> None:
    elsewhere = {**CONFIG, **_POOLS, "gcp:region": "europe-west4"}

    new, gone = cost.section(preview(None, [], config=elsewhere)), cost.section(preview([], None, config=elsewhere))

    assert "a designer's jobs come to an unknown amount." in texts(new)[0]
    assert new.figure == "+$0.00 idle, and what is unknown"
    assert texts(new)[1].startswith("Price unknown, and not in these sums: `training` (2 jobs × 730 hours of g2-standard-8")
    assert "a designer's jobs come to an unknown amount." in texts(gone)[0]


def test_the_difference_to_a_price_that_is_unknown_is_unknown() -> None:
    before = preview([], [], config={**CONFIG, **_POOLS})
    after = preview([], [], config={**CONFIG, **_POOLS, "demo:trainingMachine": "a9-mega-1g", "demo:servingMachine": "g2-standard-4"})

    found = cost.section(between(before, after))

    assert "costs ≈ $1,192 and what is unknown (**−$235 and an unknown difference**)" in texts(found)[0]


def test_prices_of_machines_that_nobody_uses_are_left_out() -> None:
    before, after = preview([], [], config=CONFIG), preview([], [], config={**CONFIG, **_POOLS})

    shown = folded(cost.section(between(before, after)))[-1].more

    assert "| g2-standard-8 |" in shown
    assert "| cloud run: CPU |" in shown
    assert "a2-highgpu" not in shown


def test_an_unknown_price_is_said_and_not_guessed() -> None:
    before = preview([], [], config={**CONFIG, **_POOLS})
    after = preview([], [], config={**CONFIG, **_POOLS, "demo:trainingMachine": "a9-mega-1g"})

    found = cost.section(between(before, after))

    assert any(
        text.startswith("Price unknown, and not in these sums: `training` (2 jobs × 730 hours of a9-mega-1g") for text in texts(found)
    )


def test_a_type_that_costs_all_month_and_is_not_in_the_table_is_said() -> None:
    database = node("gcp:sql/databaseInstance:DatabaseInstance", "orders")

    found = cost.section(preview([], [database]))

    assert texts(found) == ["Not in our table of prices, and not in these sums: 1 × DatabaseInstance."]


@pytest.mark.parametrize(
    ("schedule", "calls"), [("* * * * *", 43_800), ("*/5 * * * *", 8_760), ("0,30 * * * *", 1_460), ("0 3 * * *", 30), ("0 3 1 * *", None)]
)
def test_a_schedule_is_counted_where_it_can_be(schedule: str, calls: int | None) -> None:
    job = node("gcp:cloudscheduler/job:Job", "sweep", schedule=schedule)

    items = bills.bill({job.urn: job}, CONFIG).idle

    assert items["sweep"].usd == 0.10
    assert items["calls of sweep"].what == f"{calls or 'unknown'} calls of ≈ 1 s"
    assert (items["calls of sweep"].usd is None) == (calls is None)


@pytest.mark.parametrize(
    ("one", "cpu", "memory", "most"),
    [
        (node(SERVICE, "bare", template={"containers": [{}]}), 1, 0.5, 100),
        (node(SERVICE, "milli", template={"containers": [{"resources": {"limits": {"cpu": "500m", "memory": "1Gi"}}}]}), 0.5, 1, 100),
        (node(FUNCTION, "small", serviceConfig={"availableMemory": "512Mi", "maxInstanceCount": 3}), 1 / 3, 0.5, 3),
        (node(FUNCTION, "large", serviceConfig={"availableMemory": "2Gi", "availableCpu": "2"}), 2, 2, 100),
    ],
)
def test_an_instance_is_as_large_as_google_takes_it_for(one: Node, cpu: float, memory: float, most: int) -> None:
    shape = shape_of(one)

    assert (shape.cpu, shape.memory, shape.most) == (pytest.approx(cpu), pytest.approx(memory), most)


def test_a_price_is_known_where_it_stands_in_the_table_and_nowhere_else() -> None:
    assert prices.machine("n1-standard-4", "NVIDIA_TESLA_T4", "us-central1") == pytest.approx((0.19 + 0.35) * 1.15)
    assert prices.machine("n1-standard-4", "", "us-central1") == pytest.approx(0.19 * 1.15)
    assert prices.machine("g2-standard-8", "NVIDIA_L4", "europe-west4") is None
    assert prices.machine("n1-standard-4", "NVIDIA_TESLA_P4", "us-central1") is None


def test_every_price_has_its_source_and_its_day() -> None:
    for name, price in prices.PRICES.items():
        assert price.source, name
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", price.seen), name


def _service(least: int = 0, most: int = 5) -> Node:
    limits: dict[str, Any] = {"resources": {"limits": {"cpu": "1", "memory": "512Mi"}}}
    template = {"containers": [limits], "scaling": {"minInstanceCount": least, "maxInstanceCount": most}}
    return node(SERVICE, "upload", location="us-central1", template=template)
