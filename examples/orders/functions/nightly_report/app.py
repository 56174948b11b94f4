"""Every night: do our orders and the warehouse's books agree?

Compares the paid orders of a day (DynamoDB) with what the warehouse recorded (MySQL, over the
peering) and leaves a CSV in the reports bucket. Runs on a schedule; the back office can ask for a
day again (`ReportRequested` on the orders bus), finance can invoke it with {"day": "..."}.
"""

from __future__ import annotations

import csv
import io
import json
import os
import ssl
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pymysql
from boto3.dynamodb.conditions import Key
from botocore.config import Config
from orders_common import logs

ORDERS_TABLE = os.environ["ORDERS_TABLE"]
REPORTS_BUCKET = os.environ["REPORTS_BUCKET"]
WAREHOUSE_SECRET_ARN = os.environ["WAREHOUSE_SECRET_ARN"]
EXTENSION_PORT = int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773"))

_config = Config(connect_timeout=3, read_timeout=20, retries={"max_attempts": 5, "mode": "adaptive"})
table = boto3.resource("dynamodb", config=_config).Table(ORDERS_TABLE)
s3 = boto3.client("s3", config=_config)
secrets = boto3.client("secretsmanager", config=_config)

COUNTED = {"paid", "shipped", "delivered"}
ACCESS_DENIED = 1045


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    logs.bind(context, event.get("id"))
    day = day_of(event)
    logs.info("report", day=day.isoformat(), source=str(event.get("source", "direct"))[:60])

    ours = {order["orderId"]: int(order["total"]) for order in orders_of(day) if order["status"] in COUNTED}
    theirs = booked(day)
    lines = list(compare(ours, theirs))
    key = store(day, lines)

    wrong = sum(1 for line in lines if line["verdict"] != "ok")
    logs.metric("ReconciliationDifferences", wrong)
    logs.info("report stored", key=key, orders=len(ours), booked=len(theirs), differences=wrong)
    return {"day": day.isoformat(), "key": key, "differences": wrong}


def day_of(event: dict[str, Any]) -> date:
    """Yesterday, or the day that was asked for; never the future, at most two years back."""
    asked = event.get("detail", {}).get("day") or event.get("day")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    if not asked:
        return yesterday
    day = date.fromisoformat(str(asked))
    if not yesterday - timedelta(days=730) <= day <= yesterday:
        raise ValueError("day out of range")
    return day


# ------------------------------------------------------------------ our side


def orders_of(day: date) -> Iterator[dict[str, Any]]:
    request: dict[str, Any] = {
        "IndexName": "byDay",
        "KeyConditionExpression": Key("day").eq(day.isoformat()),
        "ProjectionExpression": "orderId, #s, #t",
        "ExpressionAttributeNames": {"#s": "status", "#t": "total"},
    }
    while True:
        found = table.query(**request)
        yield from found.get("Items", [])
        if "LastEvaluatedKey" not in found:
            return
        request["ExclusiveStartKey"] = found["LastEvaluatedKey"]


# ------------------------------------------------------------------ their side


def booked(day: date) -> dict[str, int]:
    try:
        return read_bookings(login(), day)
    except pymysql.err.OperationalError as failed:
        if failed.args[0] != ACCESS_DENIED:
            raise
        # rotated since the extension cached it
        logs.info("login refused, reading the secret again")
        return read_bookings(login(fresh=True), day)


def login(*, fresh: bool = False) -> dict[str, str]:
    """From the Parameters and Secrets extension: it caches for SECRETS_MANAGER_TTL seconds."""
    if fresh:
        return json.loads(secrets.get_secret_value(SecretId=WAREHOUSE_SECRET_ARN)["SecretString"])
    query = urllib.parse.urlencode({"secretId": WAREHOUSE_SECRET_ARN})
    request = urllib.request.Request(
        f"http://localhost:{EXTENSION_PORT}/secretsmanager/get?{query}",
        headers={"X-Aws-Parameters-Secrets-Token": os.environ["AWS_SESSION_TOKEN"]},
    )
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.loads(json.load(answer)["SecretString"])


def read_bookings(secret: dict[str, str], day: date) -> dict[str, int]:
    connection = pymysql.connect(
        host=secret["host"],
        user=secret["username"],
        password=secret["password"],
        database="warehouse",
        connect_timeout=5,
        read_timeout=60,
        ssl=ssl.create_default_context(),
        cursorclass=pymysql.cursors.SSCursor,
    )
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT order_id, SUM(amount_cents) FROM bookings"
                " WHERE booked_on = %s AND kind IN ('sale', 'correction') GROUP BY order_id",
                (day.isoformat(),),
            )
            return {str(order_id): int(Decimal(amount)) for order_id, amount in cursor}
    finally:
        connection.close()


# ------------------------------------------------------------------ report


def compare(ours: dict[str, int], theirs: dict[str, int]) -> Iterator[dict[str, Any]]:
    for order_id in sorted(ours.keys() | theirs.keys()):
        mine, their = ours.get(order_id), theirs.get(order_id)
        if mine == their:
            verdict = "ok"
        elif mine is None:
            verdict = "only in the warehouse"
        elif their is None:
            verdict = "not booked"
        else:
            verdict = "amounts differ"
        yield {"order": order_id, "ours": mine, "theirs": their, "verdict": verdict}


def store(day: date, lines: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, ("order", "ours", "theirs", "verdict"))
    writer.writeheader()
    writer.writerows(lines)
    key = f"reconciliation/{day:%Y/%m}/{day.isoformat()}.csv"
    s3.put_object(
        Bucket=REPORTS_BUCKET,
        Key=key,
        Body=text.getvalue().encode(),
        ContentType="text/csv",
        ServerSideEncryption="aws:kms",
    )
    return key
