"""What is wrong with a statement of an identity policy, each action pattern told under exactly one heading.

The order is that of causes: whoever may do everything may also read every secret, but it is the star that has to go.
So a statement is asked, in this order, whether it allows what it does *not* name, every action, every action of a
service; what is left is sorted by what it takes in: passing roles, assuming roles, changing functions, changing
permissions, logs, secrets, keys, and the rest by its resources.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Literal, TypeAlias

from msgspec import Struct

from stockade.iam.conditions import has_key, limited
from stockade.iam.resources import Breadth, Wide, can_be_limited, doubt_of, may_concern, texts_of, widest
from stockade.knowledge import iam as facts
from stockade.model.policy import Statement
from stockade.model.value import NO, NOTHING, YES, Doubt, Origin, Tri, Value, When, all_of, any_of, given

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
]
Harm: TypeAlias = Literal["permissions", "credentials", "code", "secrets", "destruction", "data", "write", "read"]

# From the worst on.
HARMS: tuple[Harm, ...] = ("permissions", "credentials", "code", "secrets", "destruction", "data", "write", "read")
_GROUPS: dict[str, Harm] = {
    "permissions": "permissions",
    "credentials": "credentials",
    "code-execution": "code",
    "secret-read": "secrets",
    "destruction": "destruction",
    "audit": "destruction",
    "exposure": "permissions",
    "data-read": "data",
}
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
_BY_RESOURCE: tuple[Concern, ...] = ("star-resource", "service-wide-resource")
_SECRET_SERVICES = frozenset({"secretsmanager", "ssm"})
_STARS = re.compile(r"[*?]*\*[*?]*(?::[*?]*\*[*?]*)?")
_FINE = re.compile(r":(?:Describe|List|Get|Head|BatchGet|Search|Lookup|View|Check|Validate|Estimate|Simulate)[A-Z]?")


Hits: TypeAlias = list[tuple[facts.Action, Wide]]


class Taken(Struct, frozen=True, eq=False):
    """One action pattern of a statement with the actions that it takes in."""

    text: str
    leaf: Value[str]
    when: When
    actions: tuple[facts.Action, ...]

    @property
    def is_pattern(self) -> bool:
        """Whether it stands for more than the action that it names."""
        return facts.is_pattern(self.text) and len(self.actions) > 1 and not self._only_variants()

    def _only_variants(self) -> bool:
        """`bedrock:InvokeModel*`: what is written is an action, and the rest is the same with another ending."""
        stem = facts.action(self.text.rstrip("*"))
        return stem is not None and all(a.access == stem.access and harm_of(a) != "permissions" for a in self.actions)


class Charge(Struct, frozen=True, eq=False, kw_only=True):
    """One fault of a statement: `patterns` as written, and the actions that make it a fault, the worst first."""

    concern: Concern
    statement: Statement
    answer: Tri
    patterns: tuple[str, ...]
    actions: tuple[facts.Action, ...]
    breadth: Breadth
    at: Origin
    resource: str = ""
    resource_at: Origin | None = None
    weak: bool = False  # a condition makes it less bad

    @property
    def named(self) -> tuple[str, ...]:
        """The names of the actions, the worst first."""
        return tuple(action.name for action in self.actions)

    @property
    def harms(self) -> tuple[Harm, ...]:
        """What the actions do, the worst first."""
        found = {harm_of(action) for action in self.actions}
        return tuple(h for h in HARMS if h in found)


class Judged(Struct, frozen=True, eq=False):
    """All faults of a statement, and why some may be missing."""

    charges: tuple[Charge, ...] = ()
    doubts: tuple[Doubt, ...] = ()


def harm_of(action: facts.Action) -> Harm:
    """What somebody who may call an action can do with it, at worst."""
    groups = facts.sensitive(action)
    found = {_GROUPS[g] for g in groups if g in _GROUPS}
    if action.name.lower() == "kms:decrypt":
        return "secrets"
    for harm in HARMS:
        if harm in found:
            return harm
    if action.access == "Permissions management":
        return "permissions"
    return "write" if changes(action) else "read"


def changes(action: facts.Action) -> bool:
    """Whether it changes something. AWS's reference calls some actions "Write" that only return something."""
    return action.access in {"Write", "Permissions management"} and not _FINE.search(action.name)


def is_grave(action: facts.Action) -> bool:
    """Whether a wildcard should not take it in unsaid: a write, a change of permissions, a read of secrets."""
    return changes(action) or facts.is_secret_read(action)


