"""Schedule expressions: every example of AWS's documentation is valid, and what AWS refuses is not."""

from __future__ import annotations

import pytest

from stockade.knowledge.schedules import fault_of, mended

# The examples of the user guides of EventBridge (rules) and EventBridge Scheduler.
VALID = [
    "cron(0 10 * * ? *)", "cron(15 12 * * ? *)", "cron(0 18 ? * MON-FRI *)", "cron(0 8 1 * ? *)", "cron(0/15 * * * ? *)",
    "cron(0/10 * ? * MON-FRI *)", "cron(0/5 8-17 ? * MON-FRI *)", "cron(15 10 ? * 6L 2019-2022)", "cron(0 0 L * ? *)",
    "cron(0 0 ? * 3#2 *)", "cron(30 0 ? * 2-6 *)", "cron(0 9 15W * ? *)", "cron(15,45 9 ? JAN,JUL 2 *)", "rate(1 minute)",
    "rate(5 minutes)", "rate(1 hour)", "rate(1 day)", "rate(7 days)",
]  # fmt: skip


@pytest.mark.parametrize("expression", VALID)
def test_examples_of_aws_are_valid(expression: str) -> None:
    assert fault_of(expression) == ""
    assert fault_of(expression, scheduler=True) == ""


@pytest.mark.parametrize(
    ("expression", "instead"),
    [
        ("rate(1 minutes)", "rate(1 minute)"),
        ("rate(5 minute)", "rate(5 minutes)"),
        ("rate(5 weeks)", ""),
        ("rate(0 minutes)", ""),
        ("cron(0 2 * * *)", "cron(0 2 * * ? *)"),
        ("cron(0 2 * * * *)", "cron(0 2 * * ? *)"),
        ("cron(0 2 1 * MON *)", ""),
        ("cron(0 2 ? * ? *)", ""),
        ("cron(0 24 * * ? *)", ""),
        ("cron(60 2 * * ? *)", ""),
        ("cron(0 2 * 13 ? *)", ""),
        ("cron(0 2 ? * 8 *)", ""),
        ("cron(0 2 ? * MON#6 *)", ""),
        ("cron(0/0 2 * * ? *)", ""),
        ("0 2 * * *", "cron(0 2 * * ? *)"),
        ("0 2 * * 1", ""),
        ("every day", ""),
        ("at(2026-01-01T00:00:00)", ""),
    ],
)
def test_what_is_refused_has_a_fault(expression: str, instead: str) -> None:
    assert fault_of(expression)
    assert mended(expression) == instead


def test_what_differs_for_the_scheduler() -> None:
    assert fault_of("at(2026-01-01T00:00:00)", scheduler=True) == ""
    assert fault_of("rate(1 minutes)", scheduler=True) == ""


def test_what_is_over_never_comes() -> None:
    assert fault_of("cron(15 10 ? * 6L 2019-2022)", year=2026) == "it ended in 2022"
    assert fault_of("cron(15 10 ? * 6L 2019-2030)", year=2026) == ""
    assert fault_of("cron(15 10 ? * 6L *)", year=2026) == ""
