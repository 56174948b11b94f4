"""Hold what is proved of policies against brute force, on as many pairs as are wanted.

    python -m scripts.oracles.compare_policies --pairs 100000 --seed 1

Pair number n of a seed is the same on every machine; `--only n` asks it again and shows it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import time
from collections import Counter
from typing import Any

from tests.oracles.iam.pairs import Compared, Maker

CHUNK = 250


def compare(seed: int, number: int, requests: int) -> Compared:
    """Pair `number` of a seed."""
    maker = Maker(f"{seed}/{number}")
    return Compared(maker.pair(), f"{seed}/{number}", requests, maker.bounds())


def chunk(work: tuple[int, int, int, int]) -> tuple[Counter[str], list[tuple[int, str]], float]:
    """Counts, and the pairs in which something is wrong."""
    seed, first, end, requests = work
    counts: Counter[str] = Counter()
    wrong = []
    longest = 0.0
    for number in range(first, end):
        started = time.process_time()
        compared = compare(seed, number, requests)
        longest = max(longest, time.process_time() - started)
        kind = type(compared.answer).__name__
        counts[kind] += 1
        counts["with permissions boundaries"] += bool(compared.bounds)
        counts[f"{kind}, brute force came upon a counter-example"] += compared.found is not None
        counts[f"{kind}, with requests that the first policy allows"] += compared.allowed > 0
        counts["requests allowed"] += compared.allowed
        if compared.disagreement is not None:
            wrong.append((number, compared.disagreement))
    return counts, wrong, longest


def main(arguments: list[str] | None = None) -> int:
    """Compare, print a summary; 1 where something disagrees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--requests", type=int, default=60, help="how many requests are made of each pair")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, help="ask this pair alone")
    given: Any = parser.parse_args(arguments)
    if given.only is not None:
        compared = compare(given.seed, given.only, given.requests)
        for document in (*compared.documents, *compared.bounds):
            print(json.dumps(document))
        print(compared.answer, "-", compared.disagreement or "agrees")
        return 0 if compared.disagreement is None else 1
    started = time.monotonic()
    ranges = [
        (given.seed, first, min(first + CHUNK, given.pairs), given.requests) for first in range(0, given.pairs, CHUNK)
    ]
    counts: Counter[str] = Counter()
    wrong: list[tuple[int, str]] = []
    longest = 0.0
    with multiprocessing.Pool(given.jobs) as pool:
        for more, disagreements, time_taken in pool.imap(chunk, ranges):
            counts += more
            wrong += disagreements
            longest = max(longest, time_taken)
            for number, what in disagreements:
                print(f"pair {number}: {what}", file=sys.stderr)
    print(
        f"{given.pairs:,} pairs of seed {given.seed}, {given.requests} requests each, {time.monotonic() - started:.0f} s"
    )
    for name, count in sorted(counts.items()):
        print(f"{count:>12,}  {name}")
    print(f"{longest * 1000:>9.0f} ms  the longest pair, brute force included")
    print(f"{len(wrong):>12,}  disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
