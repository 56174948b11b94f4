"""Managed policies as they are attached: AWS's own by what is known of them, others by why they can't be seen."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from stockade.iam.reader import read_document
from stockade.iam.resources import doubt_of, written
from stockade.iam.statements import Charge, judge
from stockade.iam.written import from_json
from stockade.knowledge import iam as facts
from stockade.model.value import Default, Doubt, ServiceDefault, Value, When
from stockade.patterns import regex

_AWS = regex(r"arn:[^:]*:iam::aws:policy/(?:.*/)?([^/]+)$")
_NAME = regex(r"[\w+=,.@-]+$")
_FULL = regex(r"Full_?Access|FullAdmin")
# AWS's execution-role policies with `logs:PutLogEvents` on `*`.
_LOG_WRITERS = frozenset(
    {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaBasicDurableExecutionRolePolicy",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSLambdaKinesisExecutionRole",
        "AWSLambdaDynamoDBExecutionRole",
        "AWSLambdaSQSQueueExecutionRole",
        "AWSLambdaMSKExecutionRole",
    }
)


class Attached(Struct, frozen=True, eq=False):
    """One policy that is attached, under its premises. `policy` is None where its document is not known."""

    leaf: Value[str]
    when: When
    name: str
    policy: facts.Breadth | None
    why: Doubt = Doubt("")

    @property
    def is_full_access(self) -> bool:
        """Whether it is all of some service, by its document or by what AWS calls it."""
        if self.policy is None or self.policy.kind in {"admin", "power"}:
            return False
        return self.policy.kind == "full-access" or _FULL.search(self.name) is not None

    @property
    def is_open(self) -> bool:
        """Whether it is less than that, and still changes or reads what is stored of every resource of some kind."""
        if self.policy is None or self.is_full_access or self.secrets:
            return False
        return self.policy.kind == "broad" or (self.policy.kind == "read-only" and "data-read" in self.harms)

    @property
    def open_actions(self) -> dict[str, tuple[str, ...]]:
        """The sensitive actions that it allows on every resource, by group."""
        return facts.open_actions(self.name)

    @property
    def beyond(self) -> tuple[str, ...]:
        """What it lets one read on every resource of services that it is not all of."""
        full = () if self.policy is None else self.policy.services
        return tuple(n for n in self.open_actions.get("data-read", ()) if n.partition(":")[0] not in full)

    @property
    def harms(self) -> frozenset[str]:
        """The sensitive groups of what it allows on every resource: "data-read", "permissions", …."""
        return frozenset(facts.open_actions(self.name))

    @property
    def secrets(self) -> tuple[str, ...]:
        """The reads of secrets and parameters that it allows on every one of them."""
        names = facts.open_actions(self.name).get("secret-read", ())
        return tuple(name for name in names if name.startswith(("secretsmanager:Get", "ssm:Get")))

    @property
    def faults(self) -> tuple[Charge, ...] | None:
        """What is wrong with the statements of its document; None where that is not known."""
        return _charges(self.name)

    @property
    def writes_logs(self) -> bool:
        """Whether it allows writing to every log group."""
        return self.name in _LOG_WRITERS


@lru_cache(maxsize=64)
def _charges(name: str) -> tuple[Charge, ...] | None:
    known = facts.managed_policy(name)
    if known is None:
        return None
    page = f"https://docs.aws.amazon.com/aws-managed-policy/latest/reference/{name}.html"
    statements = read_document(from_json(known.document, ServiceDefault(page)))
    return tuple(charge for statement in statements for charge in judge(statement).charges)


@lru_cache(maxsize=512)
def aws_policy(text: str) -> str | None:
    """The name of AWS's policy that an ARN (or, in SAM, a bare name) stands for; None for any other policy."""
    match = _AWS.match(text)
    if match:
        return match[1]
    return text if _NAME.match(text) and facts.managed_policy(text) is not None else None


def attached(value: Value[str]) -> Iterator[Attached]:
    """What a value of a list of managed policies attaches."""
    for when, leaf in value.leaves():
        if isinstance(leaf, Default):
            continue
        text = written(leaf)
        name = aws_policy(text) if text is not None else None
        if name is None:
            doubt = doubt_of(leaf) or Doubt(
                f"the policy `{leaf.show()}` is not part of the scanned code",
                "scan the code that declares it too",
                "policy elsewhere",
            )
            yield Attached(leaf, when, "", None, doubt)
            continue
        breadth = facts.is_admin_like(name)
        if breadth.kind == "unknown":
            yield Attached(leaf, when, name, None, Doubt(breadth.reason, cause="managed policy"))
        else:
            yield Attached(leaf, when, name, breadth)
