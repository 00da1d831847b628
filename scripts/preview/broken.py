"""A program that does not evaluate: its error, and where in the program that is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.preview.engine import Run
from scripts.preview.graph import Graph, graph_of

_FRAME = re.compile(r'^\s*File "(?P<file>[^"]+)", line (?P<line>\d+)')
_UNHANDLED = "Program failed with an unhandled exception:"
_ENDED = "the program ended with exit code"
_INSTALLED = ("site-packages", ".venv", "lib/python")


@dataclass(frozen=True)
class Broken:
    """`text` is the error as the program's author knows it; `place` is `file:line` in the revision, or "" where there is none."""

    text: str
    place: str
    seconds: float


def broken(run: Run, folder: Path) -> Broken:
    """Of a run that failed. What was skipped because of a failure says nothing new."""
    graph = graph_of(run.document) if run.document else {}
    errors = [entry for entry in run.document.get("diagnostics", ()) if entry["severity"] == "error"]
    found = [_one(entry, graph, folder) for entry in errors] or [(run.error or "the engine ended without a word", "")]
    if len(errors) == 1 and errors[0]["message"].startswith(_ENDED):
        found = [_last_words(run, errors[0]["message"], folder)]
    place = next((place for _, place in found if place), "")
    text = "\n".join(_placed(text, at, place) for text, at in found)
    return Broken(text.replace(f"{folder}/", ""), place, run.seconds)


def _placed(text: str, at: str, first: str) -> str:
    return f"{at}: {text}" if at and at != first else text


def _one(entry: dict[str, Any], graph: Graph, folder: Path) -> tuple[str, str]:
    message = str(entry["message"])
    if message.startswith(_UNHANDLED):
        return _exception(message), _own_line(message, folder)
    node = graph.get(entry["urn"])
    return (message, node.place) if node else (message, "")


def _last_words(run: Run, ended: str, folder: Path) -> tuple[str, str]:
    """A program that ended by itself: what it printed last says why, if anything does."""
    printed = "\n".join(entry["message"] for entry in run.document["diagnostics"] if entry["severity"] == "info")
    last = printed.rpartition("\n")[2]
    return (f"{ended}: {last}" if last else ended), _own_line(printed, folder)


def _exception(message: str) -> str:
    """Of a traceback the last exception alone: its frames are the interpreter's way of saying where, and `place` says that."""
    lines = message.splitlines()
    framed = [index for index, line in enumerate(lines) if line.startswith((" ", "Traceback", _UNHANDLED))]
    said = "\n".join(lines[framed[-1] + 1 :] if framed else lines).strip()
    return said or message


def _own_line(message: str, folder: Path) -> str:
    """The innermost frame that is in the program and not in a package."""
    own = list(_own_lines(message, folder))
    return own[-1] if own else ""


def _own_lines(message: str, folder: Path) -> Iterator[str]:
    for line in message.splitlines():
        frame = _FRAME.match(line)
        path = (folder / frame["file"]).resolve() if frame else None
        if frame and path and path.is_relative_to(folder) and not any(part in str(path.relative_to(folder)) for part in _INSTALLED):
            yield f"{path.relative_to(folder)}:{frame['line']}"
