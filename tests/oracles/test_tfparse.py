"""The instances of resources that we find, against those that tfparse finds (the parser of trivy, behind a Python interface).

Both expand modules, `count` and `for_each` without a plan, so they must come to the same addresses: on the modules that
`test_terraform_plans.py` holds against Terraform itself, and on the example application. What differs is listed with its
reason, and a reason that explains nothing any more fails.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tfparse  # type: ignore[import-untyped] # it ships no types

HERE = Path(__file__).parent / "terraform" / "modules"
EXAMPLE = Path(__file__).parents[2] / "examples" / "orders-terraform"
ROOTS = sorted(folder for folder in [*HERE.iterdir(), EXAMPLE] if folder.is_dir())


class Reason(NamedTuple):
    """Why their addresses are not ours: they leave these unexpanded, lack those, have others, and write some otherwise."""

    why: str
    unexpanded: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()
    further: frozenset[str] = frozenset()
    written: tuple[tuple[str, str], ...] = ()


EXPLAINED: dict[str, Reason] = {
    "application": Reason(
        "tfparse leaves a module as it is whose `for_each` holds an attribute of a resource beside keys that are known",
        unexpanded=frozenset({"module.function"}),
        lacking=frozenset({"module.function.aws_lambda_function_url.this[0]"}),
        further=frozenset(
            {"aws_cloudwatch_metric_alarm.errors"}
        ),  # over the keys of the same map, of which there are none
    ),
    "orders-terraform": Reason(
        "the same, for the values of the map name keys and log groups",
        unexpanded=frozenset({"module.typescript"}),
    ),
    "files": Reason(
        "tfparse does not expand over what `yamldecode` gives, whose values differ in type",
        unexpanded=frozenset({"aws_lambda_function.service"}),
    ),
    "repetition": Reason(
        "Terraform escapes a template in a key, and tfparse does not",
        written=(('aws_sqs_queue.described["$${dollar}"]', 'aws_sqs_queue.described["${dollar}"]'),),
    ),
}


def theirs(folder: Path) -> set[str]:
    """The addresses of managed resources by tfparse, which has to be told of `.auto.tfvars`."""
    automatic = [path.name for path in sorted(folder.glob("*.auto.tfvars"))]
    found: dict[str, list[dict[str, Any]]] = tfparse.load_from_path(str(folder), vars_paths=automatic or None)
    about = [block.get("__tfmeta", {}) for blocks in found.values() for block in blocks]
    return {meta["path"] for meta in about if meta.get("type") == "resource"}


def ours(folder: Path, reason: Reason | None) -> set[str]:
    """Our addresses, as they would be for a stated reason."""
    from stockade.inputs.terraform.read import evaluate_root

    found = set(evaluate_root(folder, {}))
    if reason is None:
        return found
    for one in reason.unexpanded:
        found = {re.sub(rf"^{re.escape(one)}\[[^]]*\]", one, address) for address in found}
    written = dict(reason.written)
    return {written.get(address, address) for address in found} - reason.lacking | reason.further


@pytest.mark.parametrize("folder", ROOTS, ids=lambda folder: folder.name)
def test_tfparse_finds_the_same_instances(folder: Path) -> None:
    reason = EXPLAINED.get(folder.name)
    found = theirs(folder)
    assert found
    assert ours(folder, reason) == found
    if reason is not None:
        assert ours(folder, None) != found, f"nothing is left to explain: {reason.why}"
