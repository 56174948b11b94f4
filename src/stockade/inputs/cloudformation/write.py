"""Writes intents back into templates: the lens tables, read the other way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Listed
from typing import Any, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.errors import FixError
from stockade.inputs.cloudformation.evaluate import Evaluator
from stockade.inputs.cloudformation.tables import tables
from stockade.inputs.intrinsic import argument_of, intrinsic
from stockade.inputs.lens import Lens
from stockade.inputs.made import Pointer
from stockade.inputs.written import is_text_of_its_own, respelled
from stockade.model.app import Api, Resource, Site
from stockade.model.intent import Add, Here, Intent, Joined, New, Remove, Rewrite, Set, To, Unset
from stockade.model.value import File, Known, Value, When, conjoin, remaining
from stockade.patterns import regex
from stockade.text.document import Document, Span
from stockade.text.edit import (
    Plain,
    Tagged,
    insert_entry,
    insert_item,
    remove_entry,
    remove_item,
    replace_node,
    set_scalar,
)
from stockade.text.edits import Edit
from stockade.text.node import Mapping, Node, Scalar, Sequence

Cases: TypeAlias = "Listed[When]"
_DESTINATION = ("OnFailure", "Destination")
_SAM_TYPES = {"queue": "SQS", "topic": "SNS", "bucket": "S3"}
_PARTS_OF_IF = 3
_DEPENDS_ON = "DependsOn"
_EXTENSIONS = "extensions"
_PROPERTY = 4  # how far down a property stands: extensions, the resource, Properties, its name
_PLAIN = regex(r"[\w.:/-]+")
_HERE = {
    "account": "AWS::AccountId",
    "region": "AWS::Region",
    "partition": "AWS::Partition",
    "stack": "AWS::StackName",
}


def write(intents: Iterable[Intent]) -> list[tuple[Document, Edit]]:
    """The edits that make these intents true. Raises FixError, with the reason, where that can't be written."""
    return _Writer().run(list(intents))


