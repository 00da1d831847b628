"""Runs of both sides in turn, so that a machine that slows down slows both; and each side begins every other pair."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

Outcome = TypeVar("Outcome")


def alternately(
    pairs: int, ours: Callable[[Path, int], Outcome], theirs: Callable[[Path, int], Outcome], folder: Path
) -> tuple[list[Outcome], list[Outcome]]:
    """Each run has a folder, empty at its start, and the number of its pair. The folders of the last pair stay."""
    sides = {"ours": ours, "theirs": theirs}
    outcomes: dict[str, list[Outcome]] = {name: [] for name in sides}
    for pair in range(pairs):
        for name in sorted(sides, reverse=pair % 2 == 1):
            shutil.rmtree(folder / name, ignore_errors=True)
            (folder / name).mkdir(parents=True)
            outcomes[name].append(sides[name](folder / name, pair))
    return outcomes["ours"], outcomes["theirs"]
