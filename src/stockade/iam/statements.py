"""What is wrong with a statement of an identity policy, each action pattern told under exactly one heading.

The order is that of causes: whoever may do everything may also read every secret, but it is the star that has to go.
So a statement is asked, in this order, whether it allows what it does *not* name, every action, every action of a
service; what is left is sorted by what it takes in: passing roles, assuming roles, changing functions, changing
permissions, logs, secrets, keys, and the rest by its resources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.actions import HARMS, Harm, Known, is_wildcard, only_revokes, rank, taken_in
from stockade.iam.conditions import has_key, limited
from stockade.iam.resources import Breadth, Wide, doubt_of, may_concern, may_name, texts_of, widest
from stockade.knowledge import iam as facts
from stockade.model.app import App
from stockade.model.policy import Statement
from stockade.model.value import NO, NOTHING, YES, Doubt, Origin, Relation, Tri, Value, When, all_of, any_of, given
from stockade.patterns import regex

Concern: TypeAlias = Literal[
    "not-element",
    "star-action",
    "service-wildcard",
    "action-wildcard",
    "star-resource",
    "service-wide-resource",
    "logs",
    "secret-read",
    "decrypt",
    "pass-role",
    "assume-role",
    "code-update",
    "policy-write",
    "function-read",
]
_CODE = frozenset(
    {
        "lambda:addpermission",
        "lambda:createfunction",
        "lambda:createfunctionurlconfig",
        "lambda:putresourcepolicy",
        "lambda:updatefunctioncode",
        "lambda:updatefunctionconfiguration",
        "lambda:updatefunctionurlconfig",
    }
)
_BY_NAME: dict[str, Concern] = {
    "iam:passrole": "pass-role",
    "sts:assumerole": "assume-role",
    "kms:decrypt": "decrypt",
    **dict.fromkeys(_CODE, "code-update"),
}
# A role that AWS's service alone takes, with the policy that AWS wrote for it:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/using-service-linked-roles.html (as of 2026-11-28).
_FOR_SERVICES = "iam:createservicelinkedrole"
_BY_RESOURCE: tuple[Concern, ...] = ("star-resource", "service-wide-resource")
# What somebody may do who may do everything, by how much the resources cover.
_OF_ALL: dict[Breadth, Concern] = {"all": "star-resource", "kind": "service-wide-resource"}
_OF_SECRETS: dict[str, Concern] = {"secretsmanager": "secret-read", "ssm": "secret-read", "kms": "decrypt"}
_READS_FUNCTIONS = frozenset({"lambda:getfunction", "lambda:getfunctionconfiguration"})
# Of what has a heading of its own, what stands for the rest where a statement allows all that it doesn't name.
_SERVICES_OF_POWERS = frozenset({"iam", "kms", "lambda", "secretsmanager", "ssm", "sts"})
_GROUPS_OF_POWERS = ("secret-read", "credentials", "permissions", "code-execution", "configuration-read")
_LOG_WRITES = ("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents")
_SECRET_SERVICES = frozenset({"secretsmanager", "ssm"})
_WHOLE = regex(r"[^:]+:[*?]*\*[*?]*")
_STARS = regex(r"[*?]*\*[*?]*(?::[*?]*\*[*?]*)?")


Hits: TypeAlias = list[tuple[Known, Wide]]


class Taken(Struct, frozen=True, eq=False):
    """One action pattern of a statement with the actions that it takes in, the worst first."""

    text: str
    leaf: Value[str]
    when: When
    actions: tuple[Known, ...]


class Consequence(Struct, frozen=True, eq=False):
    """What is so because of a fault of a statement, and is not charged by itself; `actions` are those that make it so."""

    concern: Concern
    answer: Tri
    actions: tuple[str, ...] = ()


class Charge(Struct, frozen=True, eq=False, kw_only=True):
    """One fault of a statement: `patterns` as written, and the actions that make it a fault, the worst first."""

    concern: Concern
    statement: Statement
    answer: Tri
    patterns: tuple[str, ...]
    actions: tuple[Known, ...]
    breadth: Breadth
    at: Origin
    resources: tuple[str, ...] = ()  # that make it a fault, the first of which stands at `resource_at`
    resource_at: Origin | None = None
    weak: bool = False  # a condition makes it less bad
    consequences: tuple[Consequence, ...] = ()

    @property
    def is_slight(self) -> bool:
        """Whether it is only advisable to limit it: what tells little about things, and what is done to logs of functions."""
        if self.concern in _BY_RESOURCE:
            return self.harms[0] == "metadata"
        return self.concern == "logs" and self.breadth == "part"

    @property
    def named(self) -> tuple[str, ...]:
        """The names of the actions, the worst first."""
        return tuple(known.action.name for known in self.actions)

    @property
    def resource(self) -> str:
        """The first of the resources that make it a fault; nothing where none is known."""
        return self.resources[0] if self.resources else ""

    @property
    def on(self) -> str:
        """The resource that makes it a fault, to be said behind the actions; nothing where it is not known."""
        return f" on `{self.resource}`" if self.resource else ""

    @property
    def harms(self) -> tuple[Harm, ...]:
        """What the actions do, the worst first."""
        found = {known.harm for known in self.actions}
        return tuple(h for h in HARMS if h in found)


class Judged(Struct, frozen=True, eq=False):
    """All faults of a statement, and why some may be missing."""

    charges: tuple[Charge, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def judge(statement: Statement, app: App | None = None) -> Judged:
    """Everything that is wrong with one statement of an identity policy, whose references are to an application's resources."""
    allows = given(statement.exists, statement.effect.is_("Allow"))
    if allows.is_no:
        return Judged()
    doubts = list(statement.actions.gaps) if statement.actions is not None else []
    taken: list[Taken] = []
    for when, text, leaf in texts_of(statement.actions) if statement.actions is not None else ():
        if text is None or not text.isprintable():
            doubts.append(doubt_of(leaf) or Doubt(f"the action `{leaf.show()}` is not wholly known", cause="policy"))
        elif _STARS.fullmatch(text):
            taken.append(Taken("*", leaf, when, ()))
        else:
            taken.append(Taken(text, leaf, when, taken_in(text)))
    judged = _Judge(statement, allows, taken, app)
    if statement.not_actions is not None or statement.not_resources is not None:
        return Judged((judged.not_element(),), tuple(doubts))
    return Judged(tuple(c for c in judged.run() if not c.answer.is_no), tuple(doubts))


