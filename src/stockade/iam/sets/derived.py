"""Questions that are made of others: grants, what is too much, what is not needed, what differs and in what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.iam.sets import globs, ranges
from stockade.iam.sets.access import Access, by_itself
from stockade.iam.sets.clauses import Clause, Clauses, Document, documents, keys_in, texts_in
from stockade.iam.sets.formulas import And, Match, Not
from stockade.iam.sets.literals import PRINCIPAL, Presence, Text, Within, among
from stockade.iam.sets.literals import Literal as Element
from stockade.iam.sets.questions import (
    OPEN,
    Answer,
    Proved,
    Refuted,
    Setting,
    Unknown,
    apart,
    ask,
    nothing,
    within,
)
from stockade.iam.sets.universe import Universe
from stockade.knowledge import iam as facts

Asked: TypeAlias = Callable[[Setting], Answer]


def known(setting: Setting) -> Setting:
    """The same, of requests alone that AWS has today."""
    return replace(setting, accept=lambda space: Universe(space).accept)


def decided(asked: Asked, setting: Setting, *, future: bool = False) -> Answer:
    """The answer of today's requests; with `future`, also of actions that there are not yet.

    Examples are always requests that can be made, as far as there are any. What is proved of today's alone says so.
    """
    today = asked(known(setting))
    if not isinstance(today, Proved):
        return today
    ever = asked(setting)
    return ever if future or isinstance(ever, Proved) else Proved(today.assumes, str(facts.provenance().as_of))


def equivalent(left: Access, right: Access, setting: Setting = OPEN, *, future: bool = False) -> tuple[Answer, str]:
    """Whether both allow the same; with which of them allows what the other does not."""
    answer = decided(partial(within, left, right), setting, future=future)
    if not isinstance(answer, Proved):
        return answer, "left"
    back = decided(partial(within, right, left), setting, future=future)
    if isinstance(back, Proved):
        return Proved(tuple(dict.fromkeys((*answer.assumes, *back.assumes))), answer.of or back.of), ""
    return back, "right"


def asking(actions: Sequence[str], resources: Sequence[str]) -> Access:
    """What allows some actions on some resources and nothing else, to ask about them; nameless, for nobody wrote it."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return Access(identity=(Clause(statement, statement, ""),))


def grants(access: Access, actions: Sequence[str], resources: Sequence[str], setting: Setting = OPEN) -> Answer:
    """Whether everything of some actions on some resources is allowed, whatever else is true of the request."""
    return within(asking(actions, resources), access, known(setting))


def not_granted(access: Access, actions: Sequence[str], resources: Sequence[str], setting: Setting = OPEN) -> Answer:
    """Whether nothing of some actions on some resources is allowed."""
    return decided(partial(apart, asking(actions, resources), access), setting)


# --------------------------------------------------------------------------------------------------------------- public

# A stranger: of an account, an organisation and a network that no policy names.
_ACCOUNTS = ("999988887777", "888877776666", "555566667777")
# What says who somebody is or where from, by which policies are kept from the public:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html, as of 2026-11
_OF_ACCOUNT = (
    "aws:principalaccount",
    "aws:sourceaccount",
    "aws:sourceowner",
    "kms:calleraccount",
    "s3:dataaccesspointaccount",
)
_OF_ARN = ("aws:principalarn", "aws:sourcearn", "s3:dataaccesspointarn")
_OF_NAMES = {
    "aws:principalorgid": "o-stranger00",
    "aws:principalorgpaths": "o-stranger00/r-0000/ou-0000-00000000/",
    "aws:sourceorgid": "o-stranger00",
    "aws:sourceorgpaths": "o-stranger00/r-0000/ou-0000-00000000/",
    "aws:sourcevpc": "vpc-00000000000000000",
    "aws:sourcevpce": "vpce-00000000000000000",
    "aws:userid": "AIDASTRANGERSTRANGER0",
    "lambda:eventsourcetoken": "stranger",
}
_OF_SERVICES = frozenset({"aws:principalservicename", "aws:principalservicenameslist"})  # nobody else has them
_ADDRESSES = ("198.51.100.77", "203.0.113.77", "192.0.2.77", "2001:db8::77")


def stranger(access: Access, setting: Setting = OPEN) -> Setting:
    """A setting that is about requests of somebody whom no policy names, from anywhere."""
    written = tuple(documents(access.every()))
    texts = [text for document in written for text in texts_in(document)]
    account = next((each for each in _ACCOUNTS if not any(each in text for text in texts)), _ACCOUNTS[0])
    # What a stranger is called is up to the stranger.
    own = globs.glob(f"arn:aws:iam::{account}:*")
    theirs = (globs.arn(f"arn:aws:*:*:{account}:") + globs.FIELD, "arn:aws:s3:::stranger-bucket-0000")
    names = {
        **dict.fromkeys(_OF_ACCOUNT, (account,)),
        **dict.fromkeys(_OF_ARN, theirs),
        "aws:principalarn": (own,),
        "aws:principalisawsservice": ("false",),
        **{key: (text,) for key, text in _OF_NAMES.items()},
    }
    literals = [among(PRINCIPAL, globs.language((f"AWS|arn:aws:iam::{account}:user/stranger",)))]
    for key in dict.fromkeys(key for document in written for key in keys_in(document)):
        if key in _OF_SERVICES:
            literals.append(Element(key, (Presence(key, present=False),), ()))
        elif key in names:
            literals.append(_absent_or(key, names[key]))
            if key == "aws:sourcearn":
                literals.append(_no_bucket_of(account))
        elif key == "aws:sourceip":
            literals.append(_from_afar(texts))
    return replace(setting, given=And(setting.given, Match(tuple(literals), "stranger")))


