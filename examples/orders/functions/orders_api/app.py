"""The shop's API: create, list, read, cancel and track orders.

Behind API Gateway (REST, proxy integration). The authorizer puts the customer's id into the
request context; only `GET /orders/{orderId}/tracking` works without it.
"""

from __future__ import annotations

import base64
import json
import os
import time
import uuid
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import boto3
from boto3.dynamodb.conditions import Key
from botocore.config import Config
from botocore.exceptions import ClientError
from orders_common import checks, logs, responses

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
PAYMENT_QUEUE_URL = os.environ["PAYMENT_QUEUE_URL"]
SHOP_ORIGIN = os.environ.get("SHOP_ORIGIN", "https://shop.tidewater.example")
PAGE_TOKEN_TTL = int(os.environ.get("PAGE_TOKEN_TTL_SECONDS", "900"))

_config = Config(connect_timeout=2, read_timeout=3, retries={"max_attempts": 3, "mode": "standard"})
table = boto3.resource("dynamodb", config=_config).Table(ORDERS_TABLE)
dynamodb = boto3.client("dynamodb", config=_config)
sqs = boto3.client("sqs", config=_config)

CANCELLABLE = ("new", "paid")
ORDER_NAMESPACE = uuid.UUID("7c0f6d2e-3f0b-4c7e-9d6a-51f5a3f0c1de")

LINE = {
    "sku": (str, {"max": 40, "pattern": r"[A-Z0-9][A-Z0-9-]{2,39}"}),
    "quantity": (int, {"min": 1, "max": 100}),
    "unitPrice": (int, {"min": 0, "max": 10_000_00}),
}
ADDRESS = {
    "name": (str, {"max": 120}),
    "street": (str, {"max": 200}),
    "city": (str, {"max": 100}),
    "postcode": (str, {"max": 12, "pattern": r"[A-Za-z0-9 -]{3,12}"}),
    "country": (str, {"max": 2, "pattern": r"[A-Z]{2}"}),
}
ORDER = {
    "lines": (list, {"max": 50, "items": LINE}),
    "address": (dict, {"fields": ADDRESS}),
    "cardToken": (str, {"max": 80, "pattern": r"card_[A-Za-z0-9]{16,64}"}),
    "email": (str, {"max": 254, "pattern": r"[^@\s]+@[^@\s]+\.[^@\s]+"}),
    # partner shops: where to tell them the outcome, which warehouse takes it, how their mails look
    "callbackUrl": (str, {"max": 500, "optional": True}),
    "routing": (list, {"max": 5, "optional": True}),
    "preferences": (str, {"max": 4000, "optional": True}),
}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    headers = {k.lower(): v for k, v in (event.get("headers") or {}).items()}
    logs.bind(context, headers.get("x-correlation-id"))
    method, resource = event["httpMethod"], event["resource"]
    logs.info("request", method=method, resource=resource, agent=headers.get("user-agent", "")[:120])
    route = ROUTES.get((method, resource))
    if route is None:
        return answer(404, {"error": "no such route"})
    try:
        return route(event, headers)
    except checks.Invalid as wrong:
        return answer(400, {"error": str(wrong)})
    except ClientError as failed:
        code = failed.response["Error"]["Code"]
        if code in ("ProvisionedThroughputExceededException", "ThrottlingException"):
            return responses.problem(503, "busy, please try again", **cors(), **{"Retry-After": "2"})
        logs.error("aws call failed", code=code, operation=failed.operation_name)
        return responses.problem(500, "internal error", **cors())
    except Exception as failed:  # noqa: BLE001 (API Gateway would answer 502 without CORS headers)
        logs.error("unexpected", kind=type(failed).__name__, reason=str(failed)[:300])
        return responses.problem(500, "internal error", **cors())


# ------------------------------------------------------------------ routes