def judge(statement: Statement) -> Judged:
    """Everything that is wrong with one statement of an identity policy."""
    allows = given(statement.exists, statement.effect.is_("Allow"))
    if allows.is_no:
        return Judged()
    if statement.not_actions is not None or statement.not_resources is not None:
        return Judged((_not_element(statement, allows),))
    if statement.actions is None:
        return Judged()
    doubts = list(statement.actions.gaps)
    taken: list[Taken] = []
    for when, text, leaf in texts_of(statement.actions):
        if text is None or not text.isprintable():
            doubts.append(doubt_of(leaf) or Doubt(f"the action `{leaf.show()}` is not wholly known", cause="policy"))
        elif _STARS.fullmatch(text):
            taken.append(Taken("*", leaf, when, ()))
        else:
            taken.append(Taken(text, leaf, when, facts.expand(text)))
    charges = _Judge(statement, allows, taken).run()
    return Judged(tuple(c for c in charges if not c.answer.is_no), tuple(doubts))


def _not_element(statement: Statement, allows: Tri) -> Charge:
    values = [v for written in (statement.not_actions, statement.not_resources) if written is not None for v in written]
    resources = texts_of(statement.resources) if statement.resources is not None else []
    stars = any(text is not None and not text.strip("*?") for _, text, _ in resources)
    everything = statement.resources is None or stars
    return Charge(
        concern="not-element",
        statement=statement,
        answer=allows,
        patterns=tuple(value.show() for value in values),
        actions=(),
        breadth="all" if everything else "part",
        at=values[0].origin if values else statement.origin,
        weak=not limited(statement, "resource").is_no,
    )


