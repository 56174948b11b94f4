"""Search over the warehouse database for the back office.

    GET /search?q=lamp&status=shipped&from=2026-01-01&sort=total&order=desc&limit=50
    GET /search?...&format=csv

Behind an HTTP API with IAM authorization, so only the staff's console gets here.
"""

from __future__ import annotations

import csv
import io
import os
import time
import traceback
from datetime import date
from typing import Any

import pymysql
from orders_common import logs, responses

DB_HOST = os.environ["DB_HOST"]
DB_USER = os.environ["DB_USER"]
DB_PASSWORD = os.environ["DB_PASSWORD"]

# what the console may sort by → column
SORTABLE = {
    "created": "o.created_at",
    "total": "o.total_cents",
    "customer": "c.last_name",
    "status": "o.status",
}
COLUMNS = ("order_id", "created_at", "status", "total_cents", "first_name", "last_name", "email", "postcode")


class BadRequest(ValueError):
    pass


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    logs.bind(context)
    query = event.get("queryStringParameters") or {}
    started = time.monotonic()
    try:
        sql, parameters = build(query)
        rows = fetch(sql, parameters)
    except BadRequest as wrong:
        return responses.reply(400, {"error": str(wrong)})
    except Exception as failed:  # noqa: BLE001
        logs.error("search failed", kind=type(failed).__name__)
        # only staff see this, and they paste it into the ticket
        return responses.reply(500, {"error": str(failed), "detail": traceback.format_exc()})

    logs.info(
        "search",
        caller=caller_of(event),
        parameters=sorted(query),
        found=len(rows),
        milliseconds=round((time.monotonic() - started) * 1000),
    )
    if query.get("format") == "csv":
        return as_csv(rows)
    return responses.reply(200, {"orders": rows, "more": len(rows) == limit_of(query)})


# ------------------------------------------------------------------ query


def build(query: dict[str, str]) -> tuple[str, list[Any]]:
    conditions = ["1 = 1"]
    parameters: list[Any] = []

    if query.get("q"):
        conditions.append(free_text(query["q"]))
    if query.get("status"):
        conditions.append("o.status = %s")
        parameters.append(query["status"])
    for name, operator in (("from", ">="), ("to", "<")):
        if query.get(name):
            conditions.append(f"o.created_at {operator} %s")
            parameters.append(day(query[name], name))
    if query.get("minTotal"):
        conditions.append("o.total_cents >= %s")
        parameters.append(number(query["minTotal"], "minTotal"))

    sort = SORTABLE.get(query.get("sort", "created"))
    if sort is None:
        raise BadRequest(f"sort must be one of {', '.join(SORTABLE)}")
    direction = "ASC" if query.get("order") == "asc" else "DESC"
    return (
        "SELECT o.order_id, o.created_at, o.status, o.total_cents, c.first_name, c.last_name, c.email, c.postcode"
        " FROM orders o JOIN customers c ON c.customer_id = o.customer_id"
        f" WHERE {' AND '.join(conditions)} ORDER BY {sort} {direction} LIMIT {limit_of(query)}",
        parameters,
    )


def free_text(words: str) -> str:
    """Every word in any of the four columns (LIKE and %s don't go together: % is pymysql's too)."""
    terms = []
    for word in words.split()[:5]:
        like = f"'%%{word}%%'"
        terms.append(f"(o.order_id LIKE {like} OR c.last_name LIKE {like} OR c.email LIKE {like} OR o.note LIKE {like})")
    return " AND ".join(terms) or "1 = 1"


def limit_of(query: dict[str, str]) -> int:
    return min(max(number(query.get("limit", "50"), "limit"), 1), 500)


def number(text: str, name: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise BadRequest(f"{name} must be a number") from None


def day(text: str, name: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise BadRequest(f"{name} must be a date (2026-01-31)") from None


def fetch(sql: str, parameters: list[Any]) -> list[dict[str, Any]]:
    # a new connection each time: kept ones died after wait_timeout and the console showed errors
    connection = pymysql.connect(host=DB_HOST, user=DB_USER, password=DB_PASSWORD, database="warehouse")
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return [dict(zip(COLUMNS, map(plain, row), strict=True)) for row in cursor.fetchall()]
    finally:
        connection.close()


# ------------------------------------------------------------------ output


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def as_csv(rows: list[dict[str, Any]]) -> dict[str, Any]:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    for row in rows:
        # Excel runs cells that begin like a formula
        writer.writerow({k: f"'{v}" if str(v)[:1] in ("=", "+", "-", "@") else v for k, v in row.items()})
    answer = responses.reply(200, None)
    answer["headers"] |= {"Content-Type": "text/csv", "Content-Disposition": 'attachment; filename="orders.csv"'}
    answer["body"] = text.getvalue()
    return answer


def caller_of(event: dict[str, Any]) -> str:
    iam = event.get("requestContext", {}).get("authorizer", {}).get("iam", {})
    return iam.get("userArn", "unknown").rsplit("/", 1)[-1]
