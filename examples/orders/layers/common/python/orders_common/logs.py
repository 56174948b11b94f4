"""One JSON object a line, with the ids that tie a customer's click to everything it caused."""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

LEVELS = {"DEBUG": 10, "INFO": 20, "WARN": 30, "ERROR": 40}
MASKED = {"authorization", "cookie", "card", "cardtoken", "password", "secret", "signature", "token", "x-api-key"}

_context: dict[str, str] = {"stage": os.environ.get("STAGE", "local")}


def bind(context: Any, correlation_id: str | None = None) -> None:
    """Call this first in every handler: a warm environment still has the previous request's ids."""
    _context["request_id"] = getattr(context, "aws_request_id", "-")
    _context["function"] = getattr(context, "function_name", "-")
    _context["correlation_id"] = correlation_id or _context["request_id"]


def mask(value: Any) -> Any:
    """A copy of `value` in which nothing under a sensitive name is left."""
    if isinstance(value, dict):
        return {k: "***" if str(k).lower() in MASKED else mask(v) for k, v in value.items()}
    if isinstance(value, list):
        return [mask(v) for v in value]
    return value


def _emit(level: str, message: str, fields: dict[str, Any]) -> None:
    if LEVELS[level] < LEVELS.get(os.environ.get("LOG_LEVEL", "INFO"), 20):
        return
    line = {"level": level, "message": message, "time": round(time.time(), 3), **_context, **fields}
    sys.stdout.write(json.dumps(line, default=str) + "\n")


def debug(message: str, **fields: Any) -> None:
    _emit("DEBUG", message, fields)


def info(message: str, **fields: Any) -> None:
    _emit("INFO", message, fields)


def warn(message: str, **fields: Any) -> None:
    _emit("WARN", message, fields)


def error(message: str, **fields: Any) -> None:
    _emit("ERROR", message, fields)


def metric(name: str, value: float, unit: str = "Count", **dimensions: str) -> None:
    """Embedded metric format: CloudWatch reads the metric out of the log line, no call needed."""
    line = {
        "_aws": {
            "Timestamp": int(time.time() * 1000),
            "CloudWatchMetrics": [
                {
                    "Namespace": "Tidewater/Orders",
                    "Dimensions": [["stage", *sorted(dimensions)]],
                    "Metrics": [{"Name": name, "Unit": unit}],
                }
            ],
        },
        "stage": _context["stage"],
        **dimensions,
        name: value,
    }
    sys.stdout.write(json.dumps(line) + "\n")
