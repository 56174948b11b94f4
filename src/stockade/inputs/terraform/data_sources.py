"""Data sources that can be told without asking AWS: policy documents, the caller's place, archives, templates.

Attribute names: the schema of the AWS provider 5.100.0 and of the archive and template providers, as of 2026-11-28. How a policy
document is put together: https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from stockade.inputs.terraform.attributes import ACCOUNT, PARTITION, REGION, word_for
from stockade.inputs.terraform.configuration import alias_of
from stockade.inputs.terraform.documents import decode
from stockade.inputs.terraform.terms import (
    Json,
    Lit,
    NotKnown,
    Obj,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    cases,
    doubt_of,
    each_case,
    from_plain,
    is_null,
    plain,
    scalar_text,
    text_of,
)
from stockade.knowledge.iam import managed_policy
from stockade.knowledge.regions import partition_of
from stockade.model.value import Doubt, Hole
from stockade.text.document import Document, Span

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Copy

_PLAN = "scan a plan (`terraform show -json`), which holds what the data source says"
_LISTS = {
    "actions": "Action",
    "not_actions": "NotAction",
    "resources": "Resource",
    "not_resources": "NotResource",
}


def data_attribute(copy: Copy, name: str, span: Span) -> Term | None:
    """An attribute of a data source; None where the general way holds (what is stated, else a reference)."""
    handler = _HANDLERS.get(copy.declaration.type)
    found = handler(copy, name, span) if handler is not None else None
    if found is not None:
        return found
    body = copy.declaration.block.body
    if name in body.attributes:
        stated = copy.stated(name)
        if stated is not None and not is_null(stated):
            return stated
    if word_for(copy.declaration.type, name) is not None:
        return None  # a reference: it is a text that is there
    shown = f"{copy.address}.{name}"
    doubt = Doubt(f"`{shown}` is read from AWS when Terraform plans", _PLAN, "data source")
    return Unk(span=span, doubt=doubt, name=shown)


# ------------------------------------------------------------------------------------------------------ policy documents


def _policy_document(copy: Copy, name: str, _: Span) -> Term | None:
    if name not in {"json", "minified_json"}:
        return None
    known = copy.derived.get(name)
    if known is None:
        known = copy.derived[name] = policy_document(copy.block(), indented=name == "json")
    return known


def policy_document(block: Obj, *, indented: bool = True) -> Term:
    """The policy that the block of an `aws_iam_policy_document` makes, as JSON."""
    at = block.span
    nothing: Term = Seq(span=at, items=())
    statements = block.entries.get("statement", nothing)
    sources = _listed(block.entries.get("source_policy_documents"), block.entries.get("source_json"), at)
    overrides = _listed(block.entries.get("override_policy_documents"), block.entries.get("override_json"), at)
    return each_case(
        (statements, sources, overrides),
        at,
        lambda got: Json(span=at, inner=_merged(block, got[0], got[1], got[2]), ordered=True, indented=indented),
    )


def _listed(many: Term | None, one: Term | None, span: Span) -> Term:
    if many is not None and not is_null(many):
        return many
    if one is not None and not is_null(one):
        return Seq(span=one.span, items=(one,))
    return Seq(span=span, items=())


class _Merged:
    """Statements in order, of which one with a later one's Sid is replaced."""

    def __init__(self) -> None:
        self.items: list[Term] = []
        self.by_sid: dict[str, int] = {}
        self.opened: Doubt | None = None
        self.version: Term | None = None
        self.id: Term | None = None

    def named(self, version: Term | None, policy_id: Term | None) -> None:
        """A document's version and id: the newer version counts, and the last id."""
        if policy_id is not None and not is_null(policy_id):
            self.id = policy_id
        if version is None or is_null(version):
            return
        if (
            self.version is None
            or type(version) is not Lit
            or type(self.version) is not Lit
            or str(version.v) > str(self.version.v)
        ):
            self.version = version

    def put(self, statement: Term) -> None:
        """Add or replace one."""
        sid = ""
        if type(statement) is Obj and "Sid" in statement.entries:
            try:
                sid = str(plain(statement.entries["Sid"]))
            except NotKnown:
                sid = ""
        if sid and sid in self.by_sid:
            self.items[self.by_sid[sid]] = statement
            return
        if sid:
            self.by_sid[sid] = len(self.items)
        self.items.append(statement)

    def put_document(self, text: Term) -> None:
        """Add the statements of a whole document."""
        found = decode(text)
        if type(found) is not Obj:
            if not (type(text) is Lit and not str(text.v or "").strip()):
                self.opened = doubt_of(text) if type(text) is not Lit else Doubt("it is no policy document")
            return
        self.named(found.entries.get("Version"), found.entries.get("Id"))
        stated = found.entries.get("Statement")
        if stated is None:
            return
        if type(stated) is Seq:
            for item in stated.items:
                self.put(item)
            self.opened = self.opened or stated.open
        elif type(stated) is Obj:
            self.put(stated)
        else:
            self.opened = doubt_of(stated)


