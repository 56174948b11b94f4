"""Functions of files and paths. Files are read below the scanned folder only; nothing else of the machine is looked at.

A path is relative to the folder in which Terraform runs, which is that of the root module. What that folder is called on the
machine where it runs is not known: `abspath` gives a text that begins with a hole of the name `path.cwd`, and a path that begins
with that hole is understood again.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import lru_cache

from stockade.inputs.terraform.functions import Call, Function
from stockade.inputs.terraform.functions._arguments import any_marked, arity, data, lit, marked, pure, text, unknown_of
from stockade.inputs.terraform.functions.hashes import base64_of, hex_of
from stockade.inputs.terraform.terms import Lit, NotKnown, Seq, Term, Txt, Unk, Wrong, doubt_of, text_of
from stockade.inputs.terraform.types import STRING, in_set
from stockade.model.value import Doubt, Hole
from stockade.patterns import regex

WORKING_FOLDER = "path.cwd"
_STARS = regex(r"\*+")
_MOST_STARS = 3  # beside alternatives
_FOLDERS = regex(r"(?:^|/)\*\*(?:/|$)")
_ELSEWHERE = Doubt("it depends on the machine that Terraform runs on", "", "machine")


# ------------------------------------------------------------------------------------------------------------------- paths


def clean(path: str) -> str:
    """The shortest path that is the same, as Go makes it."""
    found = posixpath.normpath(path or ".")
    return "/" + found.lstrip("/") if found.startswith("//") else found


def _basename(path: str) -> str:
    if not path:
        return "."
    return path.rstrip("/").rpartition("/")[2] or "/"


def _dirname(path: str) -> str:
    return clean(path.rpartition("/")[0] + "/" if "/" in path else "")


def _basename_of(call: Call) -> Term:
    arity(call, 1, 1)
    found = text(call.args[0], call)
    if type(found) is Txt and isinstance(found.parts[-1], str):
        last = found.parts[-1].rstrip("/")
        if "/" in last:
            return lit(_basename(last), call.span, sensitive=any_marked(call.args))
    return _BASENAME(call)


_BASENAME = pure(_basename, (STRING,), "string")


def _dirname_of(call: Call) -> Term:
    arity(call, 1, 1)
    found = text(call.args[0], call)
    if type(found) is Txt and _in_working_folder(found) and isinstance(found.parts[-1], str) and len(found.parts) == 2:
        above = _dirname(found.parts[-1])
        parts = found.parts[:1] if above == "/" else (found.parts[0], above)
        return text_of(parts, call.span, sensitive=any_marked(call.args))
    return _DIRNAME(call)


_DIRNAME = pure(_dirname, (STRING,), "string")


def _abspath(call: Call) -> Term:
    arity(call, 1, 1)
    found = text(call.args[0], call)
    sensitive = any_marked(call.args)
    if type(found) is Txt and _in_working_folder(found):
        return found
    try:
        path = data(found, STRING, call)
    except NotKnown as why:
        return unknown_of(call, why.doubt, "string")
    if path.startswith("/"):
        return lit(clean(path), call.span, sensitive=sensitive)
    below = clean(path)
    if below == ".." or below.startswith("../"):
        return unknown_of(call, _ELSEWHERE, "string")
    folder = Hole(WORKING_FOLDER, _ELSEWHERE)
    return text_of([folder, "" if below == "." else f"/{below}"], call.span, sensitive=sensitive)


def _pathexpand(path: str) -> str:
    if path.startswith("~"):
        raise NotKnown(_ELSEWHERE)
    return path


def _in_working_folder(term: Txt) -> bool:
    first = term.parts[0]
    return isinstance(first, Hole) and first.name == WORKING_FOLDER


def _path(term: Term, call: Call) -> str:
    """The path that an argument says, relative to the scanned folder."""
    found = text(term, call)
    if type(found) is Txt and _in_working_folder(found):
        rest = found.parts[1:]
        found = text_of(("./", *rest), found.span) if rest else Lit(span=found.span, v=".")
    said = data(found, STRING, call)
    if said.startswith("~"):
        raise NotKnown(Doubt(f"`{said}` lies in somebody's home folder, and nothing is read there", "", "machine"))
    if said.startswith("/"):
        return clean(said)
    return posixpath.normpath(posixpath.join(call.root or ".", said))


# ------------------------------------------------------------------------------------------------------------------- files


def _file(call: Call) -> Term:
    arity(call, 1, 1)
    try:
        document = call.files.read(_path(call.args[0], call))
    except NotKnown as why:
        return unknown_of(call, why.doubt, "string")
    if document.encoding != "utf-8":
        raise Wrong(f"`{document.path}` is no text in UTF-8", call.span)
    content = "\ufeff" + document.text if document.bom else document.text  # a byte order mark is part of the text
    return lit(content, document.span(0, len(document.text)), sensitive=any_marked(call.args))


def _of_bytes(make: Callable[[bytes], str]) -> Function:
    """A function of a file's bytes. A file that is not there may be what a build makes, so that it is not known."""

    def run(call: Call) -> Term:
        arity(call, 1, 1)
        path = ""
        try:
            path = _path(call.args[0], call)
            content = call.files.raw(path)
        except NotKnown as why:
            return unknown_of(call, why.doubt, "string")
        except Wrong:
            if not path:
                raise
            missing = Doubt(f"there is no file `{path}`", "build it before it is scanned", "missing file")
            return unknown_of(call, missing, "string")
        return lit(make(content), call.span, sensitive=any_marked(call.args))

    return run


