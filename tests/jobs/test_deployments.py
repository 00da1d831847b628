from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from google.cloud import firestore

from jobs.documents import Failure, Job, now
from jobs.library import Deployment, DeploymentState
from jobs.store import Deployments

_S = DeploymentState
JOB = Job("j1", "ada", "Cat", "sks", "cat", attempt=2)
HOUR = timedelta(hours=1)


@pytest.fixture
def deployments(database: firestore.Client) -> Deployments:
    return Deployments(database)


def awake(deployments: Deployments) -> Deployment:
    there = deployments.awake(deployments.wake(JOB), HOUR)
    assert there
    return there


def test_a_model_is_woken_once_however_many_ask(deployments: Deployments) -> None:
    with ThreadPoolExecutor(8) as pool:
        woken = list(pool.map(lambda _: deployments.wake(JOB), range(16)))

    assert len({each.since for each in woken}) == 1
    assert [(each.job_id, each.attempt, each.owner) for each in deployments.waking()] == [("j1", 2, "ada")]


def test_the_sweep_learns_what_wakes_sleeps_and_is_overdue(deployments: Deployments) -> None:
    there = awake(deployments)

    assert (deployments.waking(), deployments.sleeping(), deployments.overdue(now())) == ([], [], [])
    assert [each.job_id for each in deployments.overdue(now() + HOUR)] == ["j1"]
    assert there.latest
    assert there.deadline
    assert there.latest > there.deadline
    deployments.sleep("j1")
    assert [each.job_id for each in deployments.sleeping()] == ["j1"]
    assert deployments.overdue(now() + 10 * HOUR) == []


def test_waking_for_too_long_is_overdue(deployments: Deployments) -> None:
    deployments.wake(JOB)

    assert deployments.overdue(now()) == []
    assert [each.state for each in deployments.overdue(now() + 2 * HOUR)] == [_S.WAKING]


def test_what_was_woken_again_is_not_put_to_sleep_by_who_saw_it_before(deployments: Deployments) -> None:
    awake(deployments)
    seen = deployments.sleep("j1")
    assert seen
    woken = deployments.wake(JOB)

    after = deployments.asleep(seen)

    assert after == woken == deployments.get("j1")
    assert after.state is _S.WAKING


def test_what_was_put_to_sleep_meanwhile_does_not_become_awake(deployments: Deployments) -> None:
    seen = deployments.wake(JOB)
    deployments.sleep("j1")

    after = deployments.awake(seen, HOUR)

    assert after
    assert after.state is _S.SLEEPING


def test_a_failure_is_kept_until_it_is_woken_again(deployments: Deployments) -> None:
    deployments.failed(deployments.wake(JOB), Failure("NOT_WOKEN", "no machine"))

    there = deployments.get("j1")
    again = deployments.wake(JOB)

    assert there
    assert there.failure
    assert (there.state, there.failure.code, there.deadline) == (_S.FAILED, "NOT_WOKEN", None)
    assert (again.state, again.failure) == (_S.WAKING, None)


def test_the_endpoint_of_a_job_that_was_ready_is_let_go(deployments: Deployments) -> None:
    first = deployments.retire(JOB)
    seen = deployments.retire(JOB)
    gone = deployments.asleep(seen)

    assert (first.state, seen.since, gone and gone.state) == (_S.SLEEPING, first.since, _S.ASLEEP)


def test_use_moves_the_deadline_but_not_past_the_limit(deployments: Deployments) -> None:
    there = awake(deployments)

    later = deployments.touch("j1", 2 * HOUR)
    latest = deployments.touch("j1", 99 * HOUR)

    assert later
    assert latest
    assert there.deadline
    assert later.deadline
    assert there.deadline < later.deadline
    assert latest.deadline == latest.latest == there.latest


@pytest.mark.parametrize("act", ["get", "sleep"])
def test_what_was_never_woken_is_not_there(deployments: Deployments, act: str) -> None:
    assert getattr(deployments, act)("j1") is None


def test_what_is_forgotten_is_gone(deployments: Deployments) -> None:
    seen = awake(deployments)

    deployments.forget("j1")

    assert deployments.get("j1") is None
    assert deployments.asleep(seen) is None
    assert deployments.touch("j1", HOUR) is None
