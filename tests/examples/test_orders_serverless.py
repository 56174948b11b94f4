"""`examples/orders-serverless` says what `examples/orders` says, stage by stage: findings, verdicts, and where the faults are."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest

from stockade import api
from stockade.engine.findings import Result
from tests.examples import siblings
from tests.examples.siblings import STAGES, Difference, Place, Told, told
from tests.examples.test_orders_faults import rows as sam_rows
from tests.support import TODAY

SERVERLESS = siblings.EXAMPLES / "orders-serverless"

# The key of each function, by its logical id in SAM.
FUNCTIONS = {
    "OrdersApiFunction": "ordersApi",
    "AuthorizerFunction": "authorizer",
    "PaymentWebhookFunction": "paymentWebhook",
    "PaymentWorkerFunction": "paymentWorker",
    "FulfilmentWorkerFunction": "fulfilmentWorker",
    "CarrierWebhookFunction": "carrierWebhook",
    "OrderStreamFunction": "orderStream",
    "NotifyFunction": "notify",
    "CatalogueImportFunction": "catalogueImport",
    "BackofficeSearchFunction": "backofficeSearch",
    "NightlyReportFunction": "nightlyReport",
}
# The logical id of every other resource that a finding is about, where the framework or we call it something else.
OTHERS = {
    ("api", "ShopApi"): "ApiGatewayRestApi",
    ("domain", "ApiGatewayDomainNameb5524e1dad"): "ShopDomain",
    ("event-source", "OrderStreamFunctionOrderChanges"): "OrderStreamEventSourceMappingDynamodbOrdersTable",
    ("event-source", "PaymentWorkerFunctionPayments"): "PaymentWorkerEventSourceMappingSQSPaymentQueue",
    ("policy", "NightlyReportFunctionRole/Policies/1"): "NightlyReportIamRoleLambdaExecution",
    ("policy", "PaymentWebhookFunctionRole/Policies/1"): "PaymentWebhookIamRoleLambdaExecution",
    ("event-rule", "NightlyReportFunctionEveryNight"): "NightlyReportEventsRuleSchedule1",
    ("log-group", "BackofficeAccessLogs"): "HttpApiLogGroup",
    ("route", "ShopApi/GET /orders/{orderId}/tracking"): "ApiGatewayMethodOrdersOrderidVarTrackingGet",
    ("stage", "ShopApiStage"): "ApiGatewayDeployment",
    ("url", "CarrierWebhookFunctionUrl"): "CarrierWebhookLambdaFunctionUrl",
    ("url", "PaymentWebhookFunctionUrl"): "PaymentWebhookLambdaFunctionUrl",
}
SAME = (
    ("bucket", "CatalogueBucket"),
    ("code-signing", "CodeSigning"),
    ("event-bus", "OrdersBus"),
    ("event-rule", "OrderPaidRule"),
    ("key", "PaymentsKey"),
    ("log-group", "PaymentWebhookLogGroup"),
    ("log-group", "ServiceLogGroup"),  # see `apart`
    ("permission", "BrightworkPermission"),
    ("permission", "CatalogueImportPermission"),
    ("permission", "NotifyPermission"),
    ("permission", "OldConsolePermission"),
    ("policy", "WorkerRole"),
    ("queue", "FailuresQueue"),
    ("queue", "FulfilmentQueue"),
    ("queue", "PaymentQueue"),
    ("role", "WorkerRole"),
    ("secret", "FernpaySecret"),
    ("security-group", "ReportSecurityGroup"),
    ("security-group", "SearchSecurityGroup"),
    ("subscription", "NotifySubscription"),
    ("table", "CatalogueTable"),
    ("table", "CustomerSummaryTable"),
    ("table", "OrdersTable"),
    ("topic", "OrderEventsTopic"),
)
ROLES = {
    ("role", f"{name}Role"): f"{key[0].upper()}{key[1:]}IamRoleLambdaExecution"
    for name, key in FUNCTIONS.items()
    if name not in {"PaymentWorkerFunction", "NotifyFunction"}  # these share a role of their own
}
ADDRESSES = (
    OTHERS
    | ROLES
    | {key: key[1] for key in SAME}
    | {("function", name): key for name, key in FUNCTIONS.items()}
)

# The framework puts the stage into the name of this one.
RERUN = {stage: f"Tidewaterorders{stage}nightlyReportrule2EventBridgeRule" for stage in STAGES}

DIFFERENCES = (
    Difference(
        "SK310",
        ("PaymentWorkerFunction",),
        "pass",
        "not_applicable",
        "a parameter has the key as its default in SAM; here no parameter has it",
    ),
    Difference(
        "SK107",
        ("AuthorizerFunction", "OrdersApiFunction", "BackofficeSearchFunction"),
        "pass",
        "not_applicable",
        "SAM makes a permission of each route; the framework one for the whole API, which nobody can narrow",
    ),
    Difference(
        "SK227",
        ("AuthorizerFunction",),
        "pass",
        "fail",
        "SAM attaches AWSLambdaBasicExecutionRole to the role that it makes; the framework writes the same into it",
    ),
)


def apart(wanted: Counter[Told]) -> Counter[Told]:
    """The findings of SAM, with those about the log group that ten functions share told of each function's own.

    The framework makes a log group for every function.
    """
    found: Counter[Told] = Counter()
    for (code, verdict, severity, kind, address, functions, when), count in wanted.items():
        if (kind, address) != ("log-group", "ServiceLogGroup"):
            found[code, verdict, severity, kind, address, functions, when] += count
            continue
        for function in functions:
            own = f"{function[0].upper()}{function[1:]}LogGroup"
            found[code, verdict, severity, kind, own, frozenset({function}), when] += count
    return found


@cache
def serverless(stage: str) -> Result:
    """The scan of one stage, as the strictest persona sees it."""
    return api.scan(SERVERLESS, persona="pedantic", today=TODAY, stage=stage)


@pytest.mark.parametrize("stage", STAGES)
def test_all_of_it_is_read(stage: str) -> None:
    assert [f"{gap.what}: {gap.why}" for gap in serverless(stage).gaps] == []
    assert sorted(f.address for f in serverless(stage).app.functions) == sorted(FUNCTIONS.values())


@pytest.mark.parametrize("stage", STAGES)
def test_the_findings_are_the_same(stage: str) -> None:
    addresses = ADDRESSES | {("event-rule", "ReportRerunRule"): RERUN[stage]}
    wanted, found = (
        siblings.but(findings, FUNCTIONS, DIFFERENCES)
        for findings in (apart(told(siblings.sam(stage), addresses)), told(serverless(stage)))
    )
    assert sum(wanted.values()) > 80
    siblings.assert_same(wanted, found)


@pytest.mark.parametrize("stage", STAGES)
def test_the_verdicts_are_the_same_but_for_what_is_stated(stage: str) -> None:
    siblings.assert_verdicts(siblings.sam(stage), serverless(stage), FUNCTIONS, DIFFERENCES)


def test_every_fault_and_twin_has_its_place() -> None:
    assert set(siblings.places(SERVERLESS)) == {row.id for row in sam_rows()}


@pytest.mark.parametrize("place", siblings.places(SERVERLESS).values(), ids=lambda place: place.id)
def test_the_anchor_is_on_its_line(place: Place) -> None:
    siblings.assert_anchored(SERVERLESS, place)


@pytest.mark.parametrize("fault", siblings.FAULTS)
def test_every_planted_fault_is_found(fault: str) -> None:
    siblings.assert_found(siblings.places(SERVERLESS)[fault], *map(serverless, STAGES))


@pytest.mark.parametrize("twin", siblings.TWINS)
def test_every_good_twin_stays_quiet(twin: str) -> None:
    siblings.assert_quiet(siblings.places(SERVERLESS)[twin], *map(serverless, STAGES))