class _Writer:
    def __init__(self) -> None:
        self.edits: list[tuple[Document, Edit]] = []
        self.names: dict[int, str] = {}  # the identifiers of new resources
        # What is inserted where nothing stands yet: several fields of one missing block become one block.
        self.missing: dict[tuple[int, str], _Missing] = {}
        self.removed: dict[int, set[str]] = {}  # the entries of mappings that go
        self.made: dict[int, str] = {}  # those of them that a framework makes by itself
        self.authorized: set[int] = set()  # the blocks that say that an API knows IAM
        self.replaced: set[int] = set()  # the nodes that are written anew, and all that stands in them

    def run(self, intents: list[Intent]) -> list[tuple[Document, Edit]]:
        for intent in intents:
            if isinstance(intent, New):
                self.names[id(intent)] = _free_name(intent)
        self.made = {id(new): name for intent in intents for new, name in _made_with(intent)}
        self.names |= self.made
        for intent in intents:
            if isinstance(intent, New):
                self._new(intent)
            elif isinstance(intent, Set):
                self._set(intent)
            elif isinstance(intent, Unset):
                self._unset(intent.resource, intent.field)
            elif isinstance(intent, Add):
                self._add(intent)
            elif isinstance(intent, Rewrite):
                self._rewrite(intent)
            else:
                self._remove(intent)
        for gap in self.missing.values():
            if isinstance(gap.into, Mapping):
                value = _listed(gap.value, gap.item)
                # A section of the template stands before those that it is for.
                above = "Transform" if gap.step == "Globals" and gap.into.entry("Transform") is not None else None
                after = above or self._stays(gap.into)
                self.edits.append((gap.document, insert_entry(gap.document, gap.into, gap.step, value, after=after)))
            else:
                self.edits.append((gap.document, insert_item(gap.document, gap.into, dict(gap.item) | gap.value)))
        return self.edits

    def _stays(self, mapping: Mapping) -> str | None:
        """The last entry of a mapping that stays, where others behind it go; None where none does."""
        gone = self.removed.get(id(mapping), set())
        keys = [entry.key.raw for entry in mapping.entries]
        if not keys or keys[-1] not in gone:
            return None
        return next((key for key in reversed(keys) if key not in gone), None)

    # -------------------------------------------------------------------------------------------------------- values

    def plain(self, value: Any) -> Plain:  # noqa: ANN401 - a fix may state any plain data
        """A value of an intent in the template's own language."""
        if isinstance(value, To):
            name = self.names[id(value.resource)] if isinstance(value.resource, New) else _site(value.resource).address
            kind = value.resource.kind.kind if isinstance(value.resource, New) else value.resource.kind
            if value.attribute == "Ref":
                return Pointer("!Ref", name, kind)
            return Pointer("!GetAtt", f"{name}.{value.attribute}", kind)
        if isinstance(value, Here):
            return Tagged("!Ref", _HERE[value.what])
        if isinstance(value, Joined):
            return Tagged("!Sub", "".join(map(_in_sub, value.parts)))
        if isinstance(value, list):
            return [self.plain(v) for v in value]
        if isinstance(value, dict):
            return {k: self.plain(v) for k, v in value.items()}
        plain: Plain = value
        return plain

    # ------------------------------------------------------------------------------------------------------- intents

    def _set(self, intent: Set) -> None:
        site, lens = _lens(intent.resource, intent.field)
        value = self.plain(intent.value)
        if intent.field == "authorization" and value == "AWS_IAM":
            self._with_iam_authorizer(intent.resource)
        current = getattr(intent.resource, intent.field)
        if isinstance(current, Value):
            elsewhere = _elsewhere(current, site, intent.when)
            if elsewhere is not None:
                self.edits.append((elsewhere.span.doc, set_scalar(elsewhere, value)))
                return
        self._put(site, (*site.base, *lens.path), value, lens.item, [intent.resource.exists], intent.when)
        # SAM lets the role that it makes send to a destination only where its type is written beside it.
        if site.type.startswith("AWS::Serverless::") and lens.path[-2:] == _DESTINATION and isinstance(value, Pointer):
            self._put(site, (*site.base, *lens.path[:-1], "Type"), _SAM_TYPES[value.kind])

    def _with_iam_authorizer(self, route: Resource) -> None:
        """Let the HTTP API of an event of SAM's know the authorizer that the event is to name.

        https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-property-httpapi-httpapiauth.html
        (as of 2026-11-28). For an API that SAM makes of events, `Globals` say it.
        """
        api = getattr(route, "api", None)
        if not isinstance(api, Api) or not _site(route).table.endswith("/HttpApi"):
            return
        site = _site(route)
        path: tuple[str, ...] = ("Globals", "HttpApi")
        if api.implicit:
            refused = next((stage.site.refuses for stage in api.stages if stage.site is not None), "")
            if refused:
                raise FixError(refused)
            site = replace(site, block=_evaluator(site).template.root)
        elif api.site is None or api.site.table != "AWS::Serverless::HttpApi":
            return
        else:
            site, path = api.site, ("Properties",)
        switch = (*path, "Auth", "EnableIamAuthorizer")
        there = _node_at(site, switch)
        if id(site.block) in self.authorized or (isinstance(there, Scalar) and there.raw == "true"):
            return
        if _node_at(site, (*path, "DefinitionUri")) is not None:
            raise FixError(f"the definition of `{api.address}` is in another file, and says who is let in")
        self.authorized.add(id(site.block))
        self._lay(site, switch, True)  # noqa: FBT003 - a value

    def _put(
        self,
        site: Site,
        path: tuple[str | int, ...],
        value: Plain,
        item: tuple[tuple[str, str], ...] = (),
        cases: Cases = ((),),
        bad: Cases | None = None,
    ) -> None:
        """Make the value at a path of the written resource be this one, where what decides in these cases is wrong."""
        written, own, value, beside = _as_written(site, path, value)
        self._lay(written, own, value, item, cases, bad)
        for other, said in beside:
            self._lay(written, other, said)

    def _lay(
        self,
        site: Site,
        path: tuple[str | int, ...],
        value: Plain,
        item: tuple[tuple[str, str], ...] = (),
        cases: Cases = ((),),
        bad: Cases | None = None,
    ) -> None:
        """Write a value where it belongs in the user's own text."""
        node: Node = site.block
        document = site.document
        for index, step in enumerate(path):
            if isinstance(node, Sequence) and isinstance(step, int):
                node = node.items[step]
                continue
            if step == "*" and isinstance(node, Sequence) and intrinsic(node) is None:
                own = _item_of(node, item)
                if own is None:
                    _every_case(cases, bad)
                    self._insert(document, node, [str(s) for s in path[index:]], value, item)
                    return
                node = own
                continue
            if not isinstance(node, Mapping) or intrinsic(node) is not None:
                raise FixError(f"`{path[index - 1] if index else site.address}` is not written out there")
            entry = node.entry(str(step))
            if entry is None:
                _every_case(cases, bad)
                self._insert(document, node, [str(s) for s in path[index:]], value, item)
                return
            if entry.merged:
                raise FixError("it is written through a YAML anchor, which others use too")
            node = entry.value
            document = node.span.doc
            # Nothing stands there, or (where a framework takes both) only that it is wanted.
            open_ = isinstance(node, Scalar) and node.tag is None and (node.value is None or _is_switch(site, node))
            if open_ and index + 1 < len(path):
                _every_case(cases, bad)
                inner = _listed(_nested([str(s) for s in path[index + 1 :]], value), item)
                self.edits.append((document, replace_node(document, node, inner)))
                return
        self._replace(site, node, value, cases, bad)

    def _insert(
        self,
        document: Document,
        into: Mapping | Sequence,
        steps: list[str],
        value: Plain,
        item: tuple[tuple[str, str], ...],
    ) -> None:
        inner = _nested(steps[1:], value)
        have = self.missing.setdefault((id(into), steps[0]), _Missing(document, into, steps[0], inner, item))
        if have.value is not inner and have.value != inner:
            if not isinstance(have.value, dict) or not isinstance(inner, dict):
                raise FixError(f"`{steps[0]}` would be written twice")
            _merge(have.value, inner)

    def _replace(self, site: Site, node: Node, value: Plain, cases: Cases, bad: Cases | None) -> None:
        document = node.span.doc
        call = intrinsic(node)
        if call is None:
            _every_case(cases, bad)
            self.replaced.add(id(node))
            if isinstance(node, Scalar) and _is_variable(site, node):
                self.edits.append((document, _with_fallback(node, value)))
                return
            self.edits.append(
                (document, set_scalar(node, value) if isinstance(node, Scalar) else replace_node(document, node, value))
            )
            return
        argument = argument_of(call)
        branches = (
            _evaluator(site).branches(argument, node)
            if call.name == "Fn::If" and isinstance(argument, Sequence) and len(argument.items) == _PARTS_OF_IF
            else None
        )
        if branches is None:
            raise FixError(f"the value is computed there (`{call.name}`)")
        wrong: list[tuple[Node, Cases]] = []
        for item in argument.items[1:] if isinstance(argument, Sequence) else ():
            own = [c for case in cases for when, b in branches if b is item and (c := conjoin(case, when)) is not None]
            if not own or (isinstance(item, Scalar) and item.tag is None and item.raw == str(value)):
                continue
            if bad is None or any(conjoin(case, when) is not None for case in own for when in bad):
                wrong.append((item, own))
        if bad is None and len(wrong) > 1:
            raise FixError("which of the two values of `Fn::If` is meant can't be told")
        for branch, decides in wrong:
            self._replace(site, branch, value, decides, bad)

    def _unset(self, resource: Resource, field: str) -> None:
        site, lens = _lens(resource, field)
        path: tuple[str | int, ...] = (*site.base, *lens.path)
        made = _evaluator(site).template.made
        place = made.place(site.address, path) if made is not None and site.base else None
        if place is not None:
            site, path = replace(site, document=place.document, block=place.block), place.path
        above = [_node_at(site, path[:index]) for index in range(len(path))]
        if any(id(node) in self.replaced for node in above) or self._is_hidden(site, path):
            return
        parent, key = above[-1], str(path[-1])
        if not isinstance(parent, Mapping) or parent.entry(key) is None:
            raise FixError(f"`{key}` is not written there")
        document = parent.span.doc
        self.removed.setdefault(id(parent), set()).add(key)
        self.edits.append((document, remove_entry(document, parent, key)))

    def _is_hidden(self, site: Site, path: tuple[str | int, ...]) -> bool:
        """Whether what is inserted says all of it, so that what is written elsewhere counts no more."""
        gap = self.missing.get((id(site.block), str(path[0])))
        return gap is not None and len(path) > 1 and not isinstance(gap.value, dict)

    def _add(self, intent: Add) -> None:
        site, lens = _lens(intent.resource, intent.field)
        path = (*site.base, *lens.path)
        node = _node_at(site, path)
        value = self.plain(intent.value)
        made = _evaluator(site).template.made
        if made is not None and isinstance(node, Sequence) and id(node) not in made.owned():
            raise FixError("the framework makes the list")
        if node is None:
            self._put(site, path, [value])
        elif isinstance(node, Sequence) and intrinsic(node) is None:
            self.edits.append((node.span.doc, insert_item(node.span.doc, node, value)))
        elif isinstance(node, Scalar) and node.tag is None and node.value is not None:
            self.edits.append((node.span.doc, replace_node(node.span.doc, node, [node.value, value])))
        else:
            raise FixError("the list is computed there")

    def _wait(self, site: Site, name: str) -> None:
        """Let a resource (of an event of SAM's: the function that it is of) wait for a new one."""
        node = _node_at(site, (_DEPENDS_ON,))
        made = _evaluator(site).template.made
        if node is None or (made is not None and id(node) not in made.owned()):
            self._put(site, (_DEPENDS_ON,), [name] if made is not None else name)  # a framework adds a list to its own
        elif isinstance(node, Sequence):
            self.edits.append((node.span.doc, insert_item(node.span.doc, node, name)))
        elif isinstance(node, Scalar) and isinstance(node.value, str):
            self.edits.append((node.span.doc, replace_node(node.span.doc, node, [node.value, name])))
        else:
            raise FixError(f"`{_DEPENDS_ON}` is no list of names there")

    def _remove(self, intent: Remove) -> None:
        site, lens = _lens(intent.resource, intent.field)
        if not isinstance(intent.origin, File):
            raise FixError("it is not written in a file")
        target = intent.origin.span
        node = _node_at(site, (*site.base, *lens.path))
        document = target.doc
        made = _evaluator(site).template.made
        if node is None or not _covers(node.span, target) or (made is not None and id(node) not in made.owned()):
            node = _find_list(intent.resource, target)
        if isinstance(node, Sequence) and node.tag is None:
            for index, item in enumerate(node.items):
                if item.span.start == target.start and item.span.end == target.end:
                    self.edits.append((document, remove_item(document, node, index)))
                    return
        if node is not None and node.span.start == target.start and node.span.end == target.end:
            self._unset(intent.resource, intent.field)
            return
        raise FixError("it does not stand in a written list there")

    def _rewrite(self, intent: Rewrite) -> None:
        if not isinstance(intent.origin, File):
            raise FixError("it is not written in a file")
        span = intent.origin.span
        template = _evaluator(_site(intent.resource)).template
        roots = [template.root] if template.made is None else list(template.made.roots())
        node = next(
            (n for root in roots if _covers(root.span, span) for n in _down_to(root, span) if _is_at(n, span)), None
        )
        if node is None:
            self.edits.append((span.doc, respelled(span, intent.value)))
        elif (
            isinstance(node, Scalar)
            and node.tag is None
            and is_text_of_its_own(node.raw)
            and not _is_variable(_site(intent.resource), node)
        ):
            self.edits.append((span.doc, set_scalar(node, intent.value)))
        else:
            raise FixError("the text is computed there")

    def _new(self, intent: New) -> None:
        site = _site(intent.beside)
        if intent.first:
            self._wait(site, self.names[id(intent)])
        table = next(
            (
                t
                for t in tables().values()
                if t.makes is intent.kind and t.type.startswith("AWS::") and "/" not in t.type
                and not t.type.startswith("AWS::Serverless") and all(f in t.fields for f in intent.fields)
            ),
            None,
        )  # fmt: skip
        if table is None:
            raise FixError(f"no resource type for a {intent.kind.kind} with these fields")
        properties: dict[str, Any] = {}
        for field, value in intent.fields.items():
            _merge(properties, _nested(list(table.fields[field].path), self.plain(value)))
        template = _evaluator(site).template
        block: Plain = {"Type": table.type, "Properties": properties} if properties else {"Type": table.type}
        name = self.names[id(intent)]
        if id(intent) in self.made:
            self._put(replace(site, address=""), ("extensions", name), {"Properties": properties})
            return
        if template.made is not None:
            self._put(replace(site, address=""), ("Resources", name), block)
            return
        resources = template.root.get("Resources")
        if not isinstance(resources, Mapping):
            raise FixError("the template's resources are not written as a mapping")
        # What is made beside an API of SAM's own stands beside no block.
        after = site.address if resources.entry(site.address) is not None else None
        self.edits.append((site.document, insert_entry(site.document, resources, name, block, after=after)))