class _Judge:
    """Sorts the action patterns of one statement under their headings."""

    def __init__(self, statement: Statement, allows: Tri, taken: list[Taken]) -> None:
        self.statement = statement
        self.allows = allows
        self.taken = taken
        self.resources = texts_of(statement.resources) if statement.resources is not None else []
        self.bound = limited(statement, "resource")
        self._wide: dict[str, Wide] = {}

    def run(self) -> list[Charge]:
        stars = [t for t in self.taken if t.text == "*"]
        charges: list[Charge] = []
        if stars:
            charges.append(self._star(stars))
            if any(not t.when for t in stars):
                return charges
        rest = [t for t in self.taken if t.text != "*"]
        whole = [t for t in rest if re.fullmatch(r"[^:]+:[*?]*\*[*?]*", t.text) and t.actions]
        if whole:
            charges.append(self._whole(whole))
        covered = {a.service for t in whole if not t.when for a in t.actions}
        found: dict[Concern, list[tuple[Taken, Hits]]] = defaultdict(list)
        for one in rest:
            actions = [a for a in one.actions if a.service not in covered]
            if one in whole or not actions:
                continue
            concern, hits = self._sort(one, actions)
            if concern is not None:
                found[concern].append((one, hits))
        if found["decrypt"]:
            # What else the statement may do with keys has the same cause.
            for other in _BY_RESOURCE:
                kms = [entry for entry in found[other] if entry[1][0][0].service == "kms"]
                found["decrypt"] += kms
                found[other] = [entry for entry in found[other] if entry[1][0][0].service != "kms"]
        charges += [self._charge(concern, entries) for concern, entries in found.items() if entries]
        return charges

    # ------------------------------------------------------------------------------------------------------- wildcards

    def _reach(self) -> tuple[Breadth, Value[str] | None]:
        """How much the resources cover of whatever there may be, for statements that name whole services."""
        for _, text, leaf in self.resources:
            if text is not None and not text.strip("*?"):
                return "all", leaf
        for _, text, leaf in self.resources:
            fields = (text or "").split(":", 5)
            if len(fields) == 6 and not fields[5].strip("*?:/"):
                return "kind", leaf
        return "part", self.resources[0][2] if self.resources else None

    def _star(self, stars: list[Taken]) -> Charge:
        reach, resource = self._reach()
        return Charge(
            concern="star-action",
            statement=self.statement,
            answer=self.allows & any_of(given(t.when, _yes(t)) for t in stars),
            patterns=("*",),
            actions=(),
            breadth=reach,
            at=stars[0].leaf.origin,
            resource=resource.show() if resource is not None else "",
            resource_at=resource.origin if resource is not None else None,
            weak=not self.bound.is_no,
        )

    def _whole(self, whole: list[Taken]) -> Charge:
        reach, resource = self._reach()
        if reach == "part" and any(self._wide_for(a).breadth != "part" for t in whole for a in t.actions[:400]):
            reach = "kind"
        actions = sorted((a for t in whole for a in t.actions if is_grave(a)), key=_rank)
        return Charge(
            concern="service-wildcard",
            statement=self.statement,
            answer=self.allows & any_of(given(t.when, _yes(t)) for t in whole),
            patterns=tuple(dict.fromkeys(t.text for t in whole)),
            actions=tuple(actions),
            breadth=reach,
            at=whole[0].leaf.origin,
            resource=resource.show() if resource is not None else "",
            resource_at=resource.origin if resource is not None else None,
            weak=not self.bound.is_no,
        )

    # --------------------------------------------------------------------------------------------------------- sorting

    def _wide_for(self, action: facts.Action) -> Wide:
        found = self._wide.get(action.name)
        if found is None:
            found = self._wide[action.name] = widest(self.statement, self.resources, action)
        return found

    def _sort(self, one: Taken, actions: list[facts.Action]) -> tuple[Concern | None, Hits]:
        """The one heading of an action pattern, with the actions that put it there."""
        concerned = [a for a in actions if self._may_concern(a)]
        wide = [(a, w) for a in concerned if can_be_limited(a) and not (w := self._wide_for(a)).answer.is_no]
        if actions[0].service == "logs":
            return ("logs", wide) if (wide := self._logs(concerned)) else (None, [])
        grave = [a for a in concerned if is_grave(a)]
        secrets = [(a, w) for a, w in wide if a.service in _SECRET_SERVICES and facts.is_secret_read(a)]
        if one.is_pattern and any(not facts.is_secret_read(a) for a in grave):
            worst = sorted(grave, key=_rank)
            return "action-wildcard", [(a, self._wide_for(a)) for a in worst]
        if not wide:
            return None, []
        if secrets:
            return "secret-read", secrets
        return self._named(wide)

    def _named(self, wide: Hits) -> tuple[Concern, Hits]:
        """The heading of an action that is written by its name (or of a wildcard that only reads)."""
        action, reach = wide[0]
        name = action.name.lower()
        if name == "iam:passrole":
            return "pass-role", wide
        if name == "sts:assumerole":
            return "assume-role", wide
        if name in _CODE:
            return "code-update", wide
        if action.service == "iam" and harm_of(action) in {"permissions", "credentials"}:
            return "policy-write", wide
        if name == "kms:decrypt":
            return "decrypt", wide
        return ("star-resource" if reach.breadth == "all" or not reach.at else "service-wide-resource"), wide

    def _may_concern(self, action: facts.Action) -> bool:
        return not self.resources or any(text is None or may_concern(text, action) for _, text, _ in self.resources)

    def _logs(self, actions: list[facts.Action]) -> Hits:
        """Log actions whose resources reach beyond one group; also those that cover the groups of all functions."""
        hits = []
        for action in actions:
            if not action.resource_level or (not changes(action) and harm_of(action) == "read"):
                continue
            wide = self._wide_for(action)
            if not wide.answer.is_no:
                hits.append((action, wide))
                continue
            every = [(when, leaf) for when, text, leaf in self.resources if text and is_every_function_group(text)]
            if every:
                answer = any_of(given(when, Tri("yes", (leaf.origin,))) for when, leaf in every)
                hits.append((action, Wide(answer, "part", every[0][1].origin, every[0][1].show())))
        return hits

    def _charge(self, concern: Concern, entries: list[tuple[Taken, Hits]]) -> Charge:
        answers = []
        breadths: set[Breadth] = set()
        for one, hits in entries:
            if concern == "action-wildcard":
                answers.append(given(one.when, _yes(one)))
            else:
                answers.append(given(one.when, any_of(w.answer for _, w in hits)))
            breadths |= {w.breadth for _, w in hits}
        answer = self.allows & any_of(answers)
        if concern == "pass-role":
            answer = answer & ~has_key(self.statement, "iam:PassedToService", "iam:AssociatedResourceArn")
        if concern == "action-wildcard":
            weak = not self.bound.is_no
        else:
            answer = answer & ~self.bound
            weak = not limited(self.statement, "weak").is_no
        actions = sorted({a.name: a for _, hits in entries for a, _ in hits}.values(), key=_rank)
        best: Breadth = "all" if "all" in breadths else "kind" if "kind" in breadths else "part"
        wide = next((w for _, hits in entries for _, w in hits if w.breadth == best and w.at is not None), Wide(NO))
        return Charge(
            concern=concern,
            statement=self.statement,
            answer=answer,
            patterns=tuple(dict.fromkeys(one.text for one, _ in entries)),
            actions=tuple(actions),
            breadth=best,
            at=entries[0][0].leaf.origin,
            resource=wide.shown,
            resource_at=wide.at,
            weak=weak,
        )


def is_every_function_group(text: str) -> bool:
    """Whether a resource is the log groups of all functions: `log-group:/aws/lambda/*`."""
    return re.search(r":log-group:/aws/lambda/?[*]+(?::[*]?)?(?::log-stream:[*])?$", text) is not None


def _yes(one: Taken) -> Tri:
    return Tri("yes", (one.leaf.origin,))


def _rank(action: facts.Action) -> tuple[int, bool, str]:
    return HARMS.index(harm_of(action)), not facts.sensitive(action), action.name


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
