"""The compiled graph as a picture (SVG): steps from left to right, the exit below, a colour for each state of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import yaml

_WIDTH, _HEIGHT, _GAP, _MARGIN = 150, 52, 46, 24
_FILL = {"SUCCEEDED": "#d9ead7", "RUNNING": "#fbe7a1", "FAILED": "#f0c4bd", "SKIPPED": "#eeeae2", "CANCELLED": "#eeeae2"}
_EXIT = "ALL_UPSTREAM_TASKS_COMPLETED"


@dataclass(frozen=True)
class Task:
    """`after` are names of tasks; `exit` runs whatever happened."""

    name: str
    title: str
    after: tuple[str, ...]
    exit: bool


def tasks(template: str) -> list[Task]:
    """Every task that runs a container, in the order in which the YAML names them; groups are opened."""
    spec = next(iter(yaml.safe_load_all(template)))
    return list(_tasks(spec, spec["root"]["dag"]))


def _tasks(spec: Mapping[str, Any], dag: Mapping[str, Any]) -> Iterator[Task]:
    for name, task in dag["tasks"].items():
        component = spec["components"][task["componentRef"]["name"]]
        if "dag" in component:
            yield from _tasks(spec, component["dag"])
            continue
        leaves = (leaf for upstream in task.get("dependentTasks", []) for leaf in _last(spec, dag, upstream))
        is_exit = task.get("triggerPolicy", {}).get("strategy") == _EXIT
        yield Task(name, task["taskInfo"]["name"], tuple(leaves), is_exit)


def _last(spec: Mapping[str, Any], dag: Mapping[str, Any], name: str) -> Iterator[str]:
    component = spec["components"][dag["tasks"][name]["componentRef"]["name"]]
    if "dag" not in component:
        yield name
        return
    inner = list(_tasks(spec, component["dag"]))
    upstream = {before for task in inner for before in task.after}
    yield from (task.name for task in inner if task.name not in upstream)


def draw(template: str, states: Mapping[str, str] | None = None) -> str:
    """`states` are Vertex AI's, by task name: a run as far as it is."""
    known = tasks(template)
    columns = _columns(known)
    places = {task.name: _place(columns[task.name], task) for task in known}
    boxes = [_box(task, *places[task.name], (states or {}).get(task.name, "")) for task in known]
    arrows = [_arrow(places[before], places[task.name], task.exit) for task in known for before in task.after]
    width = _MARGIN * 2 + (max(columns.values()) + 1) * (_WIDTH + _GAP) - _GAP
    height = _MARGIN * 2 + 2 * _HEIGHT + _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Helvetica, Arial, sans-serif" font-size="15" role="img"><title>The pipeline</title>'
        '<defs><marker id="tip" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#5b5650"/></marker></defs>'
        f'<rect width="{width}" height="{height}" fill="#fbfaf7"/>{"".join(arrows)}{"".join(boxes)}</svg>'
    )


def _columns(known: list[Task]) -> dict[str, int]:
    columns: dict[str, int] = {}
    waiting = list(known)
    while waiting:
        ready = [task for task in waiting if all(before in columns for before in task.after)]
        for task in ready:
            columns[task.name] = max((columns[before] + (not task.exit) for before in task.after), default=0)
        waiting = [task for task in waiting if task.name not in columns]
    return columns


def _place(column: int, task: Task) -> tuple[int, int]:
    return _MARGIN + column * (_WIDTH + _GAP), _MARGIN + (_HEIGHT + _GAP if task.exit else 0)


def _box(task: Task, x: int, y: int, state: str) -> str:
    dash = ' stroke-dasharray="5 4"' if task.exit else ""
    label = f"{task.title}{f' · {state.lower()}' if state else ''}"
    return (
        f'<rect x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" fill="{_FILL.get(state, "#ffffff")}" stroke="#3b3733"{dash}/>'
        f'<text x="{x + _WIDTH / 2}" y="{y + _HEIGHT / 2 + 5}" text-anchor="middle" fill="#2b2825">{escape(label)}</text>'
    )


def _arrow(start: tuple[int, int], end: tuple[int, int], to_exit: bool) -> str:
    if to_exit:
        line = f"M{start[0] + _WIDTH / 2} {start[1] + _HEIGHT} V{end[1]}"
    else:
        line = f"M{start[0] + _WIDTH} {start[1] + _HEIGHT / 2} H{end[0]}"
    return f'<path d="{line}" stroke="#5b5650" fill="none" marker-end="url(#tip)"/>'