def _in_sub(part: str | To | Here) -> str:
    if isinstance(part, To):
        raise FixError("a text with a reference to a resource is not written here")
    return f"${{{_HERE[part.what]}}}" if isinstance(part, Here) else part


def _as_written(
    site: Site, path: tuple[str | int, ...], value: Plain
) -> tuple[Site, tuple[str | int, ...], Plain, tuple[tuple[tuple[str | int, ...], Any], ...]]:
    """What is to be written where, of a resource that a framework makes: in the user's own block, and in its words."""
    made = _evaluator(site).template.made
    if made is None:
        return site, path, value, ()
    there = _node_at(site, path)
    place = made.place(site.address, path) if site.base or not site.address else None
    if there is not None and id(there) in made.owned():
        return site, path, value, ()
    if place is None:
        if id(site.block) not in made.owned():
            raise FixError(f"the framework makes `{site.address}`, and has no setting for it")
        return site, path, value, ()
    path, value = place.path, place.said(value)
    if _EXTENSIONS in path[:2]:  # below `resources`, or in a file of which that is made
        end = path.index(_EXTENSIONS) + _PROPERTY
        if len(path) > end and _node_at(replace(site, block=place.block), path[:end]) is None:
            path, value = path[:end], _with_rest(site, path[end:], value, path[end - 1])
    return replace(site, document=place.document, block=place.block), path, value, place.beside


