"""The templates of ARNs, as AWS's reference has them, and what reads well in place of their holes."""

from __future__ import annotations

import re

from stockade.patterns import regex

HOLE = regex(r"\$\{([^}]*)\}")
PARTITION, REGION = "aws", "us-east-1"  # as AWS's documentation writes them


def dashed(name: str) -> str:
    """A name as such names are mostly written: `orders-table` for `OrdersTable`."""
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()).strip("-")
