"""Write `docs/iam-peers.md`: what Stockade, parliament and cloudsplaining report of the same policies, and how long each takes.

python3 -m venv .bench-iam
.bench-iam/bin/python -m pip install --require-hashes -r requirements/bench-iam.txt
.venv/bin/python scripts/iam_peers.py --peers .bench-iam/bin
"""

from __future__ import annotations

import argparse
import datetime
import json
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct

from stockade import api
from stockade.engine.policies import check_document
from stockade.iam.sets.questions import Answer, Proved, Refuted, implies
from stockade.knowledge import iam as facts
from stockade.model.policy import Fault
from stockade.model.value import File
from stockade.text.document import Document as Text

Document = dict[str, Any]
PAGE = Path(__file__).parents[1] / "docs" / "iam-peers.md"
# Which of our rules look at what an inline policy says.
RULES = [f"SK{code}" for code in (*range(201, 211), *range(216, 221))]


class Reports(Struct):
    """What one tool said.

    Attributes:
        seconds: CPU time for each policy.
        findings: how many policies have a finding of this name.
        again: findings that say of a place what another one has said of it.
        failed: policies that the tool gave up.
    """

    seconds: list[float]
    findings: dict[str, int]
    again: int = 0
    failed: int = 0


def statement(action: Any, resource: Any = "*", **more: Any) -> Document:  # noqa: ANN401 - JSON
    """An Allow."""
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