def _with_rest(site: Site, steps: tuple[str | int, ...], value: Plain, name: str | int) -> Any:  # noqa: ANN401 - plain data
    """A property of an extension, which takes the place of the whole property that the framework makes."""
    whole = _nested([str(step) for step in steps], value)
    made = _node_at(site, ("Properties", name))
    if steps and isinstance(made, Mapping) and intrinsic(made) is None:
        rest = {e.key.raw: e.value.value for e in made.entries if type(e.value) is Scalar and e.value.tag is None}
        whole = {key: kept for key, kept in rest.items() if kept is not False} | whole
    return whole


def _is_variable(site: Site, node: Scalar) -> bool:
    """Whether a value is what a framework's variable comes to, which is written in its place."""
    return _evaluator(site).template.made is not None and "${" in node.span.text and "${" not in node.raw


def _with_fallback(node: Scalar, value: Plain) -> Edit:
    """The edit of what a variable falls back to: `${param:runtime, 'python3.9'}`."""
    written = [quote + node.raw + quote for quote in "'\""]
    text = node.span.text
    at = [(text.index(w), w) for w in written if text.count(w) == 1]
    if len(at) != 1 or not isinstance(value, str) or not _PLAIN.fullmatch(value):
        raise FixError("a variable decides it")
    start, old = at[0]
    span = Span(node.span.doc, node.span.start + start + 1, node.span.start + start + len(old) - 1)
    return Edit(span, value)


