"""Stockade hardens AWS Lambda functions: it reads what declares them, says what is open, and closes it."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