def _merged(block: Obj, statements: Term, sources: Term, overrides: Term) -> Obj:
    merged = _Merged()
    _put_documents(merged, sources)
    at = block.span
    version = block.entries.get("version")
    if version is None or is_null(version):
        version = Lit(span=at, v="2012-10-17")
    merged.named(version, block.entries.get("policy_id"))
    if type(statements) is Seq:
        for item in statements.items:
            merged.put(_statement(item))
        merged.opened = merged.opened or statements.open
    else:
        merged.opened = doubt_of(statements)
    _put_documents(merged, overrides)
    entries: dict[str, Term] = {"Version": merged.version or version}
    if merged.id is not None:
        entries["Id"] = merged.id
    if merged.items or merged.opened is not None:
        entries["Statement"] = Seq(span=at, items=tuple(merged.items), open=merged.opened)
    return Obj(span=at, entries=entries)


def _put_documents(merged: _Merged, documents: Term) -> None:
    if type(documents) is Seq:
        for item in documents.items:
            options = cases(item)
            if len(options) == 1:
                merged.put_document(options[0][1])
            else:
                merged.opened = doubt_of(item)
                for _, leaf in options:
                    merged.put_document(leaf)
        merged.opened = merged.opened or documents.open
    else:
        merged.opened = doubt_of(documents)


def _statement(term: Term) -> Term:
    if type(term) is not Obj:
        return term
    entries: dict[str, Term] = {}
    keys: dict[str, Span] = {}
    places: dict[str, Span] = {}

    def put(name: str, value: Term, source: str) -> None:
        entries[name] = value
        if source in term.keys:
            keys[name] = term.keys[source]
        if source in term.places:
            places[name] = term.places[source]

    sid = term.entries.get("sid")
    if sid is not None and not is_null(sid) and not (type(sid) is Lit and sid.v == ""):
        put("Sid", sid, "sid")
    effect = term.entries.get("effect")
    put("Effect", Lit(span=term.span, v="Allow") if effect is None or is_null(effect) else effect, "effect")
    for own, word in _LISTS.items():
        value = term.entries.get(own)
        if value is not None and not is_null(value):
            made = each_case((value,), value.span, lambda got: _list(got[0]))
            if not (type(made) is Seq and not made.items and made.open is None):
                put(word, made, own)
    for own, word in (("principals", "Principal"), ("not_principals", "NotPrincipal")):
        value = term.entries.get(own)
        if value is not None:
            made = each_case((value,), value.span, lambda got: _principals(got[0]))
            if not (type(made) is Obj and not made.entries and made.open is None):
                put(word, made, own)
    conditions = term.entries.get("condition")
    if conditions is not None:
        made = each_case((conditions,), conditions.span, lambda got: _conditions(got[0]))
        if not (type(made) is Obj and not made.entries and made.open is None):
            put("Condition", made, "condition")
    return Obj(span=term.span, entries=entries, keys=keys, places=places, open=term.open)


def _list(term: Term) -> Term:
    """A list of texts as the provider writes it: without duplicates, in falling order, one alone as itself."""
    if type(term) is not Seq:
        return term
    items = tuple(_variables(item) for item in term.items)
    try:
        order = {str(plain(item)): item for item in items}
    except NotKnown:
        return Seq(span=term.span, items=items, open=term.open)
    ordered = tuple(order[text] for text in sorted(order, reverse=True))
    if len(ordered) == 1 and term.open is None:
        return ordered[0]
    return Seq(span=term.span, items=ordered, open=term.open)


