"""Which version of the AWS provider takes what fixes write."""

from __future__ import annotations

import datetime as dt

from stockade.inputs.terraform.tables import tables
from stockade.knowledge import runtimes, terraform_provider
from stockade.knowledge.terraform import parsed


def test_a_value_and_an_argument() -> None:
    runtime = terraform_provider.need("aws_lambda_function", "runtime", "nodejs24.x")
    assert runtime is not None
    assert (runtime.version, runtime.later) == ("6.19.0", False)
    logging = terraform_provider.need("aws_lambda_function", "logging_config", "JSON")
    assert logging is not None
    assert parsed(logging.version) == (5, 32, 0)
    assert terraform_provider.need("aws_lambda_function", "runtime", "python3.8") is None
    assert terraform_provider.need("aws_lambda_function", "timeout") is None


def test_every_runtime_that_fixes_move_to_is_known() -> None:
    day = dt.date(2026, 11, 28)
    targets = {runtimes.successor(one.id, day) for one in runtimes.runtimes()} - {None}
    assert [t for t in targets if terraform_provider.need("aws_lambda_function", "runtime", str(t)) is None] == []


def test_every_row_is_about_something_that_is_written() -> None:
    for need in terraform_provider._file().needs:
        paths = {lens.path[0] for lens in tables()[need.type].fields.values()}
        assert need.argument in paths, need
