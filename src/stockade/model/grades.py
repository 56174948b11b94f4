"""The words in which findings are graded and told, alone, so that the command line knows them before it knows the model."""

from __future__ import annotations

from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["critical", "high", "medium", "low", "info"]
Confidence: TypeAlias = Literal["high", "medium", "low"]
Persona: TypeAlias = Literal["regular", "pedantic", "auditor"]
Order: TypeAlias = Literal["severity", "file", "function", "rule"]

SEVERITIES: tuple[Severity, ...] = ("critical", "high", "medium", "low", "info")  # the worst first
PERSONAS: tuple[Persona, ...] = ("regular", "pedantic", "auditor")  # who hears of least first
ORDERS: tuple[Order, ...] = (
    "severity",
    "file",
    "function",
    "rule",
)  # in which findings can be told, and by which grouped