def _from_afar(texts: list[str]) -> Element:
    """The address is none that a policy names as somebody's."""
    narrow = [
        network for text in texts if (network := _network(text)) is not None and network.prefixlen >= _wide(network)
    ]
    far = [each for each in _ADDRESSES if not any(ip_address(each) in network for network in narrow)]
    sets = tuple(found for each in far if (found := ranges.network(each)) is not None)
    absent = Presence("aws:sourceip", present=False)
    return Element(
        "aws:sourceip", (absent, Within("aws:sourceip", "address", ranges.union(sets))) if sets else (absent,), ()
    )


def _absent_or(key: str, texts: tuple[str, ...]) -> Element:
    return Element(key, (Presence(key, present=False), Text(key, globs.language(texts))), ())


def _no_bucket_of(account: str) -> Element:
    """The ARN of a bucket names no account: `arn:aws:s3:*:*:orders` is one bucket, whoever's it is."""
    buckets = globs.language((globs.arn(f"arn:aws:s3:*:{account}:") + globs.FIELD,))
    key = "aws:sourcearn"
    return Element(key, (Presence(key, present=False), Text(key, buckets, inside=False)), ())


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _wide(network: IPv4Network | IPv6Network) -> int:
    """From which length on a network is somebody's, and not most of the internet."""
    return 8 if network.version == 4 else 32


def not_public(access: Access, setting: Setting = OPEN) -> Answer:
    """Whether nothing is allowed to somebody whom no policy names."""
    return decided(partial(nothing, access), stranger(access, setting))


# ----------------------------------------------------------------------------------------------------------- differences

_PAIRS = 400
_SHOWN = 400


class Excess(Struct, frozen=True):
    """What a statement allows beyond other policies.

    Attributes:
        clause: the statement.
        actions: its action patterns that do; none stands for what `NotAction` leaves.
        resources: its resource patterns that they do it on; none stands for what `NotResource` leaves.
        whole: nothing of it is allowed by the others.
        examples: of what is allowed by the others in part, the actions that are not allowed at all.
        witness: one request of it.
    """

    clause: Clause
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    whole: bool
    examples: tuple[str, ...]
    witness: Refuted


def difference(
    new: Access, old: Access, setting: Setting = OPEN, *, future: bool = False
) -> tuple[list[Excess], Answer, tuple[str, ...]]:
    """All that is allowed by some policies and not by others, statement by statement.

    With the answer whether there is any, and where it could not be told of a part whether it is one. The parts are as large
    as the statements' own patterns make them.
    """
    whole = decided(partial(within, new, old), setting, future=future)
    if not isinstance(whole, Refuted):
        return [], whole, ()
    out: list[Excess] = []
    doubts: list[str] = []
    for clause in new.written:
        if clause.allows:
            found, why = _excess(clause, new, old, setting, future=future)
            out += found
            if why:
                doubts.append(f"it could not be told of all of {clause.name}: {why}")
    return out, whole, tuple(doubts)


def _excess(clause: Clause, new: Access, old: Access, setting: Setting, *, future: bool) -> tuple[list[Excess], str]:
    pairs = _pairs(clause)
    doubt = ""
    found: list[tuple[str | None, str | None, bool, tuple[str, ...], Refuted]] = []
    for action, resource in pairs:
        part = by_itself((_narrowed(clause, action, resource),))
        beyond = decided(partial(_beyond, part, new, old), setting, future=future)
        if isinstance(beyond, Unknown):
            doubt = doubt or beyond.reason
        if not isinstance(beyond, Refuted):
            continue
        disjoint = isinstance(apart(part, old, known(setting)), Proved)
        examples = () if disjoint else _examples(clause, action, resource, new, old, setting)
        found.append((action, resource, disjoint, examples, beyond))
    return _merged(clause, found), doubt


def _beyond(part: Access, new: Access, old: Access, setting: Setting) -> Answer:
    return ask(
        {"part": part, "new": new, "old": old},
        lambda allowed: And(allowed["part"], allowed["new"], Not(allowed["old"])),
        lambda says: says["part"] and says["new"] and not says["old"],
        setting,
    )