def _made_with(intent: Intent) -> Iterator[tuple[New, str]]:
    """The new resource that an intent refers to, where a framework makes it as soon as the intent is written."""
    if not isinstance(intent, Set) or not isinstance(intent.value, To) or not isinstance(intent.value.resource, New):
        return
    site, lens = _lens(intent.resource, intent.field)
    made = _evaluator(site).template.made
    place = made.place(site.address, (*site.base, *lens.path)) if made is not None and site.base else None
    if place is not None and place.makes:
        yield intent.value.resource, place.makes


def _is_switch(site: Site, node: Scalar) -> bool:
    """Whether a framework takes a `true` for a block that says nothing, or a `false` for none."""
    return isinstance(node.value, bool) and _evaluator(site).template.made is not None


class _Missing(Struct, frozen=True, eq=False):
    """A block that does not stand there yet: what it goes into, under which key (or as an item), and what it holds."""

    document: Document
    into: Mapping | Sequence
    step: str
    value: Any
    item: tuple[tuple[str, str], ...]


def _every_case(cases: Cases, bad: Cases | None) -> None:
    """That what is written there is wrong in every case in which it decides."""
    left = remaining(cases, bad) if bad is not None else []
    if left:
        words = " and ".join(p.text for p in left[0])
        raise FixError("it would also change what is right" + (f" when {words}" if words else ""))


def _item_of(node: Sequence, item: tuple[tuple[str, str], ...]) -> Mapping | None:
    """The item of a list that these keys mark."""
    for candidate in node.items:
        if isinstance(candidate, Mapping) and item:
            found = {key: value.raw for key, _ in item if isinstance(value := candidate.get(key), Scalar)}
            if found == dict(item):
                return candidate
    return None


