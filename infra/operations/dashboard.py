"""One page that shows the stack from a picture's first byte to the endpoint that draws, and what it costs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_gcp as gcp

from infra.access import Workload
from infra.component import Component
from infra.config import Config
from infra.foundation import Foundation
from infra.operations import figures, signals
from infra.operations.signals import Signal

_COLUMNS, _WIDTH, _HEIGHT, _HEADER = 12, 4, 4, 1


@dataclass(frozen=True)
class Chart:
    """`per` keeps series apart by a label; `limit` is where the alert begins."""

    title: str
    filter: str
    aligner: str = "ALIGN_RATE"
    reducer: str = "REDUCE_SUM"
    per: str = ""
    limit: float | None = None


@dataclass(frozen=True)
class Section:
    title: str
    charts: Sequence[Chart]


def sections(stack: str) -> tuple[Section, ...]:
    """As a job meets them."""
    return (
        Section("Pictures come in", _pictures(stack)),
        Section("Jobs are started", _starts(stack)),
        Section("Jobs move, train and become ready", _runs(stack)),
        Section("Models draw, and cost", _models(stack)),
    )


def _said(stack: str, title: str, signal: Signal, per: str = "") -> Chart:
    return Chart(title, figures.logged(signal.metric(stack)), "ALIGN_DELTA", per=f"metric.label.{per}" if per else "")


def _pictures(stack: str) -> tuple[Chart, ...]:
    upload, answers = Workload.UPLOAD, "metric.label.response_code_class"
    return (
        Chart("Requests by answer", figures.service(figures.REQUESTS, stack, upload), per=answers),
        # of all requests: watchers' streams, which last minutes, are seldom the half of them
        Chart("Median, ms", figures.service(figures.LATENCIES, stack, upload), "ALIGN_PERCENTILE_50", "REDUCE_MAX"),
        _said(stack, "Pictures by verdict", signals.PICTURE_SETTLED, per="state"),
        _said(stack, "Calls to Google that failed", signals.GOOGLE_CALL_FAILED),
        _said(stack, "Pages with orphans", signals.ORPHANS_REMOVED),
    )


def _starts(stack: str) -> tuple[Chart, ...]:
    functions = (Workload.START, Workload.SWEEP, Workload.INTAKE)
    service, subscription = "resource.label.service_name", "resource.label.subscription_id"
    waiting = figures.subscription(figures.OLDEST_UNACKED, stack, *figures.PUSHED)
    buried = figures.subscription(figures.BURIED, stack, *figures.PUSHED)
    failed = figures.service(figures.REQUESTS, stack, *functions, answers="5xx")
    return (
        Chart("Oldest message, s", waiting, "ALIGN_MAX", "REDUCE_MAX", subscription, 900),
        Chart("Given up on", buried, "ALIGN_DELTA", per=subscription, limit=0),
        Chart("Errors of functions", failed, "ALIGN_DELTA", per=service),
    )


def _runs(stack: str) -> tuple[Chart, ...]:
    return (
        _said(stack, "Jobs by the state they entered", signals.JOB_MOVED, per="state"),
        Chart("Longest without a move, s", figures.logged(signals.OLDEST_JOB.metric(stack)), "ALIGN_PERCENTILE_99", "REDUCE_MAX"),
        _said(stack, "Stuck, by state", signals.JOB_STUCK, per="state"),
        _said(stack, "Errors of runs", signals.PIPELINE_FAILED),
        _said(stack, "Repairs that failed", signals.REPAIR_FAILED),
        _said(stack, "Owners not told", signals.WEBHOOK_NOT_TOLD),
    )


def _models(stack: str) -> tuple[Chart, ...]:
    return (
        _said(stack, "Requests for prints", signals.PRINTS_MADE),
        _said(stack, "Requests for prints given up", signals.PRINTS_FAILED),
        Chart("Predictions", figures.endpoint(figures.PREDICTIONS)),
        Chart("Replicas that bill", figures.endpoint(figures.REPLICAS), "ALIGN_MEAN"),
        _said(stack, "Endpoints that draw for nobody", signals.ENDPOINT_IDLE),
        _said(stack, "Stops by the budget", signals.INTAKE_PAUSED),
    )


def layout(stack: str) -> dict[str, Any]:
    """As https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards has it."""
    tiles = list(_tiles(sections(stack)))
    return {"displayName": f"sd-for-designers {stack}", "mosaicLayout": {"columns": _COLUMNS, "tiles": tiles}}


def _tiles(shown: Sequence[Section]) -> Iterator[dict[str, Any]]:
    y, abreast = 0, _COLUMNS // _WIDTH
    for section in shown:
        yield {"xPos": 0, "yPos": y, "width": _COLUMNS, "height": _HEADER, "widget": {"title": section.title, "sectionHeader": {}}}
        y += _HEADER
        for place, chart in enumerate(section.charts):
            row, column = divmod(place, abreast)
            position = {"xPos": column * _WIDTH, "yPos": y + row * _HEIGHT, "width": _WIDTH, "height": _HEIGHT}
            yield {**position, "widget": _widget(chart)}
        y += -(-len(section.charts) // abreast) * _HEIGHT


def _widget(chart: Chart) -> dict[str, Any]:
    aggregation: dict[str, Any] = {
        "alignmentPeriod": "60s",
        "perSeriesAligner": chart.aligner,
        "crossSeriesReducer": chart.reducer,
        "groupByFields": [chart.per] if chart.per else [],
    }
    plot = {"plotType": "LINE", "timeSeriesQuery": {"timeSeriesFilter": {"filter": chart.filter, "aggregation": aggregation}}}
    limits = [] if chart.limit is None else [{"value": chart.limit}]
    return {"title": chart.title, "xyChart": {"dataSets": [plot], "thresholds": limits}}


class Dashboard(Component):
    def __init__(self, name: str, config: Config, foundation: Foundation, opts: pulumi.ResourceOptions) -> None:
        super().__init__(name, after=foundation.apis, opts=opts)
        text = json.dumps(layout(config.stack), sort_keys=True)
        gcp.monitoring.Dashboard("life-of-jobs", dashboard_json=text, opts=self.child())
        self.register_outputs({})
