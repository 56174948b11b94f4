"""Measure what it costs to ask the packs for a few services, beside all of them.

    .venv/bin/python -m benchmarks.knowledge

A scan asks for the services that its policies and its code name. The ratio says what it saves that a pack is read in parts.
"""

from __future__ import annotations

import statistics
import time
from typing import Any

from stockade.knowledge.iam._pack import Header, Pack

_FEW = ("s3", "dynamodb", "sqs", "logs", "lambda")
_ROUNDS = 9


def main() -> None:
    """Run the benchmark."""
    print(f"{'':<16}{'5 services':>12}{'all':>12}{'ratio':>8}   (ms of processor time, medians of {_ROUNDS})")
    for name in ("iam.pack", "operations.pack"):
        few, everything = _median(name, every=False), _median(name, every=True)
        print(f"{name:<16}{few:>12.2f}{everything:>12.2f}{everything / few:>7.1f}x")


def _median(name: str, *, every: bool) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.process_time()
        pack: Pack[Header, dict[str, Any]] = Pack(name, Header, dict[str, Any])
        if every:
            pack.parts()
        else:
            for service in _FEW:
                pack.part(service)
        times.append(1000 * (time.process_time() - began))
    return statistics.median(times)


if __name__ == "__main__":
    main()
