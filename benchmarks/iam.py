"""Measure questions about policies beside parliament's analysis of one policy and z3 on the same questions.

    .venv/bin/python -m benchmarks.iam
    .venv/bin/python -m benchmarks.iam --peers .bench-iam/bin --every 20

Every AWS managed policy is asked five questions: whether it allows no more than itself, than AdministratorAccess, than a wider
one of itself; and whether the wider one, and it without its first statement, allow as much. Times are CPU time of this process.
"""

from __future__ import annotations

import argparse
import copy
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from stockade.iam.sets.questions import implies
from stockade.knowledge import iam as facts

Document = dict[str, Any]


class Question(NamedTuple):
    """One question about one policy."""

    kind: str
    name: str
    new: Document
    old: Document


def listed(document: Document) -> list[Document]:
    """The statements of a document."""
    found = document["Statement"]
    return found if isinstance(found, list) else [found]


def widened(document: Document) -> Document:
    """Without conditions on what is allowed, and with the last letter of each action anything."""
    made = copy.deepcopy(document)
    for statement in listed(made):
        if statement["Effect"] == "Allow":
            if "Action" in statement:
                names = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
                statement["Action"] = [name if "*" in name else name[:-1] + "*" for name in names]
            statement.pop("Condition", None)
    return made


def questions(names: list[str]) -> Iterator[Question]:
    """All that is asked of the policies of these names."""
    documents = {name: found.document for name in names if (found := facts.managed_policy(name)) is not None}
    most = facts.managed_policy("AdministratorAccess")
    if most is None:
        raise SystemExit("AdministratorAccess is not among the managed policies")
    for name, own in documents.items():
        wider = widened(own)
        less = {**own, "Statement": listed(own)[1:]}
        yield Question("A in A", name, own, own)
        yield Question("A in AdministratorAccess", name, own, most.document)
        yield Question("A in A widened", name, own, wider)
        yield Question("A widened in A", name, wider, own)
        yield Question("A in A less a statement", name, own, less)


def role(count: int) -> Document:
    """The policy of a function's role with as many statements: tables, queues and buckets of its own."""
    makes: list[Callable[[int], Document]] = [
        lambda n: {
            "Action": ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
            "Resource": [
                f"arn:aws:dynamodb:eu-west-1:111122223333:table/t{n}",
                f"arn:aws:dynamodb:*:*:table/t{n}/index/*",
            ],
        },
        lambda n: {"Action": "sqs:SendMessage", "Resource": f"arn:aws:sqs:eu-west-1:111122223333:q{n}"},
        lambda n: {
            "Action": "s3:*Object",
            "Resource": f"arn:aws:s3:::b{n}/${{aws:PrincipalTag/team}}/*",
            "Condition": {"Bool": {"aws:SecureTransport": "true"}},
        },
        lambda n: {
            "Action": "kms:Decrypt",
            "Resource": "*",
            "Condition": {"StringEquals": {"kms:ViaService": f"s3.eu-{n}.amazonaws.com"}},
        },
    ]
    return {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", **makes[n % len(makes)](n)} for n in range(count)],
    }


def measured(ask: Callable[[Document, Document], object], question: Question) -> tuple[float, object]:
    """CPU seconds of a question, and the answer."""
    started = time.process_time()
    found = ask(question.new, question.old)
    return time.process_time() - started, found


def row(name: str, seconds: list[float]) -> str:
    """A line of a table: the median, the 99th percentile and the most."""
    ordered = sorted(seconds)
    at = [ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)], ordered[-1]]
    return f"{name:<28}" + "".join(f"{each * 1000:>10.2f}" for each in at)


_PARLIAMENT = """
import json, sys, time
from parliament import analyze_policy_string
analyze_policy_string('{"Version": "2012-10-17", "Statement": []}')  # reads its data
seconds, failed = [], 0
for text in json.load(open(sys.argv[1])):
    started = time.process_time()
    try:
        analyze_policy_string(text)
    except Exception:
        failed += 1
    seconds.append(time.process_time() - started)
print(json.dumps([seconds, failed]))
"""


def parliament(folder: Path, documents: list[Document]) -> tuple[list[float], int]:
    """CPU seconds of parliament for each document, and how many it raised an exception of."""
    with tempfile.TemporaryDirectory() as work:
        given = Path(work) / "documents.json"
        given.write_text(json.dumps([json.dumps(each) for each in documents]), encoding="utf-8")
        command = [str(folder / "python"), "-W", "ignore", "-c", _PARLIAMENT, str(given)]
        told = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, failed = json.loads(told.stdout)
    return seconds, failed


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--every", type=int, default=1, help="ask of every nth managed policy only")
    parser.add_argument("--peers", type=Path, help="the bin folder of an environment with parliament")
    parser.add_argument("--z3-every", type=int, default=25, help="ask z3 of every nth of those; it takes long")
    given = parser.parse_args(arguments)
    names = list(facts.managed_policies())[:: given.every]
    print(f"Python {platform.python_version()}; milliseconds of CPU time: median, 99th percentile, most\n")
    seconds: dict[str, list[float]] = {}
    answers: Counter[str] = Counter()
    asked = list(questions(names))
    for question in asked:
        took, answer = measured(implies, question)
        seconds.setdefault(question.kind, []).append(took)
        answers[type(answer).__name__] += 1
    for kind, of in seconds.items():
        print(row(kind, of))
    every = [each for of in seconds.values() for each in of]
    print(row("all", every))
    print(", ".join(f"{count} {name.lower()}" for name, count in sorted(answers.items())), end="\n\n")
    own = role(20)
    for question in (Question("in itself", "", own, own), Question("widened", "", own, widened(own))):
        print(row(f"20 statements, {question.kind}", [measured(implies, question)[0] for _ in range(9)]))
    print()
    try:
        from tests.oracles.iam.smt import ask_z3
    except ImportError:
        print("z3 is not installed")
    else:
        few = [question for question in asked if "${" not in str(question)][:: given.z3_every]
        theirs = [measured(partial(ask_z3, milliseconds=5000), question) for question in few]
        ours = [measured(implies, question)[0] for question in few]
        print(row(f"z3, {len(few)} questions", [took for took, _ in theirs]))
        print(row("ours, the same", ours))
        ratio = statistics.median(took for took, _ in theirs) / statistics.median(ours)
        print(
            f"z3 left {sum(told is None for _, told in theirs)} of {len(few)} undecided; {ratio:.0f} of ours at the median\n"
        )
    if given.peers is not None:
        documents = [question.new for question in asked if question.kind == "A in A"]
        theirs_of, failed = parliament(given.peers, documents)
        print(row("parliament, a policy", theirs_of))
        ratio = statistics.median(theirs_of) / statistics.median(every)
        print(f"{ratio:.0f} of one of our questions at the median; it raised an exception of {failed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
