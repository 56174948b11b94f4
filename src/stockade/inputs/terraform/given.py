"""Values of variables: from `terraform.tfvars`, `*.auto.tfvars`, files that the user names, and `--var`.

https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence, as of 2026-11-28.
Values in the environment (`TF_VAR_…`) are only taken when the user asks.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from stockade.errors import UsageError
from stockade.inputs.given import Variables
from stockade.inputs.terraform.configuration import Module, attribute, problem_gap, read_file
from stockade.inputs.terraform.expressions import Scope
from stockade.inputs.terraform.limits import TooMuch
from stockade.inputs.terraform.terms import Lit, Term, Wrong
from stockade.near import did_you_mean
from stockade.text.document import Document, Problem, read_document
from stockade.text.hcl import nodes as hcl

if TYPE_CHECKING:
    from stockade.inputs.terraform.modules import Instance
    from stockade.inputs.terraform.project import Project


def given_values(project: Project, module: Module, given: Variables, instance: Instance) -> dict[str, Term]:
    """The values of a root module's variables, by name."""
    found: dict[str, Term] = {}
    for name, text in given.environment.items():
        if name in module.variables:
            found[name] = _parsed(project, module, name, text, f"TF_VAR_{name}", instance)
    own = project.disk.names(module.folder)
    automatic: list[str] = [n for n in ("terraform.tfvars", "terraform.tfvars.json") if n in own]
    automatic += sorted(n for n in own if n.endswith((".auto.tfvars", ".auto.tfvars.json")))
    for name in automatic:
        file = read_file(project.disk, posixpath.join(module.folder, name) if module.folder else name)
        if isinstance(file, Problem):
            project.gaps.append(problem_gap(file, hides=False))
            continue
        project.gaps.extend(problem_gap(p, hides=False) for p in file.problems)
        found |= _of_file(project, file, instance)
    for path in given.files:
        found |= _of_file(project, project.values_file(path), instance)
    for name, text in given.values.items():
        if name in module.variables:
            found[name] = _parsed(project, module, name, text, "--var", instance)
    return found


def _of_file(project: Project, file: hcl.HclFile, instance: Instance) -> dict[str, Term]:
    project.note_values(file)
    scope = Scope(instance, closed=True)
    return {
        name: instance.tried(stated.expr, scope, f"the value of `{name}`")
        for name, stated in file.body.attributes.items()
    }


def _parsed(project: Project, module: Module, name: str, text: str, shown: str, instance: Instance) -> Term:
    """A value that was given as text: as it is for variables of texts, else an expression."""
    document = Document(shown, text, syntax="hcl")
    stated = attribute(module.variables[name], "type")
    span = document.span(0, len(text))
    if stated is None or (type(stated) is hcl.Name and stated.name == "string"):
        return Lit(span=span, v=text)
    from stockade.text.hcl.read import read_expression

    expr, problems = read_expression(document, 0, len(text))
    if problems:
        return Lit(span=span, v=text)
    try:
        return project.evaluator.apart(expr, Scope(instance, closed=True))
    except Wrong:
        return Lit(span=span, v=text)
    except TooMuch as limit:
        return instance.too_much(limit, span, f"the value of `{name}`")


def read_values_file(path: Path) -> hcl.HclFile:
    """A file of values that the user names. Raises UsageError where it can't be read."""
    document = read_document(path, path.name)
    if isinstance(document, Problem):
        raise UsageError(f"`{path}` {document.message}", hint=document.remedy)
    if path.name.endswith(".json"):
        from stockade.text.hcl.json import read_hcl_json

        file: hcl.HclFile = read_hcl_json(document)
    else:
        from stockade.text.hcl.read import read_hcl

        file = read_hcl(document)
    if file.problems:
        problem = file.problems[0]
        raise UsageError(f"`{path}` can't be read: {problem.message}", hint=problem.remedy)
    return file


def check_names(modules: Iterable[Module], given: Variables) -> None:
    """A value for a variable that no root module has is a slip of the pen, and would silently change nothing."""
    known = {name for module in modules for name in module.variables}
    odd = [name for name in given.values if name not in known]
    if odd:
        hint = did_you_mean(odd[0], known, most=3) or "check its name in the root module"
        raise UsageError(f"no root module has a variable `{odd[0]}`", hint=hint)
