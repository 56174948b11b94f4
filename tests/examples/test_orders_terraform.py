"""`examples/orders-terraform` says what `examples/orders` says: the findings, the verdicts, and where the faults are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
from msgspec import Struct

from stockade import api
from stockade.engine.findings import Finding, Result, shown_span
from stockade.engine.run import say
from tests.examples.test_orders_faults import LATER_CONTROLS, NEEDS_CODE, NOT_YET, ORDERS
from tests.examples.test_orders_faults import result as sam
from tests.examples.test_orders_faults import rows as sam_rows
from tests.support import TODAY

TERRAFORM = Path(__file__).parents[2] / "examples" / "orders-terraform"

# The address in Terraform of each function, by its logical id in SAM.
FUNCTIONS = {
    "OrdersApiFunction": "module.orders_api.aws_lambda_function.this",
    "AuthorizerFunction": 'module.typescript["authorizer"].aws_lambda_function.this',
    "PaymentWebhookFunction": "module.payment_webhook.aws_lambda_function.this",
    "PaymentWorkerFunction": "module.payment_worker.aws_lambda_function.this",
    "FulfilmentWorkerFunction": 'module.typescript["fulfilment_worker"].aws_lambda_function.this',
    "CarrierWebhookFunction": 'module.typescript["carrier_webhook"].aws_lambda_function.this',
    "OrderStreamFunction": 'module.typescript["order_stream"].aws_lambda_function.this',
    "NotifyFunction": "module.notify.aws_lambda_function.this",
    "CatalogueImportFunction": "module.catalogue_import.aws_lambda_function.this",
    "BackofficeSearchFunction": "module.backoffice_search.aws_lambda_function.this",
    "NightlyReportFunction": "module.nightly_report.aws_lambda_function.this",
}
# The same for every other resource that a finding is about. `WorkerRole` is the role, and the policy that is written in it.
OTHERS = {
    ("api", "ShopApi"): "aws_api_gateway_rest_api.shop",
    ("code-signing", "CodeSigning"): "aws_lambda_code_signing_config.payments",
    ("domain", "ApiGatewayDomainName824d498c87"): "aws_api_gateway_domain_name.shop",
    ("domain", "ApiGatewayDomainNameb5524e1dad"): "aws_api_gateway_domain_name.shop",  # SAM's name for it in prod
    ("event-source", "OrderStreamFunctionOrderChanges"): "aws_lambda_event_source_mapping.order_changes",
    ("event-source", "PaymentWorkerFunctionPayments"): "aws_lambda_event_source_mapping.payments",
    ("key", "PaymentsKey"): "aws_kms_key.payments",
    ("log-group", "PaymentWebhookLogGroup"): "aws_cloudwatch_log_group.payment_webhook",
    ("log-group", "ServiceLogGroup"): "aws_cloudwatch_log_group.service",
    ("permission", "BrightworkPermission"): "aws_lambda_permission.brightwork",
    ("permission", "CatalogueImportPermission"): "aws_lambda_permission.catalogue_import",
    ("permission", "NotifyPermission"): "aws_lambda_permission.notify",
    ("permission", "OldConsolePermission"): "aws_lambda_permission.old_console",
    ("policy", "NightlyReportFunctionRole/Policies/1"): "module.nightly_report.aws_iam_role_policy.this[0]",
    ("policy", "PaymentWebhookFunctionRole/Policies/1"): "module.payment_webhook.aws_iam_role_policy.this[0]",
    ("policy", "WorkerRole"): "aws_iam_role_policy.worker",
    ("queue", "PaymentQueue"): "aws_sqs_queue.payments",
    ("role", "CatalogueImportFunctionRole"): "module.catalogue_import.aws_iam_role.this[0]",
    ("role", "WorkerRole"): "aws_iam_role.worker",
    ("route", "ShopApi/GET /orders/{orderId}/tracking"): "aws_api_gateway_rest_api.shop/GET /orders/{orderId}/tracking",
    ("secret", "FernpaySecret"): "aws_secretsmanager_secret.fernpay",
    ("security-group", "SearchSecurityGroup"): "module.network.aws_security_group.search",
    ("stage", "ShopApiStage"): "aws_api_gateway_stage.shop",
    ("url", "CarrierWebhookFunctionUrl"): "aws_lambda_function_url.carrier_webhook",
    ("url", "PaymentWebhookFunctionUrl"): "aws_lambda_function_url.payment_webhook",
}


ADDRESSES = OTHERS | {("function", name): address for name, address in FUNCTIONS.items()}


class Difference(Struct, frozen=True):
    """A rule that says something else of some functions in Terraform, and why that is right."""

    rule: str
    functions: tuple[str, ...]
    sam: str
    terraform: str
    why: str


# Findings are the same without an exception. Of the verdicts, these differ:
DIFFERENCES = (
    Difference(
        "SK107",
        ("OrdersApiFunction", "AuthorizerFunction"),
        "not_applicable",
        "pass",
        "SAM makes these permissions and leaves no choice; here they are written, and name stage, method and path",
    ),
    Difference(
        "SK129",
        ("OrdersApiFunction", "AuthorizerFunction"),
        "not_applicable",
        "pass",
        "SAM makes these permissions for the API that it knows; here somebody could have written another source",
    ),
)

Told: TypeAlias = tuple[str, str, str, str, str, frozenset[str], str]


@cache
def terraform() -> Result:
    """The scan, as the strictest persona sees it."""
    return api.scan(TERRAFORM, persona="pedantic", today=TODAY)


def told(result: Result, addresses: Mapping[tuple[str, str], str] | None = None) -> Counter[Told]:
    """What the findings of a scan say: the rule, the verdict, how grave it is, the kind and address of the resource, for
    which functions, and when. Each address is looked up, if there is something to look it up in.

    Each resource of a finding counts by itself: one place of a module is one cause in all functions that are made by it, and
    in SAM each function has a place of its own.
    """
    counted: Counter[Told] = Counter()
    for finding in result.visible:
        for subject in (finding.subject, *finding.also):
            named = [(subject.kind, subject.address), *((f.kind, f.address) for f in subject.functions)]
            address, *functions = [a if addresses is None else addresses[kind, a] for kind, a in named]
            when = say(finding.when).replace("`var.stage`", "Stage")
            counted[
                finding.rule.code,
                finding.verdict,
                finding.severity,
                subject.kind,
                address,
                frozenset(functions),
                when,
            ] += 1
    return counted


def verdicts(result: Result) -> dict[tuple[str, str], str]:
    """The verdict of every rule on every function."""
    return {(row.rule.code, row.function.address): row.verdict for row in result.rows}


class Place(Struct, frozen=True):
    """One row of the table in Terraform's FAULTS.md."""

    id: str
    path: str
    line: int
    addresses: tuple[str, ...]
    anchor: str


