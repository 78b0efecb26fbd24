"""Delays between tries."""

from shared.clock import Backoff


def test_delays_double_up_to_the_longest() -> None:
    backoff = Backoff(1.0, 5.0)
    assert [backoff.postpone() for _ in range(5)] == [1.0, 2.0, 4.0, 5.0, 5.0]


def test_a_try_is_due_when_its_delay_has_passed() -> None:
    backoff = Backoff(60.0, 60.0)
    assert backoff.is_due
    backoff.postpone()
    assert not backoff.is_due


async def test_sleeping_puts_off_and_waits() -> None:
    backoff = Backoff(0.001, 0.004)
    await backoff.sleep()
    assert backoff.is_due
    assert backoff.wait == 0.002


def test_a_reset_starts_over() -> None:
    backoff = Backoff(1.0, 5.0)
    backoff.postpone()
    backoff.reset()
    assert backoff.is_due
    assert backoff.postpone() == 1.0
