"""Charges new orders at Fernpay (queue: PaymentQueue, one message an order).

A declined card is an answer, not an error: the order is marked and the message is done. When the
bank says "try later" we put the message back on the queue through a one-time schedule, because
SQS can delay a message by 15 minutes at most.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import urllib3
from botocore.exceptions import ClientError
from orders_common import logs

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
FERNPAY_URL = os.environ["FERNPAY_URL"]
FERNPAY_API_KEY = os.environ["FERNPAY_API_KEY"]
EVENTS_TOPIC_ARN = os.environ["EVENTS_TOPIC_ARN"]
PAYMENT_QUEUE_ARN = os.environ["PAYMENT_QUEUE_ARN"]
RETRY_GROUP = os.environ["RETRY_GROUP"]
RETRY_ROLE_ARN = os.environ["RETRY_ROLE_ARN"]

RETRY_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24))
RETRYABLE = {"insufficient_funds", "issuer_unavailable", "processing_error"}


class FernpayDown(Exception):
    """Not the card's fault; the queue delivers the message again."""


def handler(event: dict[str, Any], context: Any) -> None:
    logs.bind(context)
    for record in event["Records"]:
        message = json.loads(record["body"])
        pay(message)
    logs.info("batch done", size=len(event["Records"]))


def pay(message: dict[str, Any]) -> None:
    dynamodb = boto3.client("dynamodb")
    order_id = message["orderId"]
    found = dynamodb.get_item(TableName=ORDERS_TABLE, Key={"orderId": {"S": order_id}}, ConsistentRead=True)
    order = found.get("Item")
    if not order or order["status"]["S"] not in ("new", "payment_failed"):
        logs.info("nothing to pay", order=order_id)
        return

    outcome = charge(order_id, message)
    if outcome["status"] == "succeeded":
        record_outcome(dynamodb, order_id, "paid", outcome["id"])
        tell_customer(order_id, "order-paid", message)
    elif outcome.get("decline_code") in RETRYABLE and message.get("attempt", 1) <= len(RETRY_AFTER):
        schedule_retry(message)
        return
    else:
        record_outcome(dynamodb, order_id, "payment_failed", outcome["id"])
        tell_customer(order_id, "payment-failed", message)

    if message.get("callbackUrl"):
        tell_partner(message["callbackUrl"], order_id, outcome["status"])


def charge(order_id: str, message: dict[str, Any]) -> dict[str, Any]:
    http = urllib3.PoolManager()
    headers = {
        "Authorization": f"Bearer {FERNPAY_API_KEY}",
        "Content-Type": "application/json",
        # Fernpay keeps keys for 48 hours: a message delivered twice charges once
        "Idempotency-Key": f"{order_id}-{message.get('attempt', 1)}",
    }
    body = {
        "amount": message["amount"],
        "currency": "EUR",
        "source": message["cardToken"],
        "metadata": {"orderId": order_id},
    }
    logs.info("charging", order=order_id, url=f"{FERNPAY_URL}/charges", request_headers=json.dumps(headers))
    answer = http.request("POST", f"{FERNPAY_URL}/charges", body=json.dumps(body).encode(), headers=headers)
    if answer.status == 402:
        return json.loads(answer.data)
    if answer.status >= 400:
        logs.error("fernpay refused", order=order_id, status=answer.status)
        raise FernpayDown(f"status {answer.status}")
    return json.loads(answer.data)


def record_outcome(dynamodb: Any, order_id: str, status: str, payment_id: str) -> None:
    try:
        dynamodb.update_item(
            TableName=ORDERS_TABLE,
            Key={"orderId": {"S": order_id}},
            UpdateExpression="SET #s = :status, paymentId = :payment, statusAt = :now REMOVE cardToken",
            ConditionExpression="#s IN (:new, :failed)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={
                ":status": {"S": status},
                ":payment": {"S": payment_id},
                ":now": {"S": datetime.now(UTC).isoformat(timespec="seconds")},
                ":new": {"S": "new"},
                ":failed": {"S": "payment_failed"},
            },
        )
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        # the webhook was faster
        logs.info("already recorded", order=order_id, status=status)


def schedule_retry(message: dict[str, Any]) -> None:
    attempt = message.get("attempt", 1)
    at = datetime.now(UTC) + RETRY_AFTER[attempt - 1]
    boto3.client("scheduler").create_schedule(
        Name=f"pay-{message['orderId']}-{attempt + 1}",
        GroupName=RETRY_GROUP,
        ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        ActionAfterCompletion="DELETE",
        Target={
            "Arn": PAYMENT_QUEUE_ARN,
            "RoleArn": RETRY_ROLE_ARN,
            "Input": json.dumps({**message, "attempt": attempt + 1}),
        },
    )
    logs.info("payment retry planned", order=message["orderId"], attempt=attempt + 1, at=at.isoformat())


def tell_customer(order_id: str, template: str, message: dict[str, Any]) -> None:
    boto3.client("sns").publish(
        TopicArn=EVENTS_TOPIC_ARN,
        Message=json.dumps({"template": template, "orderId": order_id, "amount": message["amount"]}),
    )


def tell_partner(url: str, order_id: str, status: str) -> None:
    """Partner shops gave us this address with the order. Best effort: they can also poll."""
    http = urllib3.PoolManager()
    try:
        answer = http.request(
            "POST",
            url,
            body=json.dumps({"orderId": order_id, "payment": status}).encode(),
            headers={"Content-Type": "application/json"},
            retries=False,
        )
        logs.info("partner told", order=order_id, url=url, status=answer.status, answer=answer.data[:500].decode("utf-8", "replace"))
    except urllib3.exceptions.HTTPError as failed:
        logs.warn("partner not reachable", order=order_id, reason=str(failed)[:200])