def _listed(value: Any, item: tuple[tuple[str, str], ...]) -> Any:  # noqa: ANN401 - plain data
    """Plain data in which a step `*` has become a list of one item."""
    if not isinstance(value, dict):
        return value
    if value.keys() == {"*"}:
        return [dict(item) | value["*"]] if isinstance(value["*"], dict) else [value["*"]]
    return {key: _listed(inner, item) for key, inner in value.items()}


def _site(resource: Resource) -> Site:
    if resource.site is None:
        raise FixError(f"`{resource.address}` is not written anywhere: it is made by the framework")
    return resource.site


def _evaluator(site: Site) -> Evaluator:
    if not isinstance(site.context, Evaluator):
        raise FixError("the template is not at hand")
    return site.context


def _lens(resource: Resource, field: str) -> tuple[Site, Lens]:
    site = _site(resource)
    table = tables().get(site.table)
    lens = table.fields.get(field) if table is not None else None
    if lens is None:
        if site.table.startswith("openapi"):
            raise FixError("the API's OpenAPI definition says it, where no fix is written")
        raise FixError(f"how it is written for `{resource.address}` is not known")
    return site, lens


def _nested(steps: list[str], value: Plain) -> Any:  # noqa: ANN401 - plain data
    for step in reversed(steps):
        value = {step: value}
    return value


def _merge(into: dict[str, Any], more: Any) -> None:  # noqa: ANN401 - plain data
    for key, value in more.items():
        if isinstance(into.get(key), dict) and isinstance(value, dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _node_at(site: Site, path: tuple[str | int, ...]) -> Node | None:
    node: Node | None = site.block
    for step in path:
        if isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
        elif isinstance(node, Mapping) and intrinsic(node) is None:
            node = node.get(str(step))
        else:
            return None
    return node


def _covers(outer: Span, inner: Span) -> bool:
    return outer.doc is inner.doc and outer.start <= inner.start and inner.end <= outer.end


def _elsewhere(current: Value[Any], site: Site, bad: Cases | None) -> Scalar | None:
    """The scalar outside of the resource that decides a value, where it is wrong: in Globals, or the default of a parameter."""
    found: list[Scalar] = []
    root = _evaluator(site).template.root
    here = False
    for case, leaf in current.leaves():
        origin = leaf.origin
        if bad is not None and all(conjoin(case, when) is None for when in bad):
            continue
        if not isinstance(origin, File) or not isinstance(leaf, Known):
            continue
        here = here or not origin.via
        # The last step is where the value itself stands: Globals may only refer to a parameter.
        steps = [v for v in origin.via if v.what != "Globals"] or list(origin.via)
        for via in steps[-1:]:
            if via.what == "Globals" or via.what.startswith("default of parameter"):
                node = _node_with_span(root, via.span or origin.span)
                if not isinstance(node, Scalar) or node.tag is not None:
                    raise FixError(f"the value is computed in {via.what}")
                if node not in found:
                    found.append(node)
            elif via.what.startswith(("parameter ", "mapping ", "export ", "allowed value")):
                raise FixError(f"the value comes from the {via.what}")
    if len(found) + here > 1 and found:
        raise FixError("the value comes from several places")
    return found[0] if found else None


def _down_to(root: Node, span: Span) -> Iterator[Node]:
    """The nodes from `root` down to a place, the outer ones first."""
    todo = [root]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, Mapping):
            todo += [e.value for e in node.entries if _covers(e.value.span, span)]
        elif isinstance(node, Sequence):
            todo += [i for i in node.items if _covers(i.span, span)]


def _is_at(node: Node, span: Span) -> bool:
    return node.span.start == span.start and node.span.end == span.end


def _node_with_span(root: Node, span: Span) -> Node | None:
    return next((n for n in _down_to(root, span) if isinstance(n, Scalar) and _is_at(n, span)), None)


def _find_list(resource: Resource, target: Span) -> Node | None:
    """The list in the resource's own template whose item stands at a place: in Globals, or in a framework's own words."""
    template = _evaluator(_site(resource)).template
    roots = [template.root] if template.made is None else [r for r in template.made.roots() if _covers(r.span, target)]
    lists = (n for root in roots for n in _down_to(root, target) if isinstance(n, Sequence))
    return next((n for n in lists if any(_is_at(item, target) for item in n.items)), None)


def _free_name(intent: New) -> str:
    taken = _evaluator(_site(intent.beside)).template.resources
    # A framework's own names may have more in them than logical ids can.
    wanted = "".join(c for c in intent.name if c.isalnum())
    wanted = wanted[:1].upper() + wanted[1:]
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}{number}", number + 1
    return name


__all__ = ["write"]
