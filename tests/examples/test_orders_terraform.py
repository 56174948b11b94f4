"""`examples/orders-terraform` says what `examples/orders` says: the findings, the verdicts, and where the faults are."""

from __future__ import annotations

from functools import cache

import pytest

from stockade import api
from stockade.engine.findings import Result
from tests.examples import siblings
from tests.examples.siblings import STAGES, Difference, Place, told
from tests.examples.test_orders_faults import result as sam
from tests.examples.test_orders_faults import rows as sam_rows
from tests.support import TODAY

TERRAFORM = siblings.EXAMPLES / "orders-terraform"

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
    ("bucket", "CatalogueBucket"): "aws_s3_bucket.catalogue",
    ("code-signing", "CodeSigning"): "aws_lambda_code_signing_config.payments",
    ("domain", "ApiGatewayDomainName824d498c87"): "aws_api_gateway_domain_name.shop",
    ("domain", "ApiGatewayDomainNameb5524e1dad"): "aws_api_gateway_domain_name.shop",  # SAM's name for it in prod
    ("event-bus", "OrdersBus"): "aws_cloudwatch_event_bus.orders",
    ("event-rule", "NightlyReportFunctionEveryNight"): "aws_cloudwatch_event_rule.every_night",
    ("event-rule", "OrderPaidRule"): "aws_cloudwatch_event_rule.order_paid",
    ("event-rule", "ReportRerunRule"): "aws_cloudwatch_event_rule.report_rerun",
    ("event-source", "OrderStreamFunctionOrderChanges"): "aws_lambda_event_source_mapping.order_changes",
    ("event-source", "PaymentWorkerFunctionPayments"): "aws_lambda_event_source_mapping.payments",
    ("key", "PaymentsKey"): "aws_kms_key.payments",
    ("log-group", "BackofficeAccessLogs"): "aws_cloudwatch_log_group.backoffice_access",
    ("log-group", "PaymentWebhookLogGroup"): "aws_cloudwatch_log_group.payment_webhook",
    ("log-group", "ServiceLogGroup"): "aws_cloudwatch_log_group.service",
    ("permission", "BrightworkPermission"): "aws_lambda_permission.brightwork",
    ("permission", "CatalogueImportPermission"): "aws_lambda_permission.catalogue_import",
    ("permission", "NotifyPermission"): "aws_lambda_permission.notify",
    ("permission", "OldConsolePermission"): "aws_lambda_permission.old_console",
    ("policy", "NightlyReportFunctionRole/Policies/1"): "module.nightly_report.aws_iam_role_policy.this[0]",
    ("policy", "PaymentWebhookFunctionRole/Policies/1"): "module.payment_webhook.aws_iam_role_policy.this[0]",
    ("policy", "WorkerRole"): "aws_iam_role_policy.worker",
    ("queue", "FailuresQueue"): "aws_sqs_queue.failures",
    ("queue", "FulfilmentQueue"): "aws_sqs_queue.fulfilment",
    ("queue", "PaymentQueue"): "aws_sqs_queue.payments",
    ("role", "WorkerRole"): "aws_iam_role.worker",
    ("route", "ShopApi/GET /orders/{orderId}/tracking"): "aws_api_gateway_rest_api.shop/GET /orders/{orderId}/tracking",
    ("secret", "FernpaySecret"): "aws_secretsmanager_secret.fernpay",
    ("security-group", "ReportSecurityGroup"): "module.network.aws_security_group.report",
    ("security-group", "SearchSecurityGroup"): "module.network.aws_security_group.search",
    ("stage", "ShopApiStage"): "aws_api_gateway_stage.shop",
    ("subscription", "NotifySubscription"): "aws_sns_topic_subscription.notify",
    ("table", "CatalogueTable"): "aws_dynamodb_table.catalogue",
    ("table", "CustomerSummaryTable"): "aws_dynamodb_table.customer_summary",
    ("table", "OrdersTable"): "aws_dynamodb_table.orders",
    ("topic", "OrderEventsTopic"): "aws_sns_topic.order_events",
    ("url", "CarrierWebhookFunctionUrl"): "aws_lambda_function_url.carrier_webhook",
    ("url", "PaymentWebhookFunctionUrl"): "aws_lambda_function_url.payment_webhook",
}
ROLES = {
    ("role", f"{name}Role"): f"{address.removesuffix('.aws_lambda_function.this')}.aws_iam_role.this[0]"
    for name, address in FUNCTIONS.items()
}
ADDRESSES = OTHERS | ROLES | {("function", name): address for name, address in FUNCTIONS.items()}

# Findings and verdicts are the same but for these.
DIFFERENCES = (
    Difference(
        "SK227",
        ("AuthorizerFunction",),
        "pass",
        "fail",
        "SAM attaches AWSLambdaBasicExecutionRole to the role that it makes; the module here writes what it needs into it",
    ),
    Difference("SK801", tuple(FUNCTIONS), "fail", "pass", "the provider gives everything its default tags"),
    Difference(
        "SK802",
        tuple(name for name in FUNCTIONS if name != "CatalogueImportFunction"),
        "not_applicable",
        "fail",
        "the module here gives roles names; SAM makes those of the roles that it makes",
    ),
    Difference(
        "SK803", ("OrdersApiFunction", "AuthorizerFunction"), "not_applicable", "pass", "only Terraform leaves it open"
    ),
)


@cache
def terraform() -> Result:
    """The scan, as the strictest persona sees it."""
    return api.scan(TERRAFORM, persona="pedantic", today=TODAY)


def test_all_of_it_is_read() -> None:
    assert [f"{gap.what}: {gap.why}" for gap in terraform().gaps] == []
    assert sorted(f.address for f in terraform().app.functions) == sorted(FUNCTIONS.values())


def test_the_findings_are_the_same() -> None:
    wanted, found = (
        siblings.but(findings, FUNCTIONS, DIFFERENCES) for findings in (told(sam(), ADDRESSES), told(terraform()))
    )
    assert sum(wanted.values()) > 80
    siblings.assert_same(wanted, found)


@pytest.mark.parametrize("stage", STAGES)
def test_the_findings_are_the_same_where_the_stage_is_given(stage: str) -> None:
    other = api.scan(TERRAFORM, persona="pedantic", today=TODAY, variables={"stage": stage})
    wanted, found = (
        siblings.but(findings, FUNCTIONS, DIFFERENCES)
        for findings in (told(siblings.sam(stage), ADDRESSES), told(other))
    )
    siblings.assert_same(wanted, found)


def test_the_verdicts_are_the_same_but_for_what_is_stated() -> None:
    siblings.assert_verdicts(sam(), terraform(), FUNCTIONS, DIFFERENCES)


def test_every_fault_and_twin_has_its_place() -> None:
    assert set(siblings.places(TERRAFORM)) == {row.id for row in sam_rows()}


@pytest.mark.parametrize("place", siblings.places(TERRAFORM).values(), ids=lambda place: place.id)
def test_the_anchor_is_on_its_line(place: Place) -> None:
    siblings.assert_anchored(TERRAFORM, place)


@pytest.mark.parametrize("fault", siblings.FAULTS)
def test_every_planted_fault_is_found(fault: str) -> None:
    siblings.assert_found(siblings.places(TERRAFORM)[fault], terraform())


@pytest.mark.parametrize("twin", siblings.TWINS)
def test_every_good_twin_stays_quiet(twin: str) -> None:
    siblings.assert_quiet(siblings.places(TERRAFORM)[twin], terraform())
