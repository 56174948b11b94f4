"""Suppressions that were written for other tools, understood on request: `--honor checkov,trivy`.

Their ids are looked up among the aliases of our rules, so that what a team has decided already need not be said again. They are
kept as the other tool takes them, not wider: a comment within a block is about the block where that tool says so, one above a
line about the line.

checkov: https://www.checkov.io/2.Basics/Suppressing%20and%20Skipping%20Policies.html
trivy: https://trivy.dev/latest/docs/scanner/misconfiguration/config/config/
cfn-lint: https://github.com/aws-cloudformation/cfn-lint#template-based-metadata
cfn_nag: https://github.com/stelligent/cfn_nag#per-resource-rule-suppression
cdk-nag: https://github.com/cdklabs/cdk-nag#suppressing-a-rule
Guard rules registry: https://github.com/aws-cloudformation/aws-guard-rules-registry/blob/main/docs/
(all as of 2026-11)
"""

from __future__ import annotations

import base64
import binascii
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct

from stockade.engine.suppress import about_block, about_line, comments_of
from stockade.errors import UsageError
from stockade.model.app import Source
from stockade.model.suppression import Suppression
from stockade.near import did_you_mean
from stockade.patterns import regex
from stockade.rules._base import Rule
from stockade.text.document import Span
from stockade.text.node import Mapping as MappingNode
from stockade.text.node import Node, Scalar, Sequence

# Whose suppressions are understood, and a word without which a file holds none of them.
TOOLS = {
    "cdk-nag": ("cdk_nag",),
    "cfn-lint": ("cfn-lint",),
    "cfn-nag": ("cfn_nag",),
    "checkov": ("checkov", "bridgecrew", "cortex"),
    "guard": ("SuppressedRules",),
    "trivy": ("trivy:ignore", "tfsec:ignore"),
}

_CHECKOV = regex(r"(?:checkov|bridgecrew|cortex):skip= *([\w-]+(?:,[\w-]+)*)[ \t]*(?::(.*))?")
_TRIVY = regex(r"(?:trivy|tfsec):ignore:([\w*-]+)(\[[^\]]*\])?((?::(?:exp|ws):[^\s:]+)*)")
_EXPIRES = regex(r":exp:([^\s:]+)")
_WORKSPACE = regex(r":ws:")


class Ids(Struct, frozen=True):
    """Our rules by the ids that other tools have for what they find."""

    codes: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Ids:
        """The ids that rules name as their aliases."""
        found: dict[str, list[str]] = defaultdict(list)
        for rule in rules:
            for alias in rule.aliases:
                found[alias.lower()].append(rule.code)
        return cls({alias: tuple(codes) for alias, codes in found.items()})

    def named(self, word: str) -> tuple[str, ...]:
        """The codes of the rules that an id stands for: of a pack's rule also by the name of its class alone."""
        low = word.strip().lower()
        return (
            self.codes.get(low)
            or self.codes.get(low.removeprefix("avd-"))
            or self.codes.get(low.rpartition("-")[2] if "." in low else "")
            or ()
        )


def chosen(text: str) -> tuple[str, ...]:
    """The tools that somebody lists, "all" of them included. Raises UsageError, which names the nearest."""
    found: list[str] = []
    for word in filter(None, (part.strip().lower().replace("_", "-") for part in text.split(","))):
        if word == "all":
            return tuple(TOOLS)
        name = "trivy" if word == "tfsec" else word
        if name not in TOOLS:
            hint = did_you_mean(name, TOOLS) or f"use some of {', '.join(TOOLS)}, or `all`"
            raise UsageError(f"there is no tool `{word}` whose suppressions are understood", hint=hint)
        found.append(name)
    return tuple(dict.fromkeys(found))


def honored(source: Source, tools: Collection[str], ids: Ids) -> list[Suppression]:
    """What a file says to these tools, as far as it is about what a rule of ours finds."""
    text = source.document.text
    wanted = [tool for tool in TOOLS if tool in tools and any(word in text for word in TOOLS[tool])]
    if not wanted or (source.hcl is None and not source.roots):
        return []
    stated = [each for tool in wanted for each in _READERS[tool](source)]
    found = []
    for each in stated:
        codes = tuple(dict.fromkeys(code for word in each.rules for code in ids.named(word)))
        if codes:
            found.append(
                Suppression(
                    source=each.source,
                    rules=codes,
                    reason=each.reason,
                    until=each.until,
                    owner="",
                    span=each.span,
                    covers=each.covers,
                    within=each.within,
                )
            )
    return found