@cache
def _powers() -> tuple[Known, ...]:
    """The actions that have headings of their own, for statements that allow all that there is, or all but some."""
    groups = facts.sensitive_groups()
    every = dict.fromkeys(name for group in _GROUPS_OF_POWERS for name in groups[group].actions)
    names = [name for name in every if name.partition(":")[0] in _SERVICES_OF_POWERS]
    found = [known for name in names for known in taken_in(name) if _brings(known) is not None]
    return (*found, *(known for name in _LOG_WRITES for known in taken_in(name)))


def _heading(known: Known) -> Concern | None:
    """The heading of an action that has one of its own, whatever the resources are."""
    if known.key in _BY_NAME:
        return _BY_NAME[known.key]
    gives = known.service == "iam" and known.harm in {"permissions", "credentials"} and known.key != _FOR_SERVICES
    return "policy-write" if gives else None


def _brings(known: Known) -> Concern | None:
    """The heading that an action would have, were it not that a wildcard takes it in."""
    if known.secret and known.service in _OF_SECRETS:
        return _OF_SECRETS[known.service]
    return "function-read" if known.key in _READS_FUNCTIONS else _heading(known)


class _Judge:
    """Sorts the action patterns of one statement under their headings."""

    def __init__(self, statement: Statement, allows: Tri, taken: list[Taken], app: App | None) -> None:
        self.statement = statement
        self.allows = allows
        self.taken = taken
        self.resources = texts_of(statement.resources, app) if statement.resources is not None else []
        self.bound = limited(statement, "resource")
        self._wide: dict[tuple[str, ...], Wide] = {}
        self._concern: dict[tuple[str, ...], bool] = {}

    def run(self) -> list[Charge]:
        stars = [t for t in self.taken if t.text == "*"]
        charges: list[Charge] = []
        if stars:
            charges.append(self._star(stars))
            if any(not t.when for t in stars):
                return charges
        rest = [t for t in self.taken if t.text != "*"]
        whole = [t for t in rest if _WHOLE.fullmatch(t.text) and any(self._concerned(a) for a in t.actions)]
        if whole:
            charges.append(self._whole(whole))
        covered = {a.service for t in whole if not t.when for a in t.actions}
        found: dict[Concern, list[tuple[Taken, Hits]]] = defaultdict(list)
        for one in rest:
            actions = [a for a in one.actions if a.service not in covered and self._concerned(a)]
            if one in whole or not actions:
                continue
            concern, hits = self._sort(one, actions)
            if concern is not None:
                found[concern].append((one, hits))
        if "decrypt" in found:
            # What else the statement may do with keys has the same cause.
            for other in _BY_RESOURCE:
                found["decrypt"] += [entry for entry in found[other] if entry[1][0][0].service == "kms"]
                found[other] = [entry for entry in found[other] if entry[1][0][0].service != "kms"]
        if "code-update" in found:
            # Who may let others invoke functions may end that too: it is one power, and told once.
            for other in _BY_RESOURCE:
                found["code-update"] += [entry for entry in found[other] if _ends_what_is_let_in(entry)]
                found[other] = [entry for entry in found[other] if not _ends_what_is_let_in(entry)]
        charges += [self._charge(concern, entries) for concern, entries in found.items() if entries]
        return charges

    def not_element(self) -> Charge:
        """The charge of a statement that says what it does not mean."""
        statement = self.statement
        parts = (statement.not_actions, statement.not_resources)
        values = [value for part in parts if part is not None for value in part]
        stars = any(text is not None and not text.strip("*?") for _, text, _ in self.resources)
        allowed: list[tuple[Tri, tuple[Known, ...]]]
        if statement.not_actions is not None:
            allowed = [(~_is_among(statement.not_actions, known), (known,)) for known in _powers()]
        else:
            allowed = [_allowed(taken) for taken in self.taken]
        everything = statement.resources is None or stars
        consequences = self._consequences(allowed)
        if everything and not any(c.concern == "star-resource" for c in consequences):
            answer = self.allows & ~self.bound
            consequences += (Consequence("star-resource", answer),) if statement.not_actions is not None else ()
        return Charge(
            concern="not-element",
            statement=statement,
            answer=self.allows,
            patterns=tuple(value.show() for value in values),
            actions=(),
            breadth="all" if everything else "part",
            at=values[0].origin if values else statement.origin,
            weak=not self.bound.is_no,
            consequences=consequences,
        )

    # ------------------------------------------------------------------------------------------------------- wildcards

    def _reach(self) -> tuple[Breadth, list[Value[str]]]:
        """How much the resources cover of whatever there may be, for statements that name whole services; and which do."""
        every = [leaf for _, text, leaf in self.resources if text is not None and not text.strip("*?")]
        if every:
            return "all", every
        kinds = [leaf for _, text, leaf in self.resources if _is_open(text or "")]
        return ("kind", kinds) if kinds else ("part", [leaf for _, _, leaf in self.resources])

    def _star(self, stars: list[Taken]) -> Charge:
        reach, resources = self._reach()
        return self._wildcard("star-action", stars, (), reach, resources)

    def _whole(self, whole: list[Taken]) -> Charge:
        reach, resources = self._reach()
        if reach == "part" and any(self._wide_for(a).breadth != "part" for t in whole for a in t.actions):
            reach = "kind"
        return self._wildcard("service-wildcard", whole, self._changing(whole), reach, resources)

    def _changing(self, taken: list[Taken]) -> tuple[Known, ...]:
        """What wildcards take in that is to be named, the worst first: also what changes tags, which is no fault by itself."""
        found = {a.key: a for t in taken for a in t.actions if (a.grave or a.tags) and self._is_named(a)}
        return tuple(sorted(found.values(), key=rank)) if len(taken) > 1 else tuple(found.values())

    def _wildcard(
        self,
        concern: Concern,
        taken: list[Taken],
        actions: tuple[Known, ...],
        reach: Breadth,
        resources: list[Value[str]],
    ) -> Charge:
        consequences = self._consequences(map(_allowed, taken))
        if concern == "star-action" and reach in _OF_ALL and not any(c.concern == _OF_ALL[reach] for c in consequences):
            answer = self.allows & any_of(given(t.when, _yes(t)) for t in taken) & ~self.bound
            consequences += (Consequence(_OF_ALL[reach], answer),)
        return Charge(
            concern=concern,
            statement=self.statement,
            answer=self.allows & any_of(given(t.when, _yes(t)) for t in taken),
            patterns=tuple(dict.fromkeys(t.text for t in taken)),
            actions=actions,
            breadth=reach,
            at=taken[0].leaf.origin,
            resources=tuple(resource.show() for resource in resources),
            resource_at=resources[0].origin if resources else None,
            weak=not self.bound.is_no,
            consequences=consequences,
        )

    def _consequences(self, taken: Iterable[tuple[Tri, Iterable[Known]]]) -> tuple[Consequence, ...]:
        """The faults that actions bring with them which are not charged by themselves, each with when it is allowed."""
        found: dict[Concern, list[Tri]] = defaultdict(list)
        named: dict[Concern, dict[str, None]] = defaultdict(dict)
        for premise, actions in taken:
            allowed = self.allows & premise & ~self.bound
            of_logs = [known for known in actions if known.service == "logs"]
            logs = self._logs(of_logs)
            found["logs"] += [allowed & wide.answer for _, wide in logs[:1]]
            named["logs"] |= dict.fromkeys(known.action.name for known, _ in logs)
            for known in actions:
                if not known.limitable or known.harm == "metadata" or (wide := self._wide_for(known)).answer.is_no:
                    continue
                reach: Concern = "star-resource" if wide.breadth == "all" else "service-wide-resource"
                heading = _brings(known)
                for concern in (reach,) if heading is None else (reach, heading):
                    if concern == heading:
                        named[concern][known.action.name] = None
                    if not any(answer.is_yes for answer in found[concern]):
                        found[concern].append(allowed & wide.answer & self._unbound(concern))
        answers = {concern: any_of(each) for concern, each in found.items()}
        return tuple(
            Consequence(concern, answer, tuple(named[concern]))
            for concern, answer in answers.items()
            if not answer.is_no
        )

    def _unbound(self, concern: Concern) -> Tri:
        """Whether no condition limits in its own way what stands under a heading."""
        if concern == "pass-role":
            return ~has_key(self.statement, "iam:PassedToService", "iam:AssociatedResourceArn")
        return YES

    # --------------------------------------------------------------------------------------------------------- sorting

    def _wide_for(self, known: Known) -> Wide:
        found = self._wide.get(known.kinds)
        if found is None:
            found = self._wide[known.kinds] = self._widest(known.kinds)
        return found

    def _widest(self, kinds: tuple[str, ...]) -> Wide:
        if self.statement.not_resources is None:
            return widest(self.statement, self.resources, kinds)
        left_out = replace(self.statement, resources=self.statement.not_resources)
        every = widest(left_out, texts_of(self.statement.not_resources), kinds)
        return Wide(~every.answer, "all")  # but for some that are named

    def _is_named(self, known: Known) -> bool:
        """Whether an action may be meant by the statement, as people read its resources."""
        return self._concerned(known) and (
            not self.resources or any(text is None or may_name(text, known.kinds) for _, text, _ in self.resources)
        )

    def _concerned(self, known: Known) -> bool:
        found = self._concern.get(known.kinds)
        if found is None:
            found = self._concern[known.kinds] = not self.resources or any(
                text is None or may_concern(text, known.kinds) for _, text, _ in self.resources
            )
        return found

    def _sort(self, one: Taken, actions: list[Known]) -> tuple[Concern | None, Hits]:
        """The one heading of an action pattern, with the actions that put it there."""
        if actions[0].service == "logs":
            logs = self._logs(actions)
            return ("logs" if logs else None), logs
        grave = [a for a in actions if a.grave]
        if any(not a.secret for a in grave) and is_wildcard(one.text):
            return "action-wildcard", [(a, self._wide_for(a)) for a in grave]
        wide = [(a, w) for a in actions if a.limitable and not (w := self._wide_for(a)).answer.is_no]
        if not wide:
            return None, []
        secrets = [(a, w) for a, w in wide if a.secret and a.service in _SECRET_SERVICES]
        if secrets:
            return "secret-read", secrets
        slight = all(known.harm in {"read", "metadata"} for known, _ in wide)
        if slight and len(actions) > 1 and not all(a.limitable for a in actions):
            return None, []  # `ec2:Describe*`: most of what it takes in works on `*` alone
        return self._named(wide), wide

    @staticmethod
    def _named(wide: Hits) -> Concern:
        """The heading of an action that is written by its name (or of a wildcard that only reads)."""
        known, reach = wide[0]
        by_reach: Concern = "star-resource" if reach.breadth == "all" or reach.at is None else "service-wide-resource"
        return _heading(known) or by_reach

    def _logs(self, actions: list[Known]) -> Hits:
        """Log actions whose resources reach beyond one group; also those that cover the groups of all functions."""
        hits: Hits = []
        every = [(when, leaf) for when, text, leaf in self.resources if text and is_every_function_group(text)]
        for known in actions:
            if not known.action.resource_level or known.harm in {"read", "metadata"}:
                continue
            wide = self._wide_for(known)
            if not wide.answer.is_no:
                hits.append((known, wide))
            elif every:
                answer = any_of(given(when, Tri("yes", (leaf.origin,))) for when, leaf in every)
                hits.append((known, Wide(answer, "part", every[0][1].origin, tuple(leaf.show() for _, leaf in every))))
        return hits

    def _charge(self, concern: Concern, entries: list[tuple[Taken, Hits]]) -> Charge:
        if concern == "action-wildcard":
            answer = self.allows & any_of(given(one.when, _yes(one)) for one, _ in entries)
            weak = not self.bound.is_no
        else:
            wide_ones = any_of(
                given(one.when, any_of({id(w): w.answer for _, w in hits}.values())) for one, hits in entries
            )
            answer = self.allows & wide_ones & ~self.bound
            weak = not limited(self.statement, "weak").is_no
        answer = answer & self._unbound(concern)
        breadths = {w.breadth for _, hits in entries for _, w in hits}
        best: Breadth = "all" if "all" in breadths else "kind" if "kind" in breadths else "part"
        widest_ = [w for _, hits in entries for _, w in hits if w.breadth == best and w.at is not None]
        hit = {a.key: a for _, hits in entries for a, _ in hits}
        if concern == "action-wildcard":
            services = {a.service for a in hit.values()}
            hit |= {a.key: a for a in self._changing([one for one, _ in entries]) if a.tags and a.service in services}
        actions = hit.values()
        return Charge(
            concern=concern,
            statement=self.statement,
            answer=answer,
            patterns=tuple(dict.fromkeys(one.text for one, _ in entries)),
            actions=tuple(actions) if len(entries) == 1 else tuple(sorted(actions, key=rank)),
            breadth=best,
            at=entries[0][0].leaf.origin,
            resources=tuple(dict.fromkeys(shown for w in widest_ for shown in w.shown)),
            resource_at=widest_[0].at if widest_ else None,
            weak=weak,
            consequences=self._beside(concern, entries),
        )

    def _beside(self, concern: Concern, entries: list[tuple[Taken, Hits]]) -> tuple[Consequence, ...]:
        """What a charge about actions short of whole services brings with it."""
        if concern == "action-wildcard":
            return self._consequences(_allowed(taken) for taken, _ in entries)
        if concern in _BY_RESOURCE:  # to read functions is a resource too wide first
            brought = self._consequences(_allowed(taken) for taken, _ in entries)
            return tuple(consequence for consequence in brought if consequence.concern == "function-read")
        return ()


