"""What is proved of generated pairs of policies, beside brute force: a small part of what
`scripts/oracles/compare_policies.py` asks."""

from __future__ import annotations

import pytest

from stockade.iam.sets.questions import Proved, Refuted
from tests.oracles.iam.pairs import Compared, Maker

SEED = 2026


@pytest.mark.parametrize("part", range(4))
def test_brute_force_finds_nothing_that_was_proved_away(part: int) -> None:
    compared = []
    for number in range(part * 300, (part + 1) * 300):
        maker = Maker(f"{SEED}/{number}")
        compared.append(Compared(maker.pair(), f"{SEED}/{number}", 40, maker.bounds()))
        assert compared[-1].disagreement is None, (number, compared[-1].documents)
    proved = [each for each in compared if isinstance(each.answer, Proved)]
    refuted = [each for each in compared if isinstance(each.answer, Refuted)]
    # The requests are worth making: they exercise what is proved, and find most of what is refuted by themselves.
    assert sum(each.allowed > 0 for each in proved) > 0.6 * len(proved) > 60
    assert sum(each.found is not None for each in refuted) > 0.6 * len(refuted) > 60


@pytest.mark.parametrize("pair", ["31/1069", "31/4108", "32/2316", "41/5403"])
def test_pairs_that_were_once_not_decided(pair: str) -> None:
    """A Deny with `NotPrincipal` denies whoever has a boundary in a resource's policy alone; partitions have no colons."""
    maker = Maker(pair)
    compared = Compared(maker.pair(), pair, 60, maker.bounds())
    assert compared.disagreement is None