# ----------------------------------------------------------------------------------------------------------- comments


def _checkov(source: Source) -> Iterator[Suppression]:
    for comment in comments_of(source):
        for match in _CHECKOV.finditer(comment.text):
            yield _said("checkov", match[1].split(","), match[2] or "", comment.span, about_block(source, comment))
    for entry, own in _metadata(source, "checkov", "bridgecrew"):
        for item in _items(own.get("skip")):
            yield _said("checkov", [_word(item, "id")], _word(item, "comment"), item.span, entry)


def _trivy(source: Source) -> Iterator[Suppression]:
    for comment in comments_of(source):
        for match in _TRIVY.finditer(comment.text):
            if match[2] or _WORKSPACE.search(match[3]):
                continue  # only for some values, or in some workspace: what that is, is not known here
            until = _EXPIRES.search(match[3])
            yield _said(
                "trivy", [match[1]], "", comment.span, about_line(source, comment), until=until[1] if until else None
            )


# ----------------------------------------------------------------------------------------------------------- metadata


def _cfn_lint(source: Source) -> Iterator[Suppression]:
    for entry, own in _metadata(source, "cfn-lint", whole=True):
        config = own.get("config")
        listed = config.get("ignore_checks") if isinstance(config, MappingNode) else None
        for item in _items(listed):
            if isinstance(item, Scalar):
                yield _said("cfn-lint", [item.raw], "", item.span, entry)


def _cfn_nag(source: Source) -> Iterator[Suppression]:
    for entry, own in _metadata(source, "cfn_nag"):
        for item in _items(own.get("rules_to_suppress")):
            yield _said("cfn-nag", [_word(item, "id")], _word(item, "reason"), item.span, entry)


def _cdk_nag(source: Source) -> Iterator[Suppression]:
    for entry, own in _metadata(source, "cdk_nag", whole=True):
        for item in _items(own.get("rules_to_suppress")):
            reason = _word(item, "reason")
            if _word(item, "is_reason_encoded").lower() == "true":
                reason = _decoded(reason)
            listed = item.get("applies_to") if isinstance(item, MappingNode) else None
            # "Action::s3:*" is about the finding that says `s3:*`; an expression instead of a text is not followed.
            within = tuple(one.raw.partition("::")[2] or one.raw for one in _items(listed) if isinstance(one, Scalar))
            if listed is None or within:
                yield _said("cdk-nag", [_word(item, "id")], reason, item.span, entry, within=within)


def _guard(source: Source) -> Iterator[Suppression]:
    for entry, own in _metadata(source, "guard"):
        for item in _items(own.get("SuppressedRules")):
            if isinstance(item, Scalar):
                yield _said("guard", [item.raw], "", item.span, entry)


def _metadata(source: Source, *names: str, whole: bool = False) -> Iterator[tuple[Span, MappingNode]]:
    """What the metadata of each resource says under some names, and what it covers; `whole`: also that of the template."""
    for root in source.roots:
        if not isinstance(root, MappingNode):
            continue
        service = root.get("resources")
        resources = root.get("Resources") or (service.get("Resources") if isinstance(service, MappingNode) else None)
        bodies = resources.entries if isinstance(resources, MappingNode) else ()
        places = [(entry.span, entry.value) for entry in bodies]
        for covers, body in [*places, *([(root.span, root)] if whole else [])]:
            metadata = body.get("Metadata") if isinstance(body, MappingNode) else None
            for name in names:
                own = metadata.get(name) if isinstance(metadata, MappingNode) else None
                if isinstance(own, MappingNode):
                    yield covers, own


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.items if isinstance(node, Sequence) else ()


def _word(node: Node, name: str) -> str:
    value = node.get(name) if isinstance(node, MappingNode) else None
    return value.raw if isinstance(value, Scalar) else ""


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return text


def _said(
    tool: str,
    words: Iterable[str],
    reason: str,
    span: Span,
    covers: Span,
    *,
    until: str | None = None,
    within: tuple[str, ...] = (),
) -> Suppression:
    return Suppression(
        source=tool,
        rules=tuple(words),
        reason=" ".join(reason.split()),
        until=until,
        owner="",
        span=span,
        covers=covers,
        within=within,
    )


_Reader: TypeAlias = Callable[[Source], Iterator[Suppression]]
_READERS: dict[str, _Reader] = {
    "cdk-nag": _cdk_nag,
    "cfn-lint": _cfn_lint,
    "cfn-nag": _cfn_nag,
    "checkov": _checkov,
    "guard": _guard,
    "trivy": _trivy,
}
