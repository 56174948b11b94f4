"""Resolves variables in the nodes of a service's configuration.

What is written stays the node that it is, so that a finding and an edit know its place: `${self:custom.timeout}` becomes the
very node of `custom.timeout`. What only a deployment can know becomes a `Ref` to a hole.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from collections.abc import Mapping as MappingABC
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from stockade.inputs.disk import Disk
from stockade.inputs.intrinsic import intrinsic
from stockade.inputs.made import Hole
from stockade.inputs.serverless.program.program import Program
from stockade.inputs.serverless.program.values import MISSING
from stockade.inputs.serverless.variables import dotenv
from stockade.inputs.serverless.variables.parse import Call, Literal, SyntaxProblem, Text, Variable, parse
from stockade.model.app import Gap, Source
from stockade.model.value import Doubt
from stockade.patterns import regex
from stockade.text.document import Document, Problem, Span
from stockade.text.json import read_json
from stockade.text.node import Entry, Mapping, Node, Parsed, Scalar, Sequence
from stockade.text.script import Computed, Template, is_computed, spread_of

MAX_DEPTH = 60
MAX_NODES = 400_000  # of all that is resolved: what doubles at each step ends here

PSEUDO_PARAMETERS = "serverless-pseudo-parameters"
_PSEUDO = regex(r"#\{([A-Za-z0-9:.]+)\}")
_CODE = (".js", ".cjs", ".mjs", ".ts", ".mts", ".cts")
_AWAY: dict[str, tuple[str, str]] = {
    "ssm": ("is read from Parameter Store or Secrets Manager when the service is deployed", "SSM parameter"),
    "cf": ("is an output of another stack", "output of another stack"),
    "s3": ("is read from an object in S3 when the service is deployed", "S3 object"),
    "git": ("is a matter of the working copy that is deployed from", "git"),
    "aws": ("is known only when the service is deployed", "pseudo parameter"),
    "output": ("is an output of another service", "output of another service"),
    "secrets": ("is read when the service is deployed", "secret"),
    "vault": ("is read from a vault when the service is deployed", "secret"),
    "doppler": ("is read when the service is deployed", "secret"),
    "terraform": ("is an output of a Terraform state", "output of another stack"),
}


class Options(Struct, frozen=True):
    """What is said of the deployment: the stage, the region, parameters (`--param`) and what the framework is called with."""

    stage: str = ""
    region: str = ""
    parameters: MappingABC[str, str] = {}
    environment: MappingABC[str, str] = {}


class Open(Struct, frozen=True):
    """What a source may have, as far as can be told from here: why it can't.

    `shown`: the variable that is not known, where another one leads to it.
    """

    doubt: Doubt
    shown: str = ""


# What a source has: a node; nothing (the next one counts); or what can't be told.
Found: TypeAlias = "Node | Open | None"


class Resolver:
    """Resolves the nodes of one service."""

    def __init__(
        self, document: Document, root: Mapping, disk: Disk, options: Options, program: Program | None = None
    ) -> None:
        self.document = document
        self.root = root
        self.disk = disk
        self.options = options
        self.folder = posixpath.dirname(document.path)
        self.holes: dict[str, Hole] = {}
        self.gaps: list[Gap] = []
        self.included: set[str] = set()
        self.sources: list[Source] = []  # what is in them
        self.hidden = False
        self.quiet = False  # whether what is computed is passed over in silence, since nobody has asked for it
        self._program = program
        self._noted: set[tuple[str, int, str]] = set()
        self._done: dict[tuple[int, bool], tuple[Node, Node]] = {}  # with the node itself, which keeps its id its own
        self._seen: dict[int, tuple[Node, Node]] = {}  # what nodes lead to, without a look into it
        self._busy: set[int] = set()
        self._led: set[int] = set()  # whose variables are being followed
        self._files: dict[str, Node | Open | None] = {}
        self._absent = ""  # the file that the last variable asked for in vain
        self._depth = 0
        self._count = 0
        self._dotenv: dict[str, Node] | None = None
        self._names: dict[str, str] = {}
        self._pseudo = PSEUDO_PARAMETERS in _texts_of(root.get("plugins"))

    # ----------------------------------------------------------------------------------------------------------- nodes

    def resolve(self, node: Node, *, in_sub: bool = False) -> Node:
        """A node with all variables in it resolved; the very node where there are none."""
        known = self._done.get((id(node), in_sub))
        if known is not None:
            return known[1]
        self._count += 1
        if id(node) in self._busy:
            return self._circle(node)
        if self._depth >= MAX_DEPTH or self._count > MAX_NODES:
            return self.limit(node)
        self._busy.add(id(node))
        self._depth += 1
        try:
            found = self._resolve(node, in_sub=in_sub)
        finally:
            self._depth -= 1
            self._busy.discard(id(node))
        self._done[id(node), in_sub] = (node, found)
        return found

    def _resolve(self, node: Node, *, in_sub: bool) -> Node:
        if type(node) is Computed:
            return self._computed(node)
        if type(node) is Template:
            return self._template(node, in_sub=in_sub)
        if type(node) is Scalar:
            if not isinstance(node.value, str):
                return node
            found = self._scalar(node, in_sub=in_sub or node.tag == "!Sub") if "${" in node.raw else node
            return _with_pseudo(found, in_sub=in_sub) if "#{" in node.raw and self._pseudo else found
        if type(node) is Mapping:
            call = intrinsic(node)
            sub = call is not None and call.name == "Fn::Sub"
            entries = tuple(self._entry(e, in_sub=sub) for e in node.entries if not self._is_spread(e.value))
            if len(entries) == len(node.entries) and all(
                new is old for new, old in zip(entries, node.entries, strict=True)
            ):
                return node
            return Mapping(node.span, entries, node.tag, node.flow)
        if type(node) is Sequence:
            # The first item of `Fn::Sub` is the text, the second the names in it.
            first = in_sub or node.tag == "!Sub"
            items = tuple(self.resolve(item, in_sub=first and index == 0) for index, item in enumerate(node.items))
            if all(new is old for new, old in zip(items, node.items, strict=True)):
                return node
            elsewhere = {i: node.item_span(i) for i, new in enumerate(items) if new.span is not node.items[i].span}
            return Sequence(node.span, items, node.tag, node.flow, tuple((dict(node.aliases) | elsewhere).items()))
        return node

    def _entry(self, entry: Entry, *, in_sub: bool) -> Entry:
        value = self.resolve(entry.value, in_sub=in_sub)
        if value is entry.value:
            return entry
        # A variable is to a configuration what an alias is to YAML: the value stands elsewhere.
        elsewhere = value.span is not entry.value.span
        return replace(entry, value=value, alias=entry.value_span if elsewhere else entry.alias)

    def _is_spread(self, node: Node) -> bool:
        """Whether a node stands for entries of which nothing is known: they are missing, and that is noted.

        Items of which nothing is known are one that is not known: who reads the list can tell what may be missing.
        """
        if type(node) is not Computed or not node.spread:
            return False
        self._computed(node, hides=True)
        return True

    def _computed(self, node: Computed, *, hides: bool = False) -> Node:
        """What a program computes."""
        shown = _short(node.raw)
        if node.kind != "environment" and node.raw != MISSING and not self.quiet:
            self.gap(node.span, f"`{shown}`", node.why, kind=node.kind, remedy=node.remedy, hides=hides)
        cause = {"computed": "computed configuration", "environment": "environment variable"}.get(node.kind, node.kind)
        return self.hole(node.span, shown, Doubt(node.why, node.remedy, cause))

    def _template(self, node: Template, *, in_sub: bool) -> Node:
        """A text with parts that a program computes."""
        pieces: list[str | Node] = []
        for part in node.parts:
            found = self._resolve(part, in_sub=in_sub)
            if type(found) is Scalar and found.tag is None:
                pieces.append(found.raw)
            elif type(found) is Sequence and found.tag == "!Join" and type(found.items[1]) is Sequence:
                pieces += found.items[1].items
            else:
                pieces.append(found)
        return join(Scalar(node.span, node.raw, node.raw, None, "double"), pieces, in_sub=in_sub, name=self._name)

    def _scalar(self, node: Scalar, *, in_sub: bool) -> Node:
        try:
            parts = parse(node.raw)
        except SyntaxProblem as problem:
            self.gap(node.span, f"`{_short(node.raw)}`", str(problem), kind="syntax", remedy="correct the variable")
            return self.hole(node.span, _short(node.raw), Doubt(str(problem), "correct the variable", "syntax"))
        if len(parts) == 1:
            only = parts[0]
            if isinstance(only, str):
                return node if only == node.raw else Scalar(node.span, only, only, node.tag, node.style)
            if node.tag is None:
                return self._whole(only, node)
        return self._joined(parts, node, in_sub=in_sub)

    def _whole(self, variable: Variable, node: Scalar, *, deep: bool = True) -> Node:
        """A text that is one variable: whatever that is, a mapping too."""
        found = self.variable(variable, node, deep=deep)
        if isinstance(found, Open):
            return self.hole(node.span, found.shown or variable.shown[2:-1], found.doubt)
        return found

    def _joined(self, parts: Text, node: Scalar, *, in_sub: bool) -> Node:
        pieces: list[str | Node] = []
        for part in parts:
            if isinstance(part, str):
                pieces.append(part)
                continue
            found = self.variable(part, node)
            if isinstance(found, Open):
                found = self.hole(node.span, found.shown or part.shown[2:-1], found.doubt)
            if type(found) is Scalar and found.tag is None:
                pieces.append("" if found.value is None else found.raw)
            elif intrinsic(found) is not None:
                pieces.append(found)
            else:
                why = f"`{part.shown}` is no text, and stands in one"
                self.gap(node.span, f"`{_short(node.raw)}`", why, kind="wrong-shape", remedy="correct it")
                pieces.append(self.hole(node.span, part.shown[2:-1], Doubt(why, "correct it", "wrong shape")))
        return join(node, pieces, in_sub=in_sub, name=self._name)

    def _name(self, piece: Node) -> str:
        """The name under which a node can be said in the text of `Fn::Sub`."""
        call = intrinsic(piece)
        if call is not None and type(call.argument) is Scalar and call.name in {"Ref", "Fn::GetAtt"}:
            return call.argument.raw
        shown = "an expression"
        return self.hole(piece.span, shown, Doubt(f"{shown} stands in the text", cause="expression")).raw

    # ------------------------------------------------------------------------------------------------------- variables

    def variable(self, variable: Variable, node: Node, *, deep: bool = True) -> Node | Open:
        """What a variable stands for: the first of its sources that has something. Not `deep`: as it is written there."""
        doubt: Doubt | None = None
        self._absent = ""
        for source in variable.sources:
            if isinstance(source, Literal):
                raw = {True: "true", False: "false", None: ""}.get(source.value, str(source.value))  # type: ignore[arg-type]
                return Scalar(node.span, source.value, raw)
            if isinstance(source, Variable):
                found: Found = self.variable(source, node, deep=deep)
            else:
                found = self._call(source, node, deep=deep)
            if isinstance(found, Open):
                # A variable of the environment is what its default says, unless somebody sets it; other sources have something.
                if isinstance(source, Call) and source.type in {"env", "opt", "param"}:
                    doubt = doubt or found.doubt
                    continue
                return found
            if found is not None:
                return found
        if doubt is not None:
            return Open(doubt)
        why, remedy = f"`{variable.shown}` leads to nothing", "declare it, or give the variable a fallback"
        if self._absent:
            why, remedy = f"there is no file `{self._absent}`", "put it there, or give the variable a fallback"
        self.gap(node.span, f"`{variable.shown}`", why, kind="undefined", remedy=remedy)
        return Open(Doubt(why, remedy, "undefined"))

    def _call(self, call: Call, node: Node, *, deep: bool) -> Found:
        address = self._text(call.address, node) if call.address is not None else ""
        if isinstance(address, Open):
            return Open(address.doubt)  # it leads to where something is, and is not what stands there
        if call.type == "self":
            return self.lookup(address.split(".") if address else [], node, deep=deep)
        if call.type in {"file", "strToBool"}:
            first = self._text(call.parameters[0], node) if call.parameters else ""
            if isinstance(first, Open):
                return Open(first.doubt)
            if call.type == "file":
                return self._file(first, address, node, deep=deep)
            return self._boolean(first, node)
        if call.type in {"opt", "sls", "param", "env"}:
            return self._stated(call.type, address, node)
        if call.type == "aws" and address in {"region", "accountId"}:
            return Scalar(node.span, self.region, self.region) if address == "region" else _ref(node, "AWS::AccountId")
        if call.type == "aws" and address == "partition":
            return _ref(node, "AWS::Partition")
        why, cause = _AWAY.get(call.type.partition("(")[0].rstrip(".").split("-")[0], ("", ""))
        if not why:
            why, cause = "is of a source that a plugin may give", "plugin's variable"
        return Open(Doubt(f"`${{{call.shown}}}` {why}", "", cause))

    def _text(self, parts: Text, node: Node) -> str | Open:
        """An address or parameter with the variables in it."""
        text = ""
        for part in parts:
            if isinstance(part, str):
                text += part
                continue
            found = self.variable(part, node)
            if isinstance(found, Open):
                return found
            if type(found) is not Scalar or found.tag is not None:
                return Open(Doubt(f"`{part.shown}` is no text", cause="wrong shape"))
            text += found.raw
        return text.strip()

    # --------------------------------------------------------------------------------------------------------- sources

    @property
    def stage(self) -> str:
        """The stage that is deployed: as given, as the configuration says, or `dev`."""
        if self.options.stage:
            return self.options.stage
        found = self.lookup(["provider", "stage"], self.root)
        return found.raw if type(found) is Scalar and found.tag is None and found.value is not None else "dev"

    @property
    def region(self) -> str:
        """The region that is deployed to: as given, as the configuration says, or `us-east-1`."""
        if self.options.region:
            return self.options.region
        found = self.lookup(["provider", "region"], self.root)
        return found.raw if type(found) is Scalar and found.tag is None and found.value is not None else "us-east-1"

    def _stated(self, type_: str, address: str, node: Node) -> Found:
        if type_ == "sls":
            if address == "stage":
                return Scalar(node.span, self.stage, self.stage)
            return Open(Doubt(f"`${{sls:{address}}}` is another one at each deployment", cause="pseudo parameter"))
        if type_ == "opt":
            given = {"stage": self.options.stage, "region": self.options.region}.get(address, "")
            if given:
                return Scalar(node.span, given, given)
            return Open(
                Doubt(
                    f"the option `--{address}` is not given",
                    f"--{address} …" if address in {"stage", "region"} else "give the variable a fallback",
                    "option",
                )
            )
        if type_ == "param":
            return self._parameter(address, node)
        given = self.options.environment.get(address, "")
        if given:
            return Scalar(node.span, given, given)
        found = self._from_dotenv().get(address)
        remedy = f"set {address}, and scan with --var-env"
        return found or Open(Doubt(f"the environment variable `{address}` is not read", remedy, "environment variable"))

    def _parameter(self, name: str, node: Node) -> Found:
        given = self.options.parameters.get(name)
        if given is not None:
            return Scalar(node.span, given, given)
        stage = self.stage
        for path in (
            ["params", stage, name],
            ["stages", stage, "params", name],
            ["params", "default", name],
            ["stages", "default", "params", name],
        ):
            found = self.lookup(path, node)
            if found is not None:
                return found
        return Open(Doubt(f"the parameter `{name}` has no value", f"--parameters {name}=…", "parameter"))

    def _from_dotenv(self) -> dict[str, Node]:
        if self._dotenv is None:
            self._dotenv = {}
            wanted = self.lookup(["useDotenv"], self.root)
            if type(wanted) is Scalar and wanted.value is True:
                for name in (f".env.{self.stage}.local", ".env.local", f".env.{self.stage}", ".env"):
                    path = posixpath.join(self.folder, name)
                    document = self.disk.document(path) if name in self.disk.names(self.folder) else None
                    if isinstance(document, Document):
                        self.included.add(path)
                        self._dotenv = dotenv.read(document) | self._dotenv
        return self._dotenv

    def _boolean(self, text: str, node: Node) -> Found:
        value = {"true": True, "1": True, "false": False, "0": False}.get(text.lower())
        if value is None:
            return Open(Doubt(f"`{text}` is neither true nor false", "correct it", "wrong shape"))
        return Scalar(node.span, value, "true" if value else "false")

    def lookup(self, path: list[str], node: Node, *, deep: bool = True) -> Found:
        """What stands at a path of the configuration, with its variables resolved."""
        if not path:
            return Open(Doubt("the whole configuration is meant", cause="wrong shape"))
        found = self.walk(self.root, path, deep=deep)
        if found is None and path[0] == "service" and path[1:] == ["name"]:  # as version 1 had it
            return self.walk(self.root, ["service"], deep=deep)
        if found is None and path == ["provider", "stage"] and node is not self.root:
            stage = self.options.stage or "dev"
            return Scalar(node.span, stage, stage)
        return found  # of a stage that is written too: an option on the command line does not change what is written

    def walk(self, root: Node, path: list[str], *, deep: bool = True) -> Found:
        """What stands at a path below a node."""
        current: Node = root
        for number, step in enumerate(path):
            current = self._led_to(current)
            if type(current) is Mapping and intrinsic(current) is None:
                inner = current.get(step)
            elif type(current) is Sequence and current.tag is None and step.isdigit():
                inner = current.items[int(step)] if int(step) < len(current.items) else None
            elif self.hole_of(current) is not None:
                hole = self.hole_of(current)
                return Open(hole.doubt, ".".join((hole.shown, *path[number:]))) if hole is not None else None
            else:
                inner = None
            if inner is None:
                spread = spread_of(current)
                return None if spread is None else Open(Doubt(spread.why, spread.remedy, "computed configuration"))
            current = inner
        found = self.resolve(current) if deep else self._led_to(current)
        hole = self.hole_of(found)
        if hole is not None:
            return Open(hole.doubt, hole.shown)
        return None if type(found) is Scalar and found.value is None and found.tag is None else found

    def _led_to(self, node: Node) -> Node:
        """The node that a node leads to, without a look into it.

        What is in it may lead back to here: a file of settings that all services share names others of its own settings
        by the path at which a service includes it.
        """
        if type(node) is not Scalar or node.tag is not None or not isinstance(node.value, str) or "${" not in node.raw:
            return self.resolve(node) if type(node) is Scalar or is_computed(node) else node
        known = self._seen.get(id(node))
        if known is not None:
            return known[1]
        if id(node) in self._led or len(self._led) >= MAX_DEPTH:
            return self._circle(node)
        self._led.add(id(node))
        try:
            found = self._only(node)
        finally:
            self._led.discard(id(node))
        self._seen[id(node)] = (node, found)
        return found

    def _only(self, node: Scalar) -> Node:
        """What a text leads to that is one variable; any other text with its variables resolved."""
        try:
            parts = parse(node.raw)
        except SyntaxProblem:
            return self.resolve(node)
        if len(parts) == 1 and not isinstance(parts[0], str):
            return self._whole(parts[0], node, deep=False)
        return self.resolve(node)

    # ----------------------------------------------------------------------------------------------------------- files

    def _file(self, name: str, address: str, node: Node, *, deep: bool) -> Found:
        if not name:
            return Open(Doubt("`file()` names no file", "name one", "wrong shape"))
        path = posixpath.normpath(posixpath.join(self.folder, name))
        if name.startswith(("~", "/")) or self.disk.refused(path) is not None:
            why = f"`{name}` lies outside of the scanned folder, and nothing is read there"
            remedy = "scan the folder that holds both"
            self.gap(node.span, f"the file `{name}`", why, kind="outside", remedy=remedy)
            return Open(Doubt(why, remedy, "outside the root"))
        content = self._content(path, name, node)
        if content is None:
            self._absent = name
        if content is None or isinstance(content, Open):
            return content
        return self.walk(content, address.split(".") if address else [], deep=deep)

    def _content(self, path: str, name: str, node: Node) -> Found:
        if path in self._files:
            return self._files[path]
        self._files[path] = Open(Doubt(f"`{name}` includes itself", "break the circle", "circular"))
        found = self._files[path] = self._read(path, name, node)
        return found

    def _read(self, path: str, name: str, node: Node) -> Found:
        if posixpath.basename(path) not in self.disk.names(posixpath.dirname(path)):
            return None
        if path.endswith(_CODE):
            return self._run(path, name, node)
        document = self.disk.document(path)
        if isinstance(document, Problem):
            self.gap(node.span, f"the file `{name}`", document.message, kind=document.kind, remedy=document.remedy)
            return Open(Doubt(f"`{name}`: {document.message}", document.remedy, document.kind))
        self.included.add(path)
        parsed = _parsed(document)
        self.sources.append(Source(document, parsed.roots if parsed is not None else ()))
        if parsed is None:
            return Scalar(Span(document, 0, len(document.text)), document.text, document.text)
        for problem in parsed.problems:
            self.gap(
                problem.span or node.span,
                f"the file `{name}`",
                problem.message,
                kind=problem.kind,
                remedy=problem.remedy,
            )
        if parsed.root is None and parsed.problems:
            return Open(Doubt(f"`{name}` can't be read", "correct it", "syntax"))
        return parsed.root

    @property
    def program(self) -> Program:
        """The program that the configuration is, or that it includes."""
        if self._program is None:
            self._program = Program(self.disk, self.folder, self.options.environment)
        return self._program

    def take(self) -> None:
        """Take over what the program has read, and what could not be seen of it."""
        program = self._program
        if program is None:
            return
        self.included |= program.included - {self.document.path}
        known = {source.document.path for source in self.sources}
        self.sources += [s for s in program.sources if s.document.path not in known]
        for gap in program.gaps:
            if gap.span is not None:
                self.gap(gap.span, gap.what, gap.why, kind=gap.kind, remedy=gap.remedy, hides=gap.hides)
        program.gaps.clear()

    def _run(self, path: str, name: str, node: Node) -> Found:
        """What a program gives that is included, as far as it says so literally."""
        found = self.program.file(path)
        self.take()
        if isinstance(found, Problem):
            self.gap(node.span, f"the file `{name}`", found.message, kind=found.kind, remedy=found.remedy)
            return Open(Doubt(f"`{name}`: {found.message}", found.remedy, found.kind))
        if type(found) is Computed:
            why = f"`{name}` is computed by a program, and nothing that is scanned is run"
            remedy = "write it as YAML or JSON, or scan what `serverless package` makes"
            self.gap(node.span, f"the file `{name}`", why, kind="computed", remedy=remedy)
            return Open(Doubt(why, remedy, "computed configuration"))
        return found

    # ------------------------------------------------------------------------------------------------ holes and problems

    def hole(self, span: Span, shown: str, doubt: Doubt) -> Scalar:
        """A `Ref` to what is not known."""
        name = self._names.get(shown)
        if name is None or self.holes[name].doubt != doubt:
            name = self._names[shown] = f"StockadeHole{len(self.holes)}"
            self.holes[name] = Hole(shown, doubt)
        return Scalar(span, name, name, "!Ref")

    def hole_of(self, node: Node | None) -> Hole | None:
        """What a node does not know, where it is nothing but a hole."""
        return self.holes.get(node.raw) if type(node) is Scalar and node.tag == "!Ref" else None

    def gap(
        self,
        span: Span,
        what: str,
        why: str,
        *,
        kind: str,
        remedy: str = "",
        hides: bool = False,
        kinds: tuple[str, ...] = (),
    ) -> None:
        """Note what could not be seen. `hides`: resources (of these kinds) may be missing because of it."""
        if (span.doc.path, span.start, what) in self._noted:
            return
        self._noted.add((span.doc.path, span.start, what))
        self.hidden = self.hidden or hides
        self.gaps.append(
            Gap(what=what, why=why, remedy=remedy, kind=kind, path=span.doc.path, span=span, hides=hides, kinds=kinds)
        )

    def _circle(self, node: Node) -> Node:
        shown = _short(node.raw) if type(node) is Scalar else "the configuration"
        self.gap(node.span, f"`{shown}`", "it leads back to itself", kind="circular", remedy="break the circle")
        return self.hole(node.span, shown, Doubt(f"`{shown}` leads back to itself", "break the circle", "circular"))

    def limit(self, node: Node) -> Node:
        """What is too deep or too much is not resolved."""
        why = "variables lead too deep, or to too much"
        self.gap(node.span, f"`{self.document.path}`", why, kind="limit", remedy="simplify it", hides=True)
        return self.hole(node.span, "…", Doubt(why, "simplify it", "limit"))


def join(node: Scalar, pieces: list[str | Node], *, in_sub: bool, name: Callable[[Node], str]) -> Node:
    """One node of pieces of a text: a text, or a call of `Fn::Join` (in a text of `Fn::Sub`: with the names of its parts)."""
    if all(isinstance(piece, str) for piece in pieces):
        text = "".join(str(piece) for piece in pieces)
        return Scalar(node.span, text, text, node.tag, node.style)
    if in_sub:
        text = "".join(piece if isinstance(piece, str) else "${" + name(piece) + "}" for piece in pieces)
        return Scalar(node.span, text, text, node.tag, node.style)
    items = tuple(Scalar(node.span, piece, piece) if isinstance(piece, str) else piece for piece in pieces)
    separator = Scalar(node.span, "", "")
    return Sequence(node.span, (separator, Sequence(node.span, items)), "!Join")


def _with_pseudo(node: Node, *, in_sub: bool) -> Node:
    """A text in which `#{AWS::Region}` and the like are what `Fn::Sub` knows as `${AWS::Region}`, as a plugin has it."""
    if type(node) is not Scalar or node.tag not in {None, "!Sub"}:
        return node
    text = node.raw if in_sub or node.tag == "!Sub" else node.raw.replace("${", "${!")
    text = _PSEUDO.sub(r"${\1}", text)
    return Scalar(node.span, text, text, node.tag if in_sub else "!Sub", node.style)


def _texts_of(node: Node | None) -> set[str]:
    """The texts of a list."""
    if type(node) is Mapping:
        node = node.get("modules")
    return {item.raw for item in node.items if type(item) is Scalar} if type(node) is Sequence else set()


def _ref(node: Node, name: str) -> Scalar:
    return Scalar(node.span, name, name, "!Ref")


def _parsed(document: Document) -> Parsed | None:
    """The nodes of a file; None of one that is plain text."""
    if document.path.endswith((".json", ".tfstate")):
        return read_json(document)
    if document.path.endswith((".yml", ".yaml")):
        from stockade.text.yaml import read_yaml

        return read_yaml(document)
    return None


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "…"
