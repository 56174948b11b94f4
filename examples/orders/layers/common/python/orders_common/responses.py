"""Answers for API Gateway (REST and HTTP APIs take the same shape)."""

from __future__ import annotations

import json
import os
import traceback
from decimal import Decimal
from typing import Any

# on outside prod, so that the shop's developers need not come and ask us for logs
DEBUG_ERRORS = os.environ.get("DEBUG_ERRORS", "0") == "1"

HEADERS = {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, set):
        return sorted(value)
    raise TypeError(f"cannot serialise {type(value).__name__}")


def reply(status: int, body: Any, **headers: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {**HEADERS, **headers},
        "body": json.dumps(body, default=_plain),
    }


def problem(status: int, title: str, **headers: str) -> dict[str, Any]:
    """An error that the caller may see; inside an `except` block it also knows what went wrong."""
    body: dict[str, Any] = {"error": title}
    if DEBUG_ERRORS and status >= 500:
        body["trace"] = traceback.format_exc()
    return reply(status, body, **headers)