DENY: Document = {**statement("*"), "Effect": "Deny"}
SECURE: Document = {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}
# Policies with an answer that is known: bad ones, and bad-looking ones that allow nothing bad.
OWN: dict[str, tuple[str, list[Document]]] = {
    "everything": ("bad", [statement("*")]),
    "everything, over TLS": ("bad", [statement("*", **SECURE)]),
    "everything, piece by piece": ("bad", [statement([f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"])]),
    "everything, denied again": ("fine", [statement("*"), DENY]),
    "passes any role": ("bad", [statement(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])]),
    "passes any role, over TLS": (
        "bad",
        [statement(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"], **SECURE)],
    ),
    "all but IAM": ("bad", [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}]),
    "reads one table": (
        "fine",
        [statement("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders")],
    ),
}


def document(statements: list[Document]) -> Document:
    """A policy."""
    return {"Version": "2012-10-17", "Statement": statements}


Said = list[tuple[str, str]]  # names, each with the place that it is said of


def rules_say(folder: Path, policy: Document) -> Said:
    """The codes of our rules that have findings of a function whose role has this policy."""
    role = {
        "AssumeRolePolicyDocument": document(
            [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}]
        ),
        "Policies": [{"PolicyName": "own", "PolicyDocument": policy}],
    }
    function = {
        "Runtime": "python3.13",
        "Handler": "app.handler",
        "CodeUri": "src/",
        "Role": {"Fn::GetAtt": ["Role", "Arn"]},
    }
    template = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": role},
            "Function": {"Type": "AWS::Serverless::Function", "Properties": function},
        },
    }
    (folder / "template.json").write_text(json.dumps(template), encoding="utf-8")
    return [(finding.rule.code, finding.fingerprint) for finding in api.scan(folder, select=RULES).visible]


def gathered(policies: list[Document], judge: Callable[[Document], Said]) -> Reports:
    """What a judge of ours says of policies."""
    reports = Reports([], {})
    found: Counter[str] = Counter()
    for policy in policies:
        started = time.process_time()
        said = judge(policy)
        reports.seconds.append(time.process_time() - started)
        found.update({name for name, _ in said})
        reports.again += len(said) - len(set(said))
    reports.findings = dict(found)
    return reports


def prover_says(policy: Document) -> Said:
    """What is proved of a policy."""
    out = []
    administrator = facts.managed_policy("AdministratorAccess")
    reader = facts.managed_policy("ReadOnlyAccess")
    if administrator is None or reader is None:
        raise SystemExit("the managed policies lack AdministratorAccess or ReadOnlyAccess")
    questions: list[tuple[Answer, type[Answer], str]] = [
        (implies(administrator.document, policy), Proved, "allows everything (proved)"),
        (implies(policy, reader.document), Refuted, "allows more than ReadOnlyAccess (with a request)"),
    ]
    for answer, wanted, name in questions:
        if isinstance(answer, wanted):
            out.append((name, ""))
    return out


# Run in the peers' own environment: JSON of `Reports` for each tool, and of names for each policy where `names` asks for them.
_PEERS = """
import contextlib, io, json, sys, time
from collections import Counter
from parliament import analyze_policy_string
from cloudsplaining.command.scan_policy_file import scan_policy

def parliament(text):
    found = analyze_policy_string(text).findings
    return [(f.issue, json.dumps([f.detail, f.location], default=str, sort_keys=True)) for f in found]

def cloudsplaining(text):
    found = scan_policy(json.loads(text))
    return [(name, str(each)) for name, kind in found.items() if name not in BESIDE for each in kind["findings"]]

BESIDE = {"ServicesAffected"}  # which is no finding
given = json.load(open(sys.argv[1]))
out = {}
for name, judge in (("parliament", parliament), ("cloudsplaining", cloudsplaining)):
    judge(given[0])
    seconds, found, again, failed, each = [], Counter(), 0, 0, []
    for policy in given:
        started = time.process_time()
        try:
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                told = judge(policy)
        except Exception:
            failed, told = failed + 1, []
        seconds.append(time.process_time() - started)
        names = {one for one, _ in told}
        found.update(names)
        again += len(told) - len(set(told))
        each.append(sorted(names))
    out[name] = {"reports": {"seconds": seconds, "findings": found, "again": again, "failed": failed}, "each": each}
print(json.dumps(out))
"""


def peers_say(folder: Path, policies: list[Document]) -> dict[str, Any]:
    """What the peers say of policies."""
    with tempfile.TemporaryDirectory() as work:
        given = Path(work) / "policies.json"
        given.write_text(json.dumps([json.dumps(policy) for policy in policies]), encoding="utf-8")
        command = [str(folder / "python"), "-W", "ignore", "-c", _PEERS, str(given)]
        told: dict[str, Any] = json.loads(
            subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
        )
    return told


def validator_says(policy: Document) -> Said:
    """The ids of the validator's faults of a policy, from its text on."""
    checked = check_document(Text("policy.json", json.dumps(policy)), "identity", "")
    return [(fault.id, f"{fault.id} {where(fault)} {fault.message}") for fault in checked.faults]


def where(fault: Fault) -> str:
    """The place of a fault."""
    return str(fault.origin.span.start) if isinstance(fault.origin, File) else ""


def versions(folder: Path) -> dict[str, str]:
    """Which versions of the peers there are."""
    program = "from importlib.metadata import version as v; print(v('parliament'), v('cloudsplaining'))"
    told = subprocess.run([folder / "python", "-c", program], check=True, capture_output=True, text=True).stdout  # noqa: S603
    return dict(zip(("parliament", "cloudsplaining"), told.split(), strict=True))


def table(rows: list[list[str]]) -> str:
    """A table of Markdown; the first row is its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def listed(found: dict[str, int]) -> str:
    """Names with counts, the most frequent first."""
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items(), key=lambda each: (-each[1], each[0])))


def main(arguments: list[str] | None = None) -> int:
    """Ask, and write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peers", type=Path, required=True, help="the bin folder of the peers' environment")
    parser.add_argument("--every", type=int, default=8, help="of every nth managed policy")
    given = parser.parse_args(arguments)
    names = list(facts.managed_policies())[:: given.every]
    managed = [found.document for name in names if (found := facts.managed_policy(name)) is not None]
    own = [document(statements) for _, statements in OWN.values()]
    judges: dict[str, Callable[[Document], Said]] = {}
    with tempfile.TemporaryDirectory() as work:
        judges["Stockade's rules"] = lambda policy: rules_say(Path(work), policy)
        judges["Stockade's prover"] = prover_says
        judges["Stockade's validator"] = validator_says
        for judge in judges.values():
            judge(own[0])  # reads the data
        of_managed = {name: gathered(managed, judge) for name, judge in judges.items()}
        of_own = {
            name: [sorted({said for said, _ in judge(policy)}) for policy in own] for name, judge in judges.items()
        }
    told = peers_say(given.peers, [*managed, *own])
    installed = versions(given.peers)
    for name, said in told.items():
        label = f"{name} {installed[name]}"
        of_own[label] = said["each"][len(managed) :]
        seconds = said["reports"]["seconds"][: len(managed)]
        counts = Counter(one for each in said["each"][: len(managed)] for one in each)
        of_managed[label] = Reports(seconds, dict(counts), said["reports"]["again"], said["reports"]["failed"])
    rows = [["", "median", "mean", "most", "said again", "given up", "policies with"]]
    for name, reports in of_managed.items():
        figures = (statistics.median(reports.seconds), statistics.mean(reports.seconds), max(reports.seconds))
        times = [f"{value * 1000:.1f} ms" for value in figures]
        rows.append([name, *times, str(reports.again), str(reports.failed), listed(reports.findings)])
    cases = [["policy", "it is", *of_own]]
    for at, (name, (kind, _)) in enumerate(OWN.items()):
        cases.append([name, kind, *(", ".join(said[at]) or "nothing" for said in of_own.values())])
    text = HEAD.format(day=datetime.datetime.now(datetime.UTC).date(), count=len(managed), every=given.every)
    PAGE.write_text(text + table(rows) + BETWEEN + table(cases) + "\n", encoding="utf-8")
    print(PAGE)
    return 0


HEAD = """\
# Beside other programs that read policies

What Stockade, [parliament](https://github.com/duo-labs/parliament) and
[cloudsplaining](https://github.com/salesforce/cloudsplaining) report of the same policies. This page is written by
`scripts/iam_peers.py`, last on {day}; how to run it stands in it.

The three answer different questions. parliament checks that a policy is well-formed and that its actions, resources and
condition keys exist. cloudsplaining lists actions that are allowed without a resource and are known to be dangerous; it
looks at no statement that has a condition, and reasons about no Deny. Stockade's rules look at the role of a function, and
the prover decides what a policy allows, conditions and denies included, and gives a request where the answer is no; the
validator has IAM Access Analyzer's checks. So a
ratio of times says what it costs to ask each, and not that one does the other's work. The validator, parliament and
cloudsplaining are each given the text of a policy, and do what their own command does with it (`scan_policy` of
cloudsplaining), the printing aside.

## AWS's managed policies

Of every {every}th of the managed policies, {count} in all: CPU time for one policy, findings that say of a place what another one
has said of it, policies that the program gave up, and how many policies have a finding of which name. Our rules scan a
template with a function whose role has the policy, and the time is that of the whole scan. The prover is asked two questions.

"""
BETWEEN = """

## Policies whose answer is known

"""

if __name__ == "__main__":
    raise SystemExit(main())
