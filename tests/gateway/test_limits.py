"""Token buckets: a budget at once, then a steady flow; exact on the clock, bounded in memory."""

import pytest

from bezant.gateway import limits
from bezant.gateway.access import address_group
from bezant.gateway.limits import Buckets, Rate
from bezant.kit.clock import NS_PER_S, FakeClock

TEN_A_SECOND = Rate(10, 1)


def test_a_budget_may_be_used_at_once_and_comes_back_steadily() -> None:
    clock = FakeClock()
    buckets = Buckets(clock)
    assert [buckets.take("alice", TEN_A_SECOND).left for _ in range(10)] == list(range(9, -1, -1))
    refused = buckets.take("alice", TEN_A_SECOND)
    assert (refused.is_allowed, refused.left, refused.wait_s) == (False, 0, 1)
    clock.advance(NS_PER_S // 10 - 1)
    assert not buckets.take("alice", TEN_A_SECOND).is_allowed
    clock.advance(1)
    assert buckets.take("alice", TEN_A_SECOND).is_allowed
    clock.advance(10 * NS_PER_S)
    assert buckets.take("alice", TEN_A_SECOND).left == 9


def test_a_refusal_costs_nothing() -> None:
    clock = FakeClock()
    buckets = Buckets(clock)
    assert not buckets.take("alice", TEN_A_SECOND, 11).is_allowed
    assert buckets.take("alice", TEN_A_SECOND, 10).is_allowed


def test_callers_are_counted_apart_and_forgotten_in_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "BUCKETS_MAX", 3)
    buckets = Buckets(FakeClock())
    for caller in ("a", "b", "c", "d"):
        assert buckets.take(caller, Rate(1, 60)).is_allowed
    assert not buckets.take("d", Rate(1, 60)).is_allowed
    assert buckets.take("a", Rate(1, 60)).is_allowed  # The longest idle one was forgotten.


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("local", "local"),
    ],
)
def test_a_subscriber_has_one_budget(address: str, group: str) -> None:
    assert address_group(address) == group