def _base64(content: bytes) -> str:
    from base64 import b64encode

    return b64encode(content).decode()


def _file_exists(call: Call) -> Term:
    arity(call, 1, 1)
    path = ""
    try:
        path = _path(call.args[0], call)
        call.files.raw(path)
    except NotKnown as why:
        return unknown_of(call, why.doubt, "bool")
    except Wrong:
        if not path or _is_folder(path, call):
            raise
        return Lit(span=call.span, v=False, sensitive=any_marked(call.args))
    return Lit(span=call.span, v=True, sensitive=any_marked(call.args))


def _is_folder(path: str, call: Call) -> bool:
    try:
        return bool(call.files.list_(path))
    except NotKnown:
        return True  # there are too many files in it to be listed


def _fileset(call: Call) -> Term:
    arity(call, 2, 2)
    try:
        folder, expression = _path(call.args[0], call), _glob(data(call.args[1], STRING, call))
        names = [name for name in call.files.list_(folder) if expression.fullmatch(name)]
    except NotKnown as why:
        return unknown_of(call, why.doubt, "set")
    sensitive = any_marked(call.args)
    items = in_set(lit(name, call.span, sensitive=sensitive) for name in names)
    return Seq(span=call.span, items=items, kind="set", sensitive=sensitive)


@lru_cache(maxsize=128)
def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern for paths: `*`, `?` and classes within a folder, `**` for folders, `{a,b}` for one of several."""
    if ".." in pattern.split("/"):
        raise NotKnown(Doubt("the pattern leads out of its folder", "", "outside the root"))
    if "{" in pattern and len(_STARS.findall(pattern)) > _MOST_STARS:
        raise NotKnown(Doubt("the pattern has too many stars beside its alternatives", "write two patterns", "limit"))
    return re.compile(_globbed(clean(pattern), 0, inside=False)[0], re.DOTALL)


def _globbed(pattern: str, at: int, *, inside: bool) -> tuple[str, int]:
    found: list[str] = []
    # What stands behind a star has one length. So the first place where it fits is as good as any other, as long as a further
    # star follows: `(?>…)` keeps it, and nothing is tried again and again.
    once = "{" not in pattern
    star = folders = False  # whether such a group is open, for a star and for stars that stand for folders
    while at < len(pattern):
        char = pattern[at]
        if inside and char in ",}":
            break
        at += 1
        starts = at == 1 or pattern[at - 2] == "/"
        if char == "*" and once:
            found.append(")" * star)
            star = False
        if char == "*" and starts and pattern.startswith("*/", at):
            at += 2
            found.append(")" * folders)
            folders = once and _FOLDERS.search(pattern[at:]) is not None
            found.append("(?>(?:[^/]+/)*?" if folders else "(?:[^/]+/)*")
        elif char == "*" and starts and pattern[at:] == "*":
            found.append(")" * folders + ".*")
            folders = False
            at += 1
        elif char == "*":
            star = once and "*" in pattern[at:]
            found.append("(?>[^/]*?" if star else "[^/]*")
        elif char == "?":
            found.append("[^/]")
        elif char == "[":
            one, at = _class(pattern, at)
            found.append(one)
        elif char == "{":
            options: list[str] = []
            while True:
                option, at = _globbed(pattern, at, inside=True)
                options.append(option)
                if at >= len(pattern):
                    raise Wrong("the pattern can't be read: a `}` is missing")
                at += 1
                if pattern[at - 1] == "}":
                    break
            found.append(f"(?:{'|'.join(options)})")
        elif char == "\\" and at < len(pattern):
            found.append(re.escape(pattern[at]))
            at += 1
        else:
            found.append(re.escape(char))
    return "".join(found) + ")" * (star + folders), at


def _class(pattern: str, at: int) -> tuple[str, int]:
    negated = pattern.startswith("^", at)
    at += negated
    end = pattern.find("]", at + 1)
    if end < 0:
        raise Wrong("the pattern can't be read: a `]` is missing")
    inner = re.sub(r"[\\\[\]&|~^]", r"\\\g<0>", pattern[at:end])
    try:
        re.compile(f"[{inner}]")
    except re.error:
        raise Wrong("the pattern can't be read: a range ends before it begins") from None
    return f"(?!/)[{'^' if negated else ''}{inner}]", end + 1


def _templatefile(call: Call) -> Term:
    arity(call, 2, 2)
    try:
        path = _path(call.args[0], call)
    except NotKnown as why:
        return unknown_of(call, why.doubt)
    if call.render is None:
        return Unk(span=call.span, doubt=doubt_of(call.args[1]))
    made = call.render(path, call.args[1], call.span)
    return marked(made, sensitive=True) if call.args[0].sensitive or call.args[1].sensitive else made


FUNCTIONS: dict[str, Function] = {
    "abspath": _abspath,
    "basename": _basename_of,
    "dirname": _dirname_of,
    "file": _file,
    "filebase64": _of_bytes(_base64),
    "filebase64sha256": _of_bytes(base64_of("sha256")),
    "filebase64sha512": _of_bytes(base64_of("sha512")),
    "fileexists": _file_exists,
    "filemd5": _of_bytes(hex_of("md5")),
    "fileset": _fileset,
    "filesha1": _of_bytes(hex_of("sha1")),
    "filesha256": _of_bytes(hex_of("sha256")),
    "filesha512": _of_bytes(hex_of("sha512")),
    "pathexpand": pure(_pathexpand, (STRING,), "string"),
    "templatefile": _templatefile,
}