def create_order(event: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    customer = customer_of(event)
    order = checks.validate(body_of(event), ORDER)
    if not order["lines"]:
        raise checks.Invalid("lines must not be empty")
    # same key, same customer: same order, however often the phone retries
    attempt = headers.get("idempotency-key") or str(uuid.uuid4())
    order_id = str(uuid.uuid5(ORDER_NAMESPACE, f"{customer}:{attempt}"))
    now = datetime.now(UTC)
    item = {
        **order,
        "orderId": order_id,
        "customerId": customer,
        "status": "new",
        "total": sum(line["quantity"] * line["unitPrice"] for line in order["lines"]),
        "createdAt": now.isoformat(timespec="milliseconds"),
        "day": now.date().isoformat(),
    }
    try:
        table.put_item(Item=item, ConditionExpression="attribute_not_exists(orderId)")
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        logs.info("order exists already", order=order_id)
        return answer(200, {"orderId": order_id, "repeated": True})
    sqs.send_message(
        QueueUrl=PAYMENT_QUEUE_URL,
        MessageBody=json.dumps(
            {
                "orderId": order_id,
                "amount": item["total"],
                "cardToken": order["cardToken"],
                "callbackUrl": order.get("callbackUrl"),
                "attempt": 1,
            }
        ),
    )
    logs.metric("OrderCreated", 1)
    return answer(201, {"orderId": order_id, "total": item["total"], "status": "new"})


def list_orders(event: dict[str, Any], _headers: dict[str, str]) -> dict[str, Any]:
    customer = customer_of(event)
    query = event.get("queryStringParameters") or {}
    if query.get("status"):
        return list_by_status(customer, query["status"])
    try:
        limit = min(max(int(query.get("limit", "20")), 1), 100)
    except ValueError:
        raise checks.Invalid("limit must be a number") from None
    request: dict[str, Any] = {
        "IndexName": "byCustomer",
        "KeyConditionExpression": Key("customerId").eq(customer),
        "ScanIndexForward": False,
        "Limit": limit,
    }
    if query.get("page"):
        request["ExclusiveStartKey"] = read_page_token(query["page"], customer)
    found = table.query(**request)
    body = {"orders": [summary(item) for item in found.get("Items", [])]}
    if "LastEvaluatedKey" in found:
        body["page"] = page_token(found["LastEvaluatedKey"])
    return answer(200, body)


def list_by_status(customer: str, status: str) -> dict[str, Any]:
    # PartiQL because a filter on `status` with the resource API read the whole partition
    statement = (
        f'SELECT * FROM "{ORDERS_TABLE}"."byCustomer"'
        f" WHERE customerId = '{customer}' AND \"status\" = '{status}'"
    )
    items: list[dict[str, Any]] = []
    token: str | None = None
    for _ in range(5):
        found = dynamodb.execute_statement(Statement=statement, **({"NextToken": token} if token else {}))
        items += [{name: next(iter(value.values())) for name, value in row.items()} for row in found["Items"]]
        token = found.get("NextToken")
        if not token or len(items) >= 100:
            break
    return answer(200, {"orders": [summary(item) for item in items[:100]]})


def get_order(event: dict[str, Any], _headers: dict[str, str]) -> dict[str, Any]:
    customer, order_id = customer_of(event), order_id_of(event)
    item = table.get_item(Key={"orderId": order_id}).get("Item")
    # 404 for other people's orders too: nobody learns which ids exist
    if not item or item["customerId"] != customer:
        return answer(404, {"error": "no such order"})
    return answer(200, {name: item[name] for name in ("orderId", "status", "total", "lines", "address", "createdAt")})


def cancel_order(event: dict[str, Any], _headers: dict[str, str]) -> dict[str, Any]:
    customer, order_id = customer_of(event), order_id_of(event)
    try:
        table.update_item(
            Key={"orderId": order_id},
            UpdateExpression="SET #s = :cancelled, cancelledAt = :now",
            ConditionExpression="customerId = :me AND #s IN (:a, :b)",
            ExpressionAttributeNames={"#s": "status"},
            ExpressionAttributeValues={
                ":cancelled": "cancelled",
                ":now": datetime.now(UTC).isoformat(timespec="seconds"),
                ":me": customer,
                ":a": CANCELLABLE[0],
                ":b": CANCELLABLE[1],
            },
        )
    except ClientError as failed:
        if failed.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return answer(409, {"error": "this order cannot be cancelled"})
        raise
    return answer(200, {"orderId": order_id, "status": "cancelled"})


def track_order(event: dict[str, Any], _headers: dict[str, str]) -> dict[str, Any]:
    item = table.get_item(Key={"orderId": order_id_of(event)}).get("Item")
    if not item:
        return answer(404, {"error": "no such order"})
    return answer(200, {name: item.get(name) for name in ("orderId", "status", "shipment", "address", "email", "lines")})


ROUTES = {
    ("POST", "/orders"): create_order,
    ("GET", "/orders"): list_orders,
    ("GET", "/orders/{orderId}"): get_order,
    ("DELETE", "/orders/{orderId}"): cancel_order,
    ("GET", "/orders/{orderId}/tracking"): track_order,
}


# ------------------------------------------------------------------ helpers


def customer_of(event: dict[str, Any]) -> str:
    return event["requestContext"]["authorizer"]["customerId"]


def order_id_of(event: dict[str, Any]) -> str:
    try:
        return str(uuid.UUID(event["pathParameters"]["orderId"]))
    except ValueError:
        raise checks.Invalid("orderId has the wrong form") from None


def body_of(event: dict[str, Any]) -> Any:
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = base64.b64decode(text).decode("utf-8", "replace")
    if len(text) > 64_000:
        raise checks.Invalid("body is too large")
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        raise checks.Invalid("body is not JSON") from None


def page_token(key: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps({"k": key, "t": int(time.time())}).encode()).decode()


def read_page_token(token: str, customer: str) -> dict[str, Any]:
    try:
        page = json.loads(base64.urlsafe_b64decode(token))
        key, made = page["k"], int(page["t"])
        start = {name: str(key[name]) for name in ("orderId", "customerId", "createdAt")}
    except (ValueError, KeyError, TypeError):
        raise checks.Invalid("page has the wrong form") from None
    if time.time() - made > PAGE_TOKEN_TTL or start["customerId"] != customer:
        raise checks.Invalid("page has expired")
    return start


def summary(item: dict[str, Any]) -> dict[str, Any]:
    total = item.get("total", 0)
    return {
        "orderId": item["orderId"],
        "status": item["status"],
        "total": int(Decimal(total)),
        "createdAt": item["createdAt"],
    }


def cors() -> dict[str, str]:
    return {"Access-Control-Allow-Origin": SHOP_ORIGIN, "Access-Control-Allow-Credentials": "true"}


def answer(status: int, body: Any) -> dict[str, Any]:
    return responses.reply(status, body, **cors())