def _ends_what_is_let_in(entry: tuple[Taken, Hits]) -> bool:
    return all(known.service == "lambda" and only_revokes(known.action) for known, _ in entry[1])


def _is_among(patterns: Relation[Value[str]], known: Known) -> Tri:
    return patterns.any(lambda value: value.where(lambda v: facts.fits(str(v).lower(), known.key)))


def _is_open(text: str) -> bool:
    """Whether a resource is an ARN of which the part that names it is a wildcard alone."""
    fields = text.split(":", 5)
    return len(fields) == 6 and not fields[5].strip("*?:/")


def is_every_function_group(text: str) -> bool:
    """Whether a resource is the log groups of all functions: `log-group:/aws/lambda/*`."""
    return re.search(r":log-group:/aws/lambda/?[*]+(?::[*]?)?(?::log-stream:[*])?$", text) is not None


def _allowed(one: Taken) -> tuple[Tri, tuple[Known, ...]]:
    """When a pattern is there, and what it takes in; of the star, what has a heading of its own."""
    return given(one.when, _yes(one)), _powers() if one.text == "*" else one.actions


def _yes(one: Taken) -> Tri:
    return Tri("yes", (one.leaf.origin,))


def needs_only_the_service(statement: Statement) -> Tri:
    """Whether a statement allows only what any function needs of the service: logs, traces, interfaces, polling."""
    if statement.not_actions is not None or statement.not_resources is not None:
        return ~statement.effect.is_("Allow")
    asked = [
        YES if text is not None and facts.expand(text) and all(map(facts.is_execution_need, facts.expand(text))) else NO
        for _, text, _ in texts_of(statement.actions if statement.actions is not None else NOTHING)
    ]
    return ~given(statement.exists, statement.effect.is_("Allow")) | all_of(asked)


def takes_in(statement: Statement, *names: str) -> Tri:
    """Whether a statement is about at least one of these actions, by name or by wildcard."""
    if statement.actions is None:
        return YES if statement.not_actions is not None else NO
    answers = []
    for when, text, leaf in texts_of(statement.actions):
        if text is None:
            answers.append(
                given(when, Tri("maybe", (leaf.origin,), (doubt_of(leaf) or Doubt("an action is not known"),)))
            )
        elif not text.strip("*?:") or any(action.name in names for action in facts.expand(text)):
            answers.append(given(when, Tri("yes", (leaf.origin,))))
    return any_of(answers)
