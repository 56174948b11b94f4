"""Sets of numbers against membership, number by number."""

from __future__ import annotations

import ipaddress
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stockade.iam.sets import ranges
from stockade.iam.sets.ranges import Ranges

numbers = st.integers(-6, 6).map(Fraction)
POINTS = [Fraction(n, 2) for n in range(-16, 17)]


def holds(values: Ranges, point: Fraction) -> bool:
    return any(low <= (point, 0) and (point, 1) <= high for low, high in values)


simple = st.one_of(
    numbers.map(ranges.equal),
    st.builds(lambda n, also: ranges.below(n, also=also), numbers, st.booleans()),
    st.builds(lambda n, also: ranges.above(n, also=also), numbers, st.booleans()),
)
sets = st.lists(simple, max_size=3).map(tuple).map(ranges.union)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(sets, sets)
def test_operations(one: Ranges, other: Ranges) -> None:
    for point in POINTS:
        a, b = holds(one, point), holds(other, point)
        assert holds(ranges.both(one, other), point) == (a and b)
        assert holds(ranges.without(one, other), point) == (a and not b)
        assert holds(ranges.union((one, other)), point) == (a or b)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(sets)
def test_a_number_that_is_picked_is_in_the_set(values: Ranges) -> None:
    if values:
        assert holds(values, ranges.pick(values))
    else:
        assert not any(holds(values, point) for point in POINTS)


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.1.2.3", "::/0", "2001:db8::/32", "0.0.0.0/0", "10.0.0.1/24"])
def test_networks(text: str) -> None:
    values = ranges.network(text)
    assert values is not None
    network = ipaddress.ip_network(text, strict=False)
    for address in ("10.0.0.0", "10.1.2.3", "11.0.0.0", "::", "2001:db8::1", "255.255.255.255", "ffff::"):
        found = ranges.network(address)
        assert found is not None
        inside = ipaddress.ip_address(address)
        assert bool(ranges.both(values, found)) == (inside.version == network.version and inside in network)
        assert ranges.address(ranges.pick(found)) == address


@pytest.mark.parametrize("text", ["2026-01-01", "2026-01-01T00:00:00Z", "2026", "2026-01", "1767225600"])
def test_forms_of_a_date(text: str) -> None:
    assert ranges.moment(text) == 1767225600
    assert ranges.day(Fraction(1767225600)) == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01"])
def test_no_dates(text: str) -> None:
    assert ranges.moment(text) is None


@pytest.mark.parametrize(
    "text", ["0.1", "-0.25", "1e-300", "123456789012345678901234567890", "1.50", "-7", "1E3", "5."]
)
def test_numbers_are_written_as_they_were_read(text: str) -> None:
    value = ranges.number(text)
    assert value is not None
    assert ranges.number(ranges.shown(value)) == value


@pytest.mark.parametrize("text", ["", "1/3", "1_000", "nan", "inf", "٣", "1e9999", "9" * 500, "--1", "0x1"])
def test_no_numbers(text: str) -> None:
    assert ranges.number(text) is None
