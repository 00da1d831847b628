"""A run that is cut short and kept, and what is told of its losses."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from images.trainer.buckets import StorageFailed
from images.trainer.events import Event, Report, Resumed, Sample, Step, Stop, Stopped
from images.trainer.progress import MOST_LOSSES, thinned
from images.trainer.train import Places, train
from images.trainer.watch import RunWatch
from tests.trainer.test_training import CONFIG, same, weights


def when(step: int, act: Callable[[], None], seen: list[Event]) -> Report:
    def report(event: Event) -> None:
        seen.append(event)
        if isinstance(event, Step) and event.step == step:
            act()

    return report


def test_a_run_that_is_enough_ends_at_its_next_step_and_leaves_all_that_a_whole_one_leaves(
    base: Path, pictures: Path, tmp_path: Path
) -> None:
    events: list[Event] = []
    stop = Stop()

    metrics = train(CONFIG, Places(base, pictures, tmp_path / "cut"), when(2, lambda: setattr(stop, "enough", True), events), stop)

    steps = [event for event in events if isinstance(event, Step)]
    assert [(event.step, event.total) for event in steps] == [(1, 6), (2, 6), (2, 2)]
    assert steps[-1].eta_s == 0
    assert [event.step for event in events if isinstance(event, Sample)] == [0, 2]
    assert metrics.steps == json.loads((tmp_path / "cut" / "metrics.json").read_text())["steps"] == 2
    assert "2 steps of batch 2 (of 6; stopped there on request)" in (tmp_path / "cut" / "model_card.md").read_text()
    assert (tmp_path / "cut" / "after.png").is_file()
    assert (tmp_path / "cut" / "model" / "model_index.json").is_file()


def test_what_a_cut_run_has_learnt_is_what_a_run_of_as_many_steps_learns(base: Path, pictures: Path, tmp_path: Path) -> None:
    stop = Stop()
    train(CONFIG, Places(base, pictures, tmp_path / "cut"), when(2, lambda: setattr(stop, "enough", True), []), stop)

    train(replace(CONFIG, steps=2), Places(base, pictures, tmp_path / "short"))

    assert same(weights(tmp_path / "cut"), weights(tmp_path / "short"))


def test_a_run_that_is_enough_before_it_has_learnt_makes_one_step(base: Path, pictures: Path, tmp_path: Path) -> None:
    metrics = train(CONFIG, Places(base, pictures, tmp_path / "out"), stop=Stop(enough=True))

    assert metrics.steps == 1


def test_a_displaced_run_that_is_enough_learns_no_more_and_tells_its_losses(base: Path, pictures: Path, tmp_path: Path) -> None:
    places, stop, events = Places(base, pictures, tmp_path / "out", tmp_path / "checkpoints"), Stop(), list[Event]()
    told: list[Event] = []
    with pytest.raises(Stopped):
        train(CONFIG, places, when(3, lambda: setattr(stop, "asked", True), told), stop)

    metrics = train(CONFIG, places, events.append, Stop(enough=True))

    (resumed,) = (event for event in events if isinstance(event, Resumed))
    assert metrics.steps == resumed.step == 3
    assert resumed.losses == tuple((event.step, event.loss) for event in told if isinstance(event, Step))


def test_who_watches_for_the_word_hears_it_once_and_is_not_ended_by_a_bucket_that_is_away() -> None:
    answers: list[bool | Exception] = [False, StorageFailed("no route"), True]
    complaints: list[Exception] = []
    stop, heard = Stop(), threading.Event()

    def asked() -> bool:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if answer:
            heard.set()
        return answer

    with RunWatch(asked, lambda: False, stop, complaints.append, interval=0.01):
        assert heard.wait(10)

    assert (stop.enough, answers, len(complaints)) == (True, [], 1)


@pytest.mark.parametrize("count", [0, 1, 2, 119, 120, 121, 240, 241, 800, 1199])
def test_losses_are_thinned_evenly_with_the_first_and_the_last(count: int) -> None:
    losses = [(step, 1.0) for step in range(1, count + 1)]

    kept = thinned(losses)

    gaps = {later[0] - earlier[0] for earlier, later in pairwise(kept[:-1])}
    assert len(kept) <= MOST_LOSSES
    assert kept[:1] + kept[-1:] == losses[:1] + losses[-1:]
    assert len(gaps) <= 1
    assert len(kept) >= min(count, MOST_LOSSES // 2)


def test_what_was_shown_of_the_losses_stays_where_it_was() -> None:
    losses = [(step, 1.0) for step in range(1, 1000)]

    assert set(thinned(losses)[:-1]) <= {*thinned(losses[:-1])} | {losses[-1]}
