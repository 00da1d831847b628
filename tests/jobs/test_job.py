import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.job import LIFE, RUNNING, TERMINAL, NotAllowed, State, moves

STATES = st.sampled_from(list(State))


@pytest.mark.parametrize(("here", "to"), list(itertools.product(State, State)))
def test_every_pair_of_states_is_a_move_a_repetition_or_refused(here: State, to: State) -> None:
    allowed = to in LIFE[here].next

    try:
        moved = moves("j", here, to)
    except NotAllowed as refusal:
        moved = None
        assert "j" in str(refusal)
        assert here in str(refusal)

    assert (moved is True) == allowed


@pytest.mark.parametrize("state", State)
def test_no_move_leads_to_a_lower_rank(state: State) -> None:
    assert all(LIFE[later].rank > LIFE[state].rank or {state, later} == {State.DRAFT} for later in LIFE[state].next)


@given(st.lists(STATES, max_size=40))
def test_reports_in_any_order_never_move_a_job_backwards(reports: list[State]) -> None:
    here, ranks = State.DRAFT, [LIFE[State.DRAFT].rank]

    for to in reports:
        try:
            here = to if moves("j", here, to) else here
        except NotAllowed:
            continue
        ranks.append(LIFE[here].rank)

    assert ranks == sorted(ranks)


@given(st.permutations(sorted(RUNNING, key=lambda state: LIFE[state].rank)))
def test_stage_reports_that_arrive_shuffled_end_in_the_latest_stage(reports: list[State]) -> None:
    here = State.UPLOADED

    for to in reports:
        here = to if moves("j", here, to) else here

    assert here is State.DEPLOYING


@pytest.mark.parametrize("state", sorted(set(State) - TERMINAL))
def test_every_state_that_is_not_an_end_has_a_deadline_and_a_way_out(state: State) -> None:
    rule = LIFE[state]

    assert rule.deadline is not None
    assert rule.overdue in rule.next


@pytest.mark.parametrize("state", sorted(RUNNING | {State.UPLOADED}))
def test_any_part_may_fail_a_running_job_and_its_designer_may_cancel_it(state: State) -> None:
    assert {State.FAILED, State.CANCELLING} <= LIFE[state].next
