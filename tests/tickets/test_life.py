"""Which state may follow which, who may say so, and the way between two states."""

import pytest

from feedback_nlp.errors import ConflictError
from feedback_nlp.records import TicketState
from feedback_nlp.tickets.life import allowed, check_move, needs_reason, path

CONTRACT = {
    "待评估": "已排期 不予实施 挂起",
    "已排期": "进行中 待评估 挂起 不予实施",
    "进行中": "已发布 挂起 不予实施",
    "挂起": "待评估 不予实施",
    "已发布": "验证中 进行中",
    "验证中": "已验证 复发 进行中",
    "已验证": "复发",
    "复发": "已排期 进行中 不予实施",
    "不予实施": "待评估",
}
ONLY_BY_THE_SYSTEM = ("已发布", "验证中")
PAIRS = [(state, to) for state in TicketState for to in TicketState]


def refusal(state: TicketState, to: TicketState, *, system: bool) -> str:
    """What is said against a move; empty when nothing is."""
    try:
        check_move("K-0007", state, to, system=system)
    except ConflictError as error:
        return str(error)
    return ""


@pytest.mark.parametrize(("state", "to"), PAIRS, ids=lambda state: state.value)
def test_every_pair_of_states_is_as_the_contract_says(state: TicketState, to: TicketState) -> None:
    in_table = to.value in CONTRACT[state.value].split()
    by_people = in_table and (state.value, to.value) != ONLY_BY_THE_SYSTEM
    assert (refusal(state, to, system=True) == "") is in_table
    said = refusal(state, to, system=False)
    assert (said == "") is by_people
    if said:
        choices = [each for each in CONTRACT[state.value].split() if each != "验证中"]
        listed = said.rpartition("可以移到：")[2].split("、")
        assert said.startswith("工单 K-0007 ")
        assert f"“{state}”" in said
        assert (f"不能移到“{to}”" in said) is (state is not to)
        assert listed == choices


def test_the_start_of_a_verification_is_left_to_the_system_and_says_so() -> None:
    released = TicketState.RELEASED
    assert allowed(released) == (TicketState.IN_PROGRESS,)
    assert allowed(released, system=True) == (TicketState.VERIFYING, TicketState.IN_PROGRESS)
    assert "由系统" in refusal(released, TicketState.VERIFYING, system=False)


def test_people_explain_what_ends_or_stops_a_ticket_and_the_system_nothing() -> None:
    explained = [state for state in TicketState if needs_reason(state)]
    assert explained == [TicketState.ON_HOLD, TicketState.VERIFIED, TicketState.REJECTED]
    assert not any(needs_reason(state, system=True) for state in TicketState)


@pytest.mark.parametrize(
    ("state", "to", "steps"),
    [
        pytest.param("待评估", "已发布", "已排期 进行中 已发布", id="forgot everything"),
        pytest.param("进行中", "已发布", "已发布", id="one move"),
        pytest.param("复发", "已发布", "进行中 已发布", id="the short way"),
        pytest.param("不予实施", "已发布", "待评估 已排期 进行中 已发布", id="the long way"),
        pytest.param("已发布", "已发布", "", id="there already"),
        pytest.param("已发布", "验证中", "", id="only the system can"),
        pytest.param("待评估", "已验证", "", id="behind what only the system can"),
    ],
)
def test_the_way_is_the_shortest_that_people_may_go(state: str, to: str, steps: str) -> None:
    way = path(TicketState(state), TicketState(to))
    assert [each.value for each in way] == steps.split()
