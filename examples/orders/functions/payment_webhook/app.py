"""Fernpay tells us here what became of a payment (function URL, no API Gateway in front).

Fernpay signs each call: `X-Fernpay-Signature` is the hex HMAC-SHA256 of the request. They send an
event again until we answer 2xx, and not always in order, so every update below is conditional.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from orders_common import logs, responses

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
EVENTS_TOPIC_ARN = os.environ["EVENTS_TOPIC_ARN"]

_config = Config(connect_timeout=2, read_timeout=3, retries={"max_attempts": 3, "mode": "standard"})
table = boto3.resource("dynamodb", config=_config).Table(ORDERS_TABLE)
sns = boto3.client("sns", config=_config)

try:
    SIGNING_SECRET = boto3.client("secretsmanager").get_secret_value(SecretId=os.environ["FERNPAY_SECRET_ARN"])["SecretString"]
except Exception:  # noqa: BLE001 (no AWS when the tests run)
    SIGNING_SECRET = "fws_3Vd8nQ5tXr1KpZ6uHy0Lb7Wc"

# event → (new status, statuses that it may follow)
TRANSITIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "payment.succeeded": ("paid", ("new", "payment_failed")),
    "payment.failed": ("payment_failed", ("new",)),
    "payment.disputed": ("disputed", ("paid", "shipped", "delivered")),
    "refund.succeeded": ("refunded", ("paid", "cancelled", "disputed")),
}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    logs.bind(context)
    method = event["requestContext"]["http"]["method"]
    if method != "POST":
        return responses.reply(405, {"error": "POST only"}, Allow="POST")

    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    try:
        payload = json.loads(body)
    except ValueError:
        return responses.reply(400, {"error": "body is not JSON"})

    if not signed_by_fernpay(payload, event.get("headers") or {}):
        return responses.reply(401, {"error": "bad signature"})

    kind = payload.get("type")
    if kind not in TRANSITIONS:
        # new kinds appear without notice; accepting them keeps Fernpay from disabling the hook
        logs.info("ignored", kind=str(kind)[:60])
        return responses.reply(202, {"ignored": True})
    try:
        changed = apply(payload)
    except (KeyError, TypeError):
        logs.warn("payload without the fields we need", kind=kind)
        return responses.reply(422, {"error": "incomplete event"})
    if changed:
        announce(payload)
    return responses.reply(200, {"changed": changed})


def signed_by_fernpay(payload: dict[str, Any], headers: dict[str, str]) -> bool:
    given = headers.get("x-fernpay-signature", "")
    # their docs: keys sorted, no blanks
    canonical = json.dumps(payload, sort_keys=True, separators=(",", ":"))
    expected = hmac.new(SIGNING_SECRET.encode(), canonical.encode(), hashlib.sha256).hexdigest()
    if given == expected:
        return True
    logs.warn("signature mismatch", given_value=given, wanted=expected)
    return False


def apply(payload: dict[str, Any]) -> bool:
    """Move the order on; False when we have seen this event or the order is elsewhere by now."""
    data = payload["data"]
    status, allowed = TRANSITIONS[payload["type"]]
    values: dict[str, Any] = {
        ":to": status,
        ":now": datetime.now(UTC).isoformat(timespec="seconds"),
        ":event": payload["id"],
        ":seen": {payload["id"]},
        ":payment": data["paymentId"],
    }
    names = {"#s": "status"}
    placeholders = []
    for i, name in enumerate(allowed):
        values[f":from{i}"] = name
        placeholders.append(f":from{i}")
    try:
        table.update_item(
            Key={"orderId": data["orderId"]},
            UpdateExpression="SET #s = :to, paymentId = :payment, statusAt = :now ADD paymentEvents :seen",
            ConditionExpression=(
                "attribute_exists(orderId) AND NOT contains(paymentEvents, :event)"
                f" AND #s IN ({', '.join(placeholders)})"
            ),
            ExpressionAttributeNames=names,
            ExpressionAttributeValues=values,
        )
    except ClientError as failed:
        if failed.response["Error"]["Code"] == "ConditionalCheckFailedException":
            logs.info("nothing to change", order=data["orderId"], event=payload["id"])
            return False
        raise
    logs.info("order moved", order=data["orderId"], status=status, event=payload["id"])
    logs.metric("PaymentEvent", 1, kind=payload["type"])
    return True


def announce(payload: dict[str, Any]) -> None:
    data = payload["data"]
    status = TRANSITIONS[payload["type"]][0]
    sns.publish(
        TopicArn=EVENTS_TOPIC_ARN,
        Message=json.dumps(
            {
                "template": f"order-{status}",
                "orderId": data["orderId"],
                "customerId": data.get("customerId"),
                "email": data.get("receiptEmail"),
                "amount": data.get("amount"),
            }
        ),
        MessageAttributes={"status": {"DataType": "String", "StringValue": status}},
    )
