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

from stockade.iam.actions import HARMS, Harm, Known, is_wildcard, only_revokes, rank, taken_in
from stockade.iam.conditions import has_key, limited
from stockade.iam.resources import Breadth, Wide, doubt_of, may_concern, may_name, texts_of, widest
from stockade.knowledge import iam as facts
from stockade.model.app import App
from stockade.model.policy import Statement
from stockade.model.value import NO, NOTHING, YES, Doubt, Origin, Tri, Value, When, all_of, any_of, given
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
_BY_RESOURCE: tuple[Concern, ...] = ("star-resource", "service-wide-resource")
# What somebody may do who may do everything, by how much the resources cover.
_OF_ALL: dict[Breadth, tuple[Concern, ...]] = {
    "all": ("star-resource", "logs", "secret-read", "decrypt"),
    "kind": ("service-wide-resource",),
}
_OF_SECRETS: dict[str, Concern] = {"secretsmanager": "secret-read", "ssm": "secret-read", "kms": "decrypt"}
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
    consequences: tuple[tuple[Concern, Tri], ...] = ()  # what is so because of it, and is not charged by itself

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


def judge(statement: Statement, app: App) -> Judged:
    """Everything that is wrong with one statement of an identity policy, whose references are to an application's resources."""
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
            taken.append(Taken(text, leaf, when, taken_in(text)))
    charges = _Judge(statement, allows, taken, app).run()
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
        consequences=(("star-resource", allows & ~limited(statement, "resource")),)
        if everything and statement.not_actions is not None
        else (),
    )


class _Judge:
    """Sorts the action patterns of one statement under their headings."""

    def __init__(self, statement: Statement, allows: Tri, taken: list[Taken], app: App) -> None:
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
            consequences=self._consequences(taken, reach),
        )

    def _consequences(self, taken: list[Taken], reach: Breadth) -> tuple[tuple[Concern, Tri], ...]:
        """The faults of resources that wildcards of whole services bring with them."""
        found: dict[Concern, list[Tri]] = defaultdict(list)
        for one in taken:
            premise = self.allows & given(one.when, _yes(one)) & ~self.bound
            if not one.actions:  # every action of every service
                for concern in _OF_ALL.get(reach, ()):
                    found[concern].append(premise)
            of_logs = any(known.service == "logs" for known in one.actions)
            if of_logs:
                found["logs"] += [premise & wide.answer for _, wide in self._logs(list(one.actions))[:1]]
            for known in one.actions:
                if not known.limitable or known.harm == "metadata" or (wide := self._wide_for(known)).answer.is_no:
                    continue
                brought: list[Concern] = ["star-resource" if wide.breadth == "all" else "service-wide-resource"]
                if known.secret and known.service in _OF_SECRETS:
                    brought.append(_OF_SECRETS[known.service])
                for concern in brought:
                    if not any(answer.is_yes for answer in found[concern]):
                        found[concern].append(premise & wide.answer)
        answers = {concern: any_of(each) for concern, each in found.items()}
        return tuple((concern, answer) for concern, answer in answers.items() if not answer.is_no)

    # --------------------------------------------------------------------------------------------------------- sorting

    def _wide_for(self, known: Known) -> Wide:
        found = self._wide.get(known.kinds)
        if found is None:
            found = self._wide[known.kinds] = widest(self.statement, self.resources, known.kinds)
        return found

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
        if known.key in _BY_NAME:
            return _BY_NAME[known.key]
        if known.service == "iam" and known.harm in {"permissions", "credentials"}:
            return "policy-write"
        return "star-resource" if reach.breadth == "all" or reach.at is None else "service-wide-resource"

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
        if concern == "pass-role":
            answer = answer & ~has_key(self.statement, "iam:PassedToService", "iam:AssociatedResourceArn")
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
            consequences=self._consequences([t for t, _ in entries], best) if concern == "action-wildcard" else (),
        )


def _ends_what_is_let_in(entry: tuple[Taken, Hits]) -> bool:
    return all(known.service == "lambda" and only_revokes(known.action) for known, _ in entry[1])


def _is_open(text: str) -> bool:
    """Whether a resource is an ARN of which the part that names it is a wildcard alone."""
    fields = text.split(":", 5)
    return len(fields) == 6 and not fields[5].strip("*?:/")


def is_every_function_group(text: str) -> bool:
    """Whether a resource is the log groups of all functions: `log-group:/aws/lambda/*`."""
    return re.search(r":log-group:/aws/lambda/?[*]+(?::[*]?)?(?::log-stream:[*])?$", text) is not None


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
