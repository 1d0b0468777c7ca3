from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clearing.estimate import Visits, estimate
from tests.lines import FREE, HOST_PRICE, PASS_VALUE

VISITS = st.builds(
    Visits,
    st.sampled_from(["day", "half_day", "hour"]),
    st.integers(0, 500),
    st.integers(0, 5000),
    st.integers(0, 5000),
)


def test_each_visit_is_rounded_as_it_would_be_charged() -> None:
    month = estimate(HOST_PRICE, [Visits("hour", 3, 188, 100)], [])
    assert (month.received_cents, month.levy_cents) == (564, 27)


@given(st.lists(VISITS, max_size=4), st.lists(VISITS, max_size=4))
def test_what_is_kept_adds_up(received: list[Visits], sent: list[Visits]) -> None:
    for terms in (HOST_PRICE, PASS_VALUE, FREE):
        month = estimate(terms, received, sent)
        kept = month.received_cents - month.levy_cents
        assert month.position_cents == kept - month.sent_cents
        assert month.received_cents == sum(step.charge_cents for step in month.received)
    assert month.position_cents == 0
