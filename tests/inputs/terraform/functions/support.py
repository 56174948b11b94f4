"""Terms for the tests of functions, and what is left of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from stockade.inputs.terraform.functions import Call, Files, functions
from stockade.inputs.terraform.terms import (
    Alt,
    Json,
    Lit,
    NotKnown,
    Obj,
    Ref,
    Seq,
    Term,
    Txt,
    TxtPart,
    Unk,
    Wrong,
    alt,
    cases,
)
from stockade.model.value import Doubt, Hole, Premise, Reference
from stockade.text.document import Document, Span

SOURCE = Document("main.tf", "locals { }\n" * 20, syntax="hcl")
DOUBT = Doubt("nobody knows")


def span(at: int = 0) -> Span:
    return SOURCE.span(at, at + 1)


def lit(v: Any, at: int = 0, *, sensitive: bool = False) -> Lit:
    return Lit(span=span(at), v=v, sensitive=sensitive)


def unk(name: str = "", kind: Any = "", *, plain: bool = False) -> Unk:
    return Unk(span=span(), doubt=DOUBT, name=name, kind=kind, plain=plain)


def hole(name: str = "var.x", *, plain: bool = False) -> Hole:
    return Hole(name, DOUBT, plain)


def ref(shown: str = "aws_sqs_queue.q.arn", behind: Term | None = None) -> Ref:
    reference = Reference(shown.rpartition(".")[0], "Arn", shown)
    return Ref(reference, (lambda: behind) if behind is not None else None)


def txt(*parts: TxtPart, sensitive: bool = False) -> Txt:
    return Txt(span=span(), parts=parts, sensitive=sensitive)


def term(v: Any) -> Term:
    """A term of Python data: lists are tuples, dicts objects; terms stay what they are."""
    if isinstance(v, Term):
        return v
    if isinstance(v, list):
        return Seq(span=span(), items=tuple(map(term, v)))
    if isinstance(v, dict):
        return Obj(span=span(), entries={key: term(value) for key, value in v.items()})
    return lit(v)


def seq(*items: Any, kind: Any = "tuple", opened: bool = False) -> Seq:
    return Seq(span=span(), items=tuple(map(term, items)), kind=kind, open=DOUBT if opened else None)


def obj(entries: dict[str, Any], kind: Any = "object", *, opened: bool = False) -> Obj:
    return Obj(
        span=span(),
        entries={key: term(value) for key, value in entries.items()},
        kind=kind,
        open=DOUBT if opened else None,
    )


def either(name: str, yes: Any, no: Any) -> Term:
    """One thing where `name` is true, another one where it is not."""
    holds = Premise(name, f"{name} is true", f"{name} is not true")
    return alt([((holds,), term(yes)), ((holds.negated(),), term(no))], span())


def _nothing(path: str) -> Any:
    raise Wrong(f"there is no file `{path}`")


NO_FILES = Files(read=_nothing, raw=_nothing, list_=lambda _: [], template=_nothing)


def call(
    name: str,
    *args: Any,
    files: Files = NO_FILES,
    root: str = "",
    render: Callable[[str, Term, Span], Term] | None = None,
    render_text: Callable[[Document, Term, Span], Term] | None = None,
) -> Term:
    """What a function gives."""
    made = Call(
        name=name,
        span=span(100),
        args=tuple(map(term, args)),
        files=files,
        root=root,
        render=render,
        render_text=render_text,
    )
    return functions()[name](made)


def said(of: Term) -> Any:
    """A term as Python data. What is not known is `?`, with its name; what may hold more ends in `…`."""
    if type(of) is Lit:
        return float(of.v) if isinstance(of.v, Decimal) else of.v
    if type(of) is Txt:
        return "".join(
            p if isinstance(p, str) else f"<{p.name}>" if isinstance(p, Hole) else f"<{p.reference.shown}>"
            for p in of.parts
        )
    if type(of) is Seq:
        return [said(item) for item in of.items] + (["…"] if of.open is not None else [])
    if type(of) is Obj:
        return {key: said(value) for key, value in of.entries.items()} | ({"…": None} if of.open is not None else {})
    if type(of) is Json:
        return ("json", said(of.inner))
    if type(of) is Alt:
        return {" and ".join(p.text for p in when): said(leaf) for when, leaf in cases(of)}
    if type(of) is Unk:
        return f"?{of.name}"
    raise NotKnown(DOUBT)