def _variables(term: Term) -> Term:
    """`&{aws:username}` stands for `${aws:username}`, which Terraform would fill in."""
    if type(term) is Lit and term.v is not None and not isinstance(term.v, str):
        return Lit(span=term.span, v=scalar_text(term.v), sensitive=term.sensitive)
    if type(term) is Lit and isinstance(term.v, str) and "&{" in term.v:
        return Lit(span=term.span, v=term.v.replace("&{", "${"), sensitive=term.sensitive)
    if type(term) is Txt and any(isinstance(p, str) and "&{" in p for p in term.parts):
        parts: list[TxtPart] = [p.replace("&{", "${") if isinstance(p, str) else p for p in term.parts]
        return text_of(parts, term.span, sensitive=term.sensitive)
    return term


def _principals(term: Term) -> Term:
    if type(term) is not Seq:
        return term
    entries: dict[str, Term] = {}
    opened = term.open
    for item in term.items:
        if type(item) is not Obj:
            opened = opened or doubt_of(item)
            continue
        kind, who = item.entries.get("type"), item.entries.get("identifiers")
        if kind is None or who is None:
            continue
        try:
            word = str(plain(kind))
        except NotKnown as why:
            opened = opened or why.doubt
            continue
        made = each_case((who,), who.span, lambda got: _list(got[0]))
        if word == "*":
            return Lit(span=who.span, v="*")
        entries[word] = _together(entries.get(word), made)
    return Obj(span=term.span, entries=dict(sorted(entries.items())), open=opened)


def _together(left: Term | None, right: Term) -> Term:
    if left is None:
        return right
    items: list[Term] = []
    opened: Doubt | None = None
    for term in (left, right):
        if type(term) is Seq:
            items += term.items
            opened = opened or term.open
        else:
            items.append(term)
    return Seq(span=right.span, items=tuple(items), open=opened)


def _conditions(term: Term) -> Term:
    if type(term) is not Seq:
        return term
    entries: dict[str, dict[str, Term]] = {}
    keys: dict[str, Span] = {}
    spots: dict[str, dict[str, Span]] = {}
    opened = term.open
    for item in term.items:
        if type(item) is not Obj:
            opened = opened or doubt_of(item)
            continue
        test, variable, values = (item.entries.get(n) for n in ("test", "variable", "values"))
        if test is None or variable is None or values is None:
            continue
        try:
            operator, key = str(plain(test)), str(plain(variable))
        except NotKnown as why:
            opened = opened or why.doubt
            continue
        made = each_case((values,), values.span, lambda got: _kept(got[0]))
        own = entries.setdefault(operator, {})
        own[key] = _together(own.get(key), made)
        keys.setdefault(operator, item.span)
        spots.setdefault(operator, {})[key] = item.places.get("values", item.span)
    made_entries: dict[str, Term] = {
        operator: Obj(span=keys[operator], entries=dict(sorted(own.items())), places=spots[operator])
        for operator, own in sorted(entries.items())
    }
    return Obj(span=term.span, entries=made_entries, keys=keys, open=opened)


def _kept(term: Term) -> Term:
    """Values of a condition: in their order, one alone as itself."""
    if type(term) is not Seq:
        return term
    items = tuple(_variables(item) for item in term.items)
    return items[0] if len(items) == 1 and term.open is None else Seq(span=term.span, items=items, open=term.open)


# ------------------------------------------------------------------------------------------------------------ the others


def _hole(hole: Hole, span: Span) -> Term:
    return Unk(span=span, doubt=hole.doubt, name=hole.name, kind="string", plain=True)


def _region(copy: Copy, name: str, span: Span) -> Term | None:
    if name in {"name", "id", "region"}:
        block = copy.declaration.block
        if name in block.body.attributes:
            return None
        known = copy.module.regions.get(alias_of(copy.declaration.block))
        return known if type(known) is Lit and known.v else _hole(REGION, span)
    return None


