import hashlib
import hmac
import json

import pytest

FERNPAY = "https://fernpay.test/v1/charges"
NEW = {"Item": {"status": {"S": "new"}}}


# ------------------------------------------------------------------ webhook


@pytest.fixture
def webhook(world):
    world.aws.reply("secretsmanager", "get_secret_value", {"SecretString": "signing-secret"})
    return world.load("payment_webhook")


def signed(request):
    text = json.dumps(json.loads(request["body"]), sort_keys=True, separators=(",", ":"))
    request["headers"]["x-fernpay-signature"] = hmac.new(b"signing-secret", text.encode(), hashlib.sha256).hexdigest()
    return request


def test_payment_moves_the_order_and_tells_the_customer(webhook, world, event, context):
    answer = webhook.handler(signed(event("payment-webhook")), context)
    assert (answer["statusCode"], json.loads(answer["body"])) == (200, {"changed": True})
    (update,) = world.aws.calls("table", "update_item")
    assert update["ExpressionAttributeValues"][":to"] == "paid"
    (published,) = world.aws.calls("sns", "publish")
    assert json.loads(published["Message"])["template"] == "order-paid"


def test_wrong_signature(webhook, world, event, context):
    assert webhook.handler(event("payment-webhook"), context)["statusCode"] == 401
    assert not world.aws.calls("table", "update_item")


def test_an_event_seen_before_is_quiet(webhook, world, event, context, error):
    world.aws.reply("table", "update_item", error("ConditionalCheckFailedException"))
    answer = webhook.handler(signed(event("payment-webhook")), context)
    assert json.loads(answer["body"]) == {"changed": False}
    assert not world.aws.calls("sns", "publish")


def test_unknown_kinds_are_accepted(webhook, event, context):
    request = event("payment-webhook")
    request["body"] = json.dumps({"id": "evt_2", "type": "payout.created"})
    assert webhook.handler(signed(request), context)["statusCode"] == 202


# ------------------------------------------------------------------ worker


@pytest.fixture
def worker(world):
    world.aws.reply("dynamodb", "get_item", NEW)
    return world.load("payment_worker")


def charge(code, **answer):
    return (code, json.dumps({"id": "pay_1", **answer}).encode())


def test_charge_records_and_tells_everyone(worker, world, event, context):
    world.http.answers = {
        FERNPAY: charge(200, status="succeeded"),
        "https://partner.example/hooks/orders": (204, b""),
    }
    worker.handler(event("payment-queue"), context)
    (update,) = world.aws.calls("dynamodb", "update_item")
    assert update["ExpressionAttributeValues"][":status"] == {"S": "paid"}
    assert len(world.aws.calls("sns", "publish")) == 1
    assert [url for _, url, _ in world.http.requests] == [FERNPAY, "https://partner.example/hooks/orders"]
    assert world.http.requests[0][2]["headers"]["Idempotency-Key"].endswith("-1")


def test_try_later_becomes_a_schedule(worker, world, event, context):
    world.http.answers = {FERNPAY: charge(402, status="failed", decline_code="insufficient_funds")}
    worker.handler(event("payment-queue"), context)
    (schedule,) = world.aws.calls("scheduler", "create_schedule")
    assert json.loads(schedule["Target"]["Input"])["attempt"] == 2
    assert not world.aws.calls("dynamodb", "update_item")


def test_declined_is_final(worker, world, event, context):
    world.http.answers = {FERNPAY: charge(402, status="failed", decline_code="stolen_card")}
    worker.handler(event("payment-queue"), context)
    (update,) = world.aws.calls("dynamodb", "update_item")
    assert update["ExpressionAttributeValues"][":status"] == {"S": "payment_failed"}


def test_fernpay_down_keeps_the_message(worker, world, event, context):
    world.http.answers = {FERNPAY: (503, b"")}
    with pytest.raises(worker.FernpayDown):
        worker.handler(event("payment-queue"), context)


def test_paid_orders_are_not_charged_again(worker, world, event, context):
    world.aws.reply("dynamodb", "get_item", {"Item": {"status": {"S": "shipped"}}})
    worker.handler(event("payment-queue"), context)
    assert not world.http.requests