def _pairs(clause: Clause) -> list[tuple[str | None, str | None]]:
    actions: list[str | None] = [*_listed(clause.most.get("Action"))] or [None]
    resources: list[str | None] = [*_listed(clause.most.get("Resource"))] or [None]
    if len(actions) * len(resources) <= _PAIRS:
        return [(action, resource) for action in actions for resource in resources]
    return [(action, None) for action in actions] if len(actions) <= _PAIRS else [(None, None)]


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _narrowed(clause: Clause, action: str | None, resource: str | None) -> Clause:
    """A statement with one of its actions and resources."""

    def narrow(statement: Document) -> Document:
        out = dict(statement)
        if action is not None:
            out["Action"] = [action]
        if resource is not None:
            out["Resource"] = [resource]
        return out

    return replace(clause, most=narrow(clause.most), sure=None if clause.sure is None else narrow(clause.sure))


def _examples(
    clause: Clause, action: str | None, resource: str | None, new: Access, old: Access, setting: Setting
) -> tuple[str, ...]:
    """The actions of a pattern of which nothing is allowed by the others."""
    if action is None or not facts.is_pattern(action):
        return ()
    out = []
    for each in facts.expand(action)[:_SHOWN]:
        part = by_itself((_narrowed(clause, each.name, resource),))
        if isinstance(apart(part, old, known(setting)), Proved) and isinstance(
            apart(part, new, known(setting)), Refuted
        ):
            out.append(each.name)
    return tuple(out)


def _merged(clause: Clause, found: list[tuple[str | None, str | None, bool, tuple[str, ...], Refuted]]) -> list[Excess]:
    """Pairs of an action and a resource, joined to lists of both."""
    by_action: dict[tuple[str | None, bool, tuple[str, ...]], list[tuple[str | None, Refuted]]] = {}
    for action, resource, whole, examples, witness in found:
        by_action.setdefault((action, whole, examples), []).append((resource, witness))
    by_resources: dict[tuple[tuple[str | None, ...], bool], list[tuple[str | None, tuple[str, ...], Refuted]]] = {}
    for (action, whole, examples), pairs in by_action.items():
        key = (tuple(resource for resource, _ in pairs), whole)
        by_resources.setdefault(key, []).append((action, examples, pairs[0][1]))
    return [
        Excess(
            clause,
            tuple(action for action, _, _ in rows if action is not None),
            tuple(resource for resource in resources if resource is not None),
            whole,
            tuple(dict.fromkeys(name for _, examples, _ in rows for name in examples)),
            rows[0][2],
        )
        for (resources, whole), rows in by_resources.items()
    ]


# ---------------------------------------------------------------------------------------------------------- what is needed


def redundant(clauses: Clauses, setting: Setting = OPEN) -> tuple[list[Clause], list[str]]:
    """The statements without any of which alone the policy allows the same; and why it can't be told of others."""
    found, unknown = [], []
    for at, clause in enumerate(clauses):
        answer = _is_needless(clauses, clauses[:at] + clauses[at + 1 :], clause, setting)
        if isinstance(answer, Proved):
            found.append(clause)
        elif isinstance(answer, Unknown):
            unknown.append(f"{clause.name}: {answer.reason}")
    return found, unknown


def _is_needless(clauses: Clauses, without: Clauses, clause: Clause, setting: Setting) -> Answer:
    whole, rest = by_itself(clauses), by_itself(without)
    # Less is allowed without an Allow, and more without a Deny; so one direction is left to ask.
    return within(whole, rest, setting) if clause.allows else within(rest, whole, setting)


def minimise(clauses: Clauses, setting: Setting = OPEN) -> Clauses:
    """The policy without statements, actions and resources that make no difference, also to actions that AWS may add.

    What can't be told is kept, and the last statement, without which it would be no policy.
    """
    kept = list(clauses)
    for clause in reversed(clauses):
        if len(kept) == 1:
            break
        without = [each for each in kept if each is not clause]
        if isinstance(_is_needless(tuple(kept), tuple(without), clause, setting), Proved):
            kept = without
    for at in range(len(kept)):
        for element in ("Action", "NotAction", "Resource", "NotResource"):
            for text in _listed(kept[at].most.get(element)):
                kept = _without(kept, at, element, text, setting)
    return tuple(kept)


def _without(kept: list[Clause], at: int, element: str, text: str, setting: Setting) -> list[Clause]:
    """The policy without one text of one statement, where that makes no difference."""
    smaller = _less(kept[at], element, text)
    if smaller is None:
        return kept
    others = [*kept[:at], smaller, *kept[at + 1 :]]
    both = by_itself(tuple(kept)), by_itself(tuple(others))
    same = all(isinstance(within(*pair, setting), Proved) for pair in (both, both[::-1]))
    return others if same else kept


def _less(clause: Clause, element: str, text: str) -> Clause | None:
    """A statement without one text of a list; None where it is the last."""
    listed = _listed(clause.most.get(element))
    left = [each for each in listed if each != text]
    if not left or len(left) == len(listed) or clause.doubt:
        return None
    smaller = {**clause.most, element: left}
    return replace(clause, most=smaller, sure=smaller)