def _caller(_: Copy, name: str, span: Span) -> Term | None:
    return _hole(ACCOUNT, span) if name in {"account_id", "id"} else None


_SUFFIX = Hole("AWS::URLSuffix", Doubt("the partition is known only after apply", cause="partition"), plain=True)


def _partition(copy: Copy, name: str, span: Span) -> Term | None:
    region = copy.module.regions.get(alias_of(copy.declaration.block))
    known = partition_of(str(region.v)) if type(region) is Lit and region.v else None
    if name in {"partition", "id"}:
        return Lit(span=span, v=known.id) if known is not None else _hole(PARTITION, span)
    if name == "dns_suffix":
        return Lit(span=span, v=known.dns_suffix) if known is not None else _hole(_SUFFIX, span)
    return None


def _archive(copy: Copy, name: str, _: Span) -> Term | None:
    """An archive stands for what it is made of: a folder or a file."""
    if name != "output_path":
        return None
    for source in ("source_dir", "source_file"):
        found = copy.stated(source)
        if found is not None and not is_null(found):
            return found
    return copy.stated("output_path")


def _template(copy: Copy, name: str, span: Span) -> Term | None:
    """`template_file`: the old way to fill in a template."""
    if name != "rendered":
        return None
    known = copy.derived.get("rendered")
    if known is None:
        known = copy.derived["rendered"] = _rendered(copy, span)
    return known


def _rendered(copy: Copy, span: Span) -> Term:
    template = copy.stated("template")
    variables = copy.stated("vars")
    if template is None:
        raise Wrong("the template is not stated", span)
    given = variables if variables is not None and not is_null(variables) else Obj(span=span, entries={})

    def fill(got: tuple[Term, ...]) -> Term:
        try:
            text = plain(got[0])
        except NotKnown as why:
            return Unk(span=span, doubt=why.doubt)
        document = Document(got[0].span.doc.path, str(text), syntax="text")
        return copy.module.evaluator.render_text(document, got[1], span, copy.scope)

    return each_case((template, given), span, fill)


def _secret_version(copy: Copy, name: str, span: Span) -> Term | None:
    """A secret that Terraform reads while it plans: resolved then, under a name, like CloudFormation's dynamic references."""
    if name not in {"secret_string", "secret_binary"}:
        return None
    shown = f"{copy.address}.{name}"
    doubt = Doubt(f"`{shown}` is read from Secrets Manager when Terraform plans", "", "secret")
    return Unk(span=span, doubt=doubt, name=f"{{{{resolve:secretsmanager:{copy.address}}}}}", kind="string")


def _parameter(copy: Copy, name: str, span: Span) -> Term | None:
    if name not in {"value", "insecure_value"}:
        return None
    shown = f"{copy.address}.{name}"
    doubt = Doubt(f"`{shown}` is read from Parameter Store when Terraform plans", _PLAN, "data source")
    return Unk(span=span, doubt=doubt, name=f"{{{{resolve:ssm:{copy.address}}}}}", kind="string")


def _managed(copy: Copy, name: str, _: Span) -> Term | None:
    """A policy by its name or ARN: those of AWS are known."""
    if name not in {"arn", "id", "policy"}:
        return None
    stated = copy.stated("arn")
    if name != "policy" and stated is not None and not is_null(stated):
        return stated
    word = stated if stated is not None and not is_null(stated) else copy.stated("name")
    if word is None:
        return None
    try:
        known = managed_policy(str(plain(word)))
    except NotKnown:
        return None
    if known is None:
        return None
    if name == "policy":
        return Json(span=word.span, inner=from_plain(known.document, word.span))
    return Lit(span=word.span, v=known.arn)


_Handler = Callable[["Copy", str, Span], "Term | None"]

_HANDLERS: dict[str, _Handler] = {
    "aws_iam_policy_document": _policy_document,
    "aws_region": _region,
    "aws_caller_identity": _caller,
    "aws_partition": _partition,
    "archive_file": _archive,
    "template_file": _template,
    "aws_secretsmanager_secret_version": _secret_version,
    "aws_ssm_parameter": _parameter,
    "aws_iam_policy": _managed,
}

__all__ = ["data_attribute"]
