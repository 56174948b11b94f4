"""The runtimes' dates and the ways from one to the next."""

from __future__ import annotations

import gzip
import json
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pytest

from stockade.knowledge import runtimes
from stockade.knowledge.runtimes import Status

TODAY = date(2026, 11, 21)


def package_file(package: str, name: str) -> bytes:
    """A file of an installed package, which the locked dependencies hold."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        pytest.fail(f"{package} is not installed")
    return (Path(spec.origin).parent / name).read_bytes()


@pytest.mark.parametrize(
    ("name", "deprecated", "create", "update"),
    [
        ("nodejs18.x", date(2025, 9, 1), date(2027, 2, 1), date(2027, 3, 3)),
        ("nodejs20.x", date(2026, 4, 30), date(2027, 2, 1), date(2027, 3, 3)),
        ("python3.9", date(2025, 12, 15), date(2027, 2, 1), date(2027, 3, 3)),
        ("python3.10", date(2026, 10, 31), date(2027, 2, 1), date(2027, 3, 3)),
        ("provided.al2", date(2026, 7, 31), date(2027, 2, 1), date(2027, 3, 3)),
        ("java17", date(2027, 6, 30), date(2027, 7, 31), date(2027, 8, 31)),
        ("go1.x", date(2024, 1, 8), date(2024, 2, 8), date(2027, 3, 3)),
    ],
)
def test_dates_that_aws_announced(name: str, deprecated: date, create: date, update: date) -> None:
    known = runtimes.runtime(name)
    assert known is not None
    assert (known.deprecated, known.block_create, known.block_update) == (deprecated, create, update)


@pytest.mark.parametrize(
    ("name", "day", "status"),
    [
        ("python3.9", date(2025, 12, 14), Status.SUPPORTED),
        ("python3.9", date(2025, 12, 15), Status.DEPRECATED),
        ("python3.9", date(2027, 2, 1), Status.CREATE_BLOCKED),
        ("python3.9", date(2027, 3, 3), Status.UPDATE_BLOCKED),
        ("python2.7", TODAY, Status.UPDATE_BLOCKED),
        ("python3.13", TODAY, Status.SUPPORTED),
        ("python3.15", TODAY, Status.PREVIEW),
        ("nodejs26.x", TODAY, Status.PREVIEW),
        ("go1.x", TODAY, Status.CREATE_BLOCKED),
        ("dotnet8", TODAY, Status.DEPRECATED),
        ("java8.al2", TODAY, Status.SUPPORTED),
    ],
)
def test_status_follows_the_day(name: str, day: date, status: Status) -> None:
    known = runtimes.runtime(name)
    assert known is not None
    assert known.status(day) is status
    assert known.supported(day) is (status is Status.SUPPORTED)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("python2.7", "python3.12"),
        ("python3.9", "python3.12"),
        ("python3.11", "python3.12"),  # loses support within a year, so it is itself no target
        ("python3.14", None),
        ("nodejs12.x", "nodejs24.x"),
        ("nodejs20.x", "nodejs24.x"),  # nodejs22.x has five months left
        ("nodejs22.x", "nodejs24.x"),
        ("java8", "java8.al2023"),
        ("java8.al2", "java8.al2023"),
        ("java11", "java11.al2023"),
        ("java17", "java17.al2023"),
        ("java21", "java25"),
        ("dotnet6", "dotnet10"),
        ("dotnetcore3.1", "dotnet10"),
        ("ruby2.7", "ruby3.4"),
        ("ruby4.0", None),
        ("go1.x", "provided.al2023"),
        ("provided", "provided.al2023"),
        ("provided.al2", "provided.al2023"),
        ("provided.al2023", None),
        ("nodejs4.3-edge", "nodejs24.x"),
        ("python9.9", None),
        ("", None),
    ],
)
def test_successor_is_the_smallest_step_that_lasts(old: str, new: str | None) -> None:
    assert runtimes.successor(old, TODAY) == new


def test_a_short_lived_successor_is_better_than_none() -> None:
    # Three months before its own end python3.14 is still the newest: it is what an older function should move to.
    assert runtimes.successor("python3.12", date(2029, 4, 1)) == "python3.14"


def test_successor_is_always_supported_newer_and_of_the_language() -> None:
    for known in runtimes.runtimes():
        found = runtimes.successor(known.id, TODAY)
        if found is None:
            continue
        new = runtimes.runtime(found)
        assert new is not None
        assert new.supported(TODAY)
        assert not new.image_only
        assert known.language in {new.language, "go"}


@pytest.mark.parametrize(
    ("language", "newest"),
    [
        ("python", "python3.14"),
        ("nodejs", "nodejs24.x"),
        ("java", "java25"),
        ("dotnet", "dotnet10"),
        ("ruby", "ruby4.0"),
        ("go", "provided.al2023"),
        ("custom", "provided.al2023"),
        ("cobol", None),
    ],
)
def test_latest_leaves_previews_out(language: str, newest: str | None) -> None:
    assert runtimes.latest(language, TODAY) == newest


def test_only_the_operating_system_changes() -> None:
    assert runtimes.same_language_version("java11", "java11.al2023")
    assert not runtimes.same_language_version("java11", "java17")
    assert not runtimes.same_language_version("java11", "nothing")


def test_unknown_and_misspelt_identifiers() -> None:
    for name in ("PYTHON3_VERSION", "provided.al2023023", "Python3.12", "nodejs", "nodejs22"):
        assert (runtimes.runtime(name) is None) is (name != "nodejs")


def test_features() -> None:
    snapstart = {known.id for known in runtimes.runtimes() if known.snapstart}
    assert {"java21", "python3.12", "dotnet8"} <= snapstart
    assert not snapstart & {"python3.11", "nodejs22.x", "java8.al2", "provided.al2023", "ruby3.4", "dotnet6"}
    assert {known.language for known in runtimes.runtimes() if known.inline_code} == {"nodejs", "python"}


def test_days_left() -> None:
    known = runtimes.runtime("nodejs22.x")
    assert known is not None
    assert known.days_left(date(2027, 4, 29)) == 1
    assert known.days_left(date(2027, 5, 1)) == -1
    preview = runtimes.runtime("nodejs26.x")
    assert preview is not None
    assert preview.days_left(TODAY) is None


def test_dates_are_in_order() -> None:
    for known in runtimes.runtimes():
        if known.released and known.deprecated:
            assert known.released < known.deprecated, known.id
        if known.block_create and known.block_update:
            assert known.block_create <= known.block_update, known.id
        # Since 2020 nothing has been blocked before it was deprecated.
        if known.deprecated and known.block_update and known.deprecated.year > 2020:
            assert known.deprecated <= known.block_update, known.id


def test_every_identifier_that_the_service_knows() -> None:
    shapes = json.loads(gzip.decompress(package_file("botocore", "data/lambda/2015-03-31/service-2.json.gz")))["shapes"]
    ours = {known.id for known in runtimes.runtimes() if not known.image_only}
    assert set(shapes["Runtime"]["enum"]) - {"custom"} == ours


def test_dates_equal_those_of_cfn_lint() -> None:
    table = json.loads(package_file("cfnlint", "data/AdditionalSpecs/LmbdRuntimeLifecycle.json"))
    for name, row in table.items():
        known = runtimes.runtime(name)
        assert known is not None, name
        ours = [day and day.isoformat() for day in (known.deprecated, known.block_create, known.block_update)]
        assert ours == [row["deprecated"], row["create-block"], row["update-block"]], name


def test_provenance_is_dated() -> None:
    told = runtimes.provenance()
    assert date(2026, 6, 1) < told.as_of <= TODAY
    assert {source.licence for source in told.sources} <= {"MIT", "MIT-0", "Apache-2.0", "facts"}