@cache
def places() -> dict[str, Place]:
    """All its rows, by id."""
    found = {}
    for text in (TERRAFORM / "FAULTS.md").read_text("utf-8").splitlines():
        cells = [c.strip() for c in text.split("|")[1:-1]]
        if len(cells) == 4 and re.fullmatch(r"[FG]\d\d", cells[0]):
            path, _, number = cells[1].rpartition(":")
            addresses = tuple(re.findall(r"`([^`]+)`", cells[2]))
            assert cells[0] not in found
            found[cells[0]] = Place(cells[0], path, int(number), addresses, cells[3].strip("`"))
    return found


CONTROLS = {row.id: set(row.controls) for row in sam_rows()}
FAULTS = sorted(i for i, c in CONTROLS.items() if i.startswith("F") and i not in NOT_YET and not c <= LATER_CONTROLS)
TWINS = sorted(i for i, c in CONTROLS.items() if i.startswith("G") and i not in NEEDS_CODE and not c <= LATER_CONTROLS)


def is_at(finding: Finding, place: Place) -> bool:
    """Whether a finding points at the very line of a row."""
    span = finding.span
    return span is not None and span.doc.path == place.path and span.line == place.line


def concerns(finding: Finding, place: Place) -> bool:
    """Whether a finding names the line of a row, or is about its resource."""
    spans = [finding.span, *(shown_span(label.origin) for label in finding.related)]
    spans += [via.span for via in getattr(finding.origin, "via", ())]
    if any(s is not None and s.doc.path == place.path and s.line <= place.line <= s.end_line for s in spans):
        return True
    names = {finding.subject.address, *(s.address for s in finding.also), *(f.address for f in finding.functions)}
    return bool(names & set(place.addresses))


def test_all_of_it_is_read() -> None:
    assert [f"{gap.what}: {gap.why}" for gap in terraform().gaps] == []
    assert sorted(f.address for f in terraform().app.functions) == sorted(FUNCTIONS.values())


def assert_same(wanted: Counter[Told], found: Counter[Told]) -> None:
    """Show what is in one of them only."""
    assert (sorted((wanted - found).elements(), key=str), sorted((found - wanted).elements(), key=str)) == ([], [])


def test_the_findings_are_the_same() -> None:
    wanted = told(sam(), ADDRESSES)
    assert sum(wanted.values()) > 80
    assert_same(wanted, told(terraform()))


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_findings_are_the_same_where_the_stage_is_given(stage: str) -> None:
    one = api.scan(ORDERS, persona="pedantic", today=TODAY, parameters={"Stage": stage})
    other = api.scan(TERRAFORM, persona="pedantic", today=TODAY, variables={"stage": stage})
    assert_same(told(one, ADDRESSES), told(other))


def test_the_verdicts_are_the_same_but_for_what_is_stated() -> None:
    wanted = {(code, FUNCTIONS[name]): verdict for (code, name), verdict in verdicts(sam()).items()}
    found = verdicts(terraform())
    differing = {
        key: (wanted.get(key), found.get(key))
        for key in wanted.keys() | found.keys()
        if wanted.get(key) != found.get(key)
    }
    stated = {(d.rule, FUNCTIONS[name]): (d.sam, d.terraform) for d in DIFFERENCES for name in d.functions}
    assert differing == stated


def test_every_fault_and_twin_has_its_place() -> None:
    assert set(places()) == {row.id for row in sam_rows()}


@pytest.mark.parametrize("place", places().values(), ids=lambda place: place.id)
def test_the_anchor_is_on_its_line(place: Place) -> None:
    assert place.anchor in (TERRAFORM / place.path).read_text("utf-8").splitlines()[place.line - 1]


@pytest.mark.parametrize("fault", FAULTS)
def test_every_planted_fault_is_found(fault: str) -> None:
    place, controls = places()[fault], CONTROLS[fault]
    fails = [f for f in terraform().visible if f.verdict == "fail" and set(f.rule.controls) & controls]
    assert any(concerns(f, place) for f in fails), f"nothing says {controls} about {place.addresses}"


@pytest.mark.parametrize("twin", TWINS)
def test_every_good_twin_stays_quiet(twin: str) -> None:
    place, controls = places()[twin], CONTROLS[twin]
    fails = [f for f in terraform().visible if f.verdict == "fail" and set(f.rule.controls) & controls]
    assert [f"{f.rule.code} {f.message}" for f in fails if is_at(f, place)] == []
