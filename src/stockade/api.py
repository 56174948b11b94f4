"""The public Python interface of Stockade. Everything else is private and may change.

>>> from stockade import api
>>> result = api.scan("examples/orders", select=["SK304"], parameters={"Stage": "prod"})
>>> for finding in result.visible:
...     print(finding.rule.code, finding.severity, finding.message)
SK304 low the key `PaymentsKey` is never rotated
>>> result.rows[0].verdict  # what the rule says of the first function
'not_applicable'
>>> change = api.fix("examples/orders", select=["SK304"])
>>> [done.fix.title for done in change.done], list(change.after)  # nothing has been written
(['rotate the key every year'], ['template.yaml'])
"""

from __future__ import annotations

import datetime
import os
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

from msgspec.structs import replace

from stockade.engine.baseline import apply_baseline, read_baseline
from stockade.engine.change import Change
from stockade.engine.findings import Finding, Result, Since
from stockade.engine.fingerprint import with_fingerprints
from stockade.engine.gather import gather, untold
from stockade.engine.policies import Checked, Checks, check_app, check_document
from stockade.engine.proofs.proof import Proof, Source
from stockade.engine.run import run_rules
from stockade.engine.select import select_rules
from stockade.engine.suppress import apply_suppressions
from stockade.engine.tailor import PLAIN, Tailoring, apply_tailoring, with_severities
from stockade.errors import NothingToScan, UsageError
from stockade.inputs.given import Variables
from stockade.inputs.ignore import Patterns
from stockade.inputs.load import collecting_later
from stockade.inputs.load import load as _load
from stockade.model.app import App, Gap
from stockade.model.app import Source as SourceFile
from stockade.model.policy import PolicyType
from stockade.model.suppression import Audit, Suppression
from stockade.rules import all_rules
from stockade.rules._base import Context, Rule, Severity
from stockade.text.document import Document, Problem, decode_document, read_document

if TYPE_CHECKING:
    from stockade.config.read import Configuration
    from stockade.engine.comparison import Comparison
    from stockade.engine.proofs.subjects import Subject

StrPath: TypeAlias = str | os.PathLike[str]

__all__ = [
    "App",
    "Change",
    "Checked",
    "Checks",
    "Finding",
    "Given",
    "Proof",
    "Result",
    "Rule",
    "Tailoring",
    "access_not_granted",
    "can",
    "configured",
    "difference",
    "disjoint",
    "equivalent",
    "fix",
    "grants",
    "implies",
    "load",
    "minimise",
    "no_new_access",
    "no_public_access",
    "redundant",
    "rules",
    "scan",
    "validate",
    "who_can",
]


def load(  # noqa: PLR0913 - each is asked for by its name, and most are left out
    path: StrPath,
    *,
    parameters: Mapping[str, str] | None = None,
    parameter_files: Iterable[StrPath] = (),
    config_env: str = "",
    variables: Mapping[str, str] | None = None,
    variable_files: Iterable[StrPath] = (),
    workspace: str = "",
    stage: str = "",
    region: str = "",
    environment: Mapping[str, str] | None = None,
    exclude: Patterns | None = None,
) -> App:
    """The application that the files below `path` declare, which is a text or any path, as are all paths here.

    `parameters` are values of template parameters, as `--parameters` gives them. They win over those of
    `parameter_files`, and those over what `samconfig.toml` beside a template says for the environment `config_env`.
    `variables` are values of the variables of Terraform's root modules, as `--var` gives them; they win over those of
    `variable_files`, and those over what Terraform takes by itself (`terraform.tfvars`, `*.auto.tfvars`). Of `environment`
    the values of `TF_VAR_…` are taken, and those that services of the Serverless Framework ask for; without it, none are.
    `workspace` is Terraform's; `stage` and `region` are those that services are deployed to. `exclude` is not looked for.
    Raises `StockadeError` (NothingToScan, UsageError); what is wrong with the files themselves is in `App.gaps`.
    """
    given = _variables(variables, variable_files, environment, workspace=workspace, stage=stage, region=region)
    files = _paths(parameter_files)
    return _load(Path(path), parameters, parameter_files=files, config_env=config_env, variables=given, exclude=exclude)


def _paths(given: Iterable[StrPath]) -> tuple[Path, ...]:
    """Files as paths. One by itself is one file: a text would be taken for a list of its characters."""
    return tuple(map(Path, (given,) if isinstance(given, str | os.PathLike) else given))


def _variables(
    values: Mapping[str, str] | None,
    files: Iterable[StrPath],
    environment: Mapping[str, str] | None,
    *,
    workspace: str,
    stage: str,
    region: str,
) -> Variables:
    """What is given for Terraform and for services; of an environment, what is meant for Terraform by itself."""
    whole = environment or {}
    own = {name.removeprefix("TF_VAR_"): value for name, value in whole.items() if name.startswith("TF_VAR_")}
    return Variables(values or {}, _paths(files), own, workspace, stage, region, whole)


def rules() -> tuple[Rule, ...]:
    """Every rule, by code."""
    return all_rules()


def configured(path: StrPath, *, file: StrPath | None = None) -> tuple[Configuration, Tailoring]:
    """What is configured for scans of a path: the settings, with where each comes from, and what they say of rules and paths.

    `file` is read in place of the project's `stockade.toml` or `pyproject.toml`. Raises `ConfigError`.
    """
    from stockade.config.read import read_configuration
    from stockade.config.tailor import tailor

    found = read_configuration(Path(path), file=Path(file) if file is not None else None)
    return found, tailor(found, all_rules(), Path(path))


def scan(  # noqa: PLR0913 - each is asked for by its name, and most are left out
    path: StrPath,
    *,
    parameters: Mapping[str, str] | None = None,
    parameter_files: Iterable[StrPath] = (),
    config_env: str = "",
    variables: Mapping[str, str] | None = None,
    variable_files: Iterable[StrPath] = (),
    workspace: str = "",
    stage: str = "",
    region: str = "",
    environment: Mapping[str, str] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    persona: str = "regular",
    show: Severity = "info",
    today: datetime.date | None = None,
    honor_suppressions: bool = True,
    honor: Sequence[str] = (),
    tailoring: Tailoring = PLAIN,
    baseline: StrPath | None = None,
    since: str = "",
    gathered: bool = True,
    replaced: Mapping[str, str] | None = None,
) -> Result:
    """Scan the files below `path` with the selected rules.

    `select` and `ignore` take codes, names, code prefixes ("SK1") and domains ("exposure").
    Parameters and variables are as in `load`.
    `tailoring` is what a configuration says of rules and paths: `configured(path)` has it. `baseline` is a file of
    findings that are known. With `since`, a revision of git, only what was not there then is found. Without `gathered`,
    what a whole file leaves out is told of each function. `today` is the date that dated facts are compared with.
    `replaced` holds texts by path that stand for what the files hold. `honor` names the tools whose suppressions count too
    ("checkov", "trivy" …, or "all"). The result holds all findings, also suppressed ones and ones that could not be decided.
    Raises `StockadeError`
    (NothingToScan, UsageError).
    """
    started = time.perf_counter()
    path, files, values = Path(path), _paths(parameter_files), _paths(variable_files)
    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    chosen = select_rules(all_rules(), select, ignore, persona)
    with collecting_later():
        app = _load(
            path,
            parameters,
            parameter_files=files,
            config_env=config_env,
            replaced=replaced,
            variables=_variables(variables, values, environment, workspace=workspace, stage=stage, region=region),
            exclude=tailoring.exclude,
        )
        context = Context(today=day, options=tailoring.options)
        ordinary = [r for r in chosen if not r.is_meta]
        findings, rows, crashes = run_rules(app, ordinary, context, persona)
        findings = with_severities(findings, tailoring)
        audits: tuple[Audit, ...] = ()
        places = replace(tailoring, decisions=())
        if honor_suppressions:
            findings, audits = apply_suppressions(app, findings, all_rules(), day, _foreign(honor))
        findings, more = apply_tailoring(findings, tailoring if honor_suppressions else places, day)
        context = replace(context, audits=(*audits, *more) if not select else (), crashes=tuple(crashes))
        own = run_rules(app, [r for r in chosen if r.is_meta], context)[0]
        findings += apply_tailoring(with_severities(own, tailoring), places, day)[0]
        findings = with_fingerprints(findings)
        compared = None
        if baseline is not None:
            findings, compared = apply_baseline(findings, read_baseline(Path(baseline)), path, chosen)
        compared_since: Since | None = None
        there: list[Finding] = []
        if since:
            from stockade.engine.since import only_new

            again = partial(
                scan, parameters=parameters, parameter_files=files, config_env=config_env, variables=variables,
                variable_files=values, workspace=workspace, stage=stage, region=region, environment=environment,
                select=select, ignore=ignore, persona=persona, today=day, honor_suppressions=honor_suppressions,
                tailoring=tailoring, gathered=False,
            )  # fmt: skip
            findings, there, compared_since = only_new(findings, app, path, since, again)
        findings = gather(findings) if gathered else findings
    result = Result(
        app=app,
        root=str(path),
        findings=tuple(findings),
        rows=rows,
        gaps=(*app.gaps, *crashes),
        rules=chosen,
        persona=persona,
        show=show,
        baseline=compared,
        since=compared_since,
        seconds=time.perf_counter() - started,
    )
    result = replace(result, gaps=untold(result.gaps, result.visible))
    if compared_since is not None:
        shown = replace(result, findings=tuple(gather(there))).visible
        result = replace(result, since=replace(compared_since, there=len(shown)))
    return result


def _foreign(tools: Sequence[str]) -> Callable[[SourceFile], list[Suppression]] | None:
    """What reads the suppressions of other tools; None where none count."""
    if not tools:
        return None
    from stockade.engine.honored import Ids, chosen, honored

    names, ids = chosen(",".join(tools)), Ids.of(all_rules())
    return lambda source: honored(source, names, ids)


def fix(  # noqa: PLR0913 - as for `scan`
    path: StrPath,
    *,
    parameters: Mapping[str, str] | None = None,
    parameter_files: Iterable[StrPath] = (),
    config_env: str = "",
    variables: Mapping[str, str] | None = None,
    variable_files: Iterable[StrPath] = (),
    workspace: str = "",
    stage: str = "",
    region: str = "",
    environment: Mapping[str, str] | None = None,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    persona: str = "regular",
    unsafe: bool = False,
    tailoring: Tailoring = PLAIN,
    today: datetime.date | None = None,
) -> Change:
    """The verified edits that remove the selected findings below `path`; nothing is written.

    `unsafe` also takes fixes after which something that works today may stop working.
    """
    from stockade.engine.fix import fix_all  # writing loads as much as reading, and a scan does without

    day = today or datetime.datetime.now(tz=datetime.UTC).date()
    files, values = _paths(parameter_files), _paths(variable_files)

    def rescan(texts: Mapping[str, str]) -> Result:
        return scan(
            path,
            parameters=parameters,
            parameter_files=files,
            config_env=config_env,
            variables=variables,
            variable_files=values,
            workspace=workspace,
            stage=stage,
            region=region,
            environment=environment,
            persona=persona,
            tailoring=tailoring,
            today=day,
            replaced=texts,
        )

    start = rescan({})
    chosen = {r.code for r in select_rules(all_rules(), select, ignore, persona)}
    findings = [f for f in start.visible if f.rule.code in chosen]
    return fix_all(rescan, findings, start, unsafe=unsafe)


def validate(
    source: StrPath | Iterable[StrPath],
    *,
    type: PolicyType | None = None,  # noqa: A002 - as the option is called
    resource_type: str = "",
    stdin: bytes | None = None,
    **given: Any,  # noqa: ANN401 - the arguments of `load`
) -> Checks:
    """Check policies as IAM Access Analyzer does, under its ids.

    `source` is a file that holds a policy, a template or a folder of anything that `load` reads, or several of these; `-`
    stands for `stdin`. `type` is what kind of policy a file holds, told from what it says otherwise; `resource_type` is that of
    the resource that it is on ("AWS::S3::Bucket"). `given` are the arguments of `load`. What is wrong with a file is a fault
    of its policy. Raises `StockadeError` (NothingToScan, UsageError).

    >>> found = validate("examples/orders")
    >>> [fault.id for fault in found.faults]
    ['PASS_ROLE_WITH_STAR_IN_RESOURCE']
    """
    paths = [source] if isinstance(source, str | os.PathLike) else list(source)
    policies: list[Checked] = []
    gaps: list[Gap] = []
    apps: list[tuple[str, App | None]] = []
    for each in paths:
        path = os.fspath(each)
        own, app = _validated(path, type, resource_type, stdin, given)
        policies += own
        gaps += app.gaps if app is not None else ()
        apps.append((path, app))
    if not policies and not gaps:
        raise NothingToScan(
            f"there is no policy in `{paths[0]}`" if paths else "there is no policy",
            hint="looked for policies of roles, trust policies and policies on resources, and for files with a `Statement`",
        )
    return Checks(policies=tuple(policies), gaps=tuple(gaps), apps=tuple(apps))


def _validated(
    path: str, type_: PolicyType | None, resource_type: str, stdin: bytes | None, given: Mapping[str, Any]
) -> tuple[list[Checked], App | None]:
    from stockade.inputs.policy_file import declares, policies_below

    document: Document | Problem
    if path == "-":
        document = decode_document(stdin or b"", "-")
        return [check_document(document, type_, resource_type)], None
    if not os.path.lexists(path):
        raise UsageError(
            f"there is no file or folder `{path}`", hint="check the path; it is relative to the current folder"
        )
    if not Path(path).is_dir():
        document = read_document(path, Path(path).as_posix())
        if isinstance(document, Problem) or not declares(document):
            return [check_document(document, type_, resource_type)], None
    with collecting_later():
        try:
            app = load(path, **given)
        except NothingToScan:
            app = None
        checked = list(check_app(app)) if app is not None else []
        if Path(path).is_dir():
            checked += [check_document(found, type_, resource_type) for found in policies_below(Path(path))]
    return [replace(policy, root=path) for policy in checked], app


# -------------------------------------------------------------------------------------------------------------- proofs


class Given(TypedDict, total=False):
    """What is known of a deployment, as `load` takes it."""

    parameters: Mapping[str, str] | None
    parameter_files: Iterable[StrPath]
    config_env: str
    variables: Mapping[str, str] | None
    variable_files: Iterable[StrPath]
    workspace: str
    stage: str
    region: str
    environment: Mapping[str, str] | None


def implies(new: Source, old: Source, *, future: bool = False, **given: Unpack[Given]) -> Proof:
    """Whether all that one policy allows is allowed by another.

    A policy is a document, the path of a file (JSON, YAML, or Markdown with one in it; `-` is standard input), the ARN or
    name of one of AWS's managed policies, or `PATH#FUNCTION`: what the role of a function in a tree may do, within its
    boundary. With `future`, also of actions that AWS does not have yet. Raises `StockadeError`.
    """
    from stockade.engine.proofs import questions

    return questions.implies(*_pair(new, old, given), future=future)


def equivalent(left: Source, right: Source, *, future: bool = False, **given: Unpack[Given]) -> Proof:
    """Whether two policies, as `implies` takes them, allow the same."""
    from stockade.engine.proofs import questions

    return questions.same(*_pair(left, right, given), future=future)


def disjoint(left: Source, right: Source, *, future: bool = False, **given: Unpack[Given]) -> Proof:
    """Whether there is nothing that two policies, as `implies` takes them, both allow."""
    from stockade.engine.proofs import questions

    return questions.disjoint(*_pair(left, right, given), future=future)


def difference(new: Source, old: Source, *, future: bool = False, **given: Unpack[Given]) -> Proof:
    """All that one policy allows and another does not, in `Proof.parts`."""
    from stockade.engine.proofs import questions

    return questions.beyond(*_pair(new, old, given), future=future)


def grants(policy: Source, actions: Sequence[str], resources: Sequence[str] = ("*",), **given: Unpack[Given]) -> Proof:
    """Whether a policy allows every request for these actions on these resources (patterns, as policies have them)."""
    from stockade.engine.proofs import questions

    return questions.granted(_subject(policy, given), actions, resources)


def access_not_granted(
    policy: Source, actions: Sequence[str], resources: Sequence[str] = ("*",), **given: Unpack[Given]
) -> Proof:
    """Whether a policy allows no request for these actions on these resources."""
    from stockade.engine.proofs import questions

    return questions.refused(_subject(policy, given), actions, resources)


def no_public_access(policy: Source, **given: Unpack[Given]) -> Proof:
    """Whether a resource's policy allows nothing to somebody whom it does not name."""
    from stockade.engine.proofs import questions

    return questions.private(_subject(policy, given))


def redundant(policy: Source, **given: Unpack[Given]) -> Proof:
    """Whether every statement of a policy makes a difference; those that make none are in `Proof.statements`."""
    from stockade.engine.proofs import questions

    return questions.needless(_subject(policy, given))


def minimise(policy: Source, **given: Unpack[Given]) -> Proof:
    """The policy without statements, actions and resources that make no difference, in `Proof.document`."""
    from stockade.engine.proofs import questions

    return questions.smallest(_subject(policy, given))


def no_new_access(old: str, new: str, *, future: bool = False, **given: Unpack[Given]) -> Proof:
    """Whether nothing is allowed by `new` that was not by `old`.

    Each is a policy, as `implies` takes it, a folder or template (every function's role, every resource's policy and every
    trust, by its address), or a revision of one: `git:REVISION` or `git:REVISION:PATH`. The formats of the two may differ.
    """
    from stockade.engine.proofs import trees

    return trees.no_new_access(old, new, partial(load, **given), future=future)


def diff(old: str, new: str, *, persona: str = "regular", **given: Unpack[Given]) -> Comparison:
    """What changed from one state of an application to another, by what it means for security.

    Each is a folder, a template, or a revision of one, as `no_new_access` takes them; formats may differ. Raises
    `StockadeError`.
    """
    from stockade.engine.comparison import compare
    from stockade.engine.proofs.trees import checked_out

    with checked_out(old) as old_place, checked_out(new) as new_place:
        before, after = (_state(place, persona, given) for place in (old_place, new_place))
        if before is None and after is None:
            scan(new_place, persona=persona, **given)  # which says what was looked for
        nothing = _nothing(persona)
        return compare(before or nothing, after or nothing, old, new)


def _state(place: str, persona: str, given: Given) -> Result | None:
    """The scan of one state; None where there is nothing yet, or nothing any more."""
    try:
        return scan(place, persona=persona, **given)
    except NothingToScan:
        return None


def _nothing(persona: str) -> Result:
    """The scan of an application that declares nothing."""
    app = App([], (), ())
    findings, rows, _ = run_rules(app, [], Context(today=datetime.datetime.now(tz=datetime.UTC).date()), persona)
    chosen = select_rules(all_rules(), (), (), persona)
    return Result(
        app=app, root=".", findings=tuple(findings), rows=rows, gaps=(), rules=chosen, persona=persona, show="info",
        seconds=0.0,
    )  # fmt: skip


def can(policy: Source, action: str, resource: str = "*", **given: Unpack[Given]) -> Proof:
    """Whether a function or role may never do something to a resource: an ARN, or an address of the tree."""
    from stockade.engine.proofs import questions

    return questions.can(_subject(policy, given), action, resource)


def who_can(path: StrPath, action: str, resource: str = "*", **given: Unpack[Given]) -> Proof:
    """Which functions of a tree may do something to a resource, in `Proof.items`."""
    from stockade.engine.proofs import questions

    return questions.who_can(load(path, **given), action, resource, os.fspath(path))


def _subject(source: Source, given: Given) -> Subject:
    from stockade.engine.proofs.subjects import subject

    return subject(source, partial(load, **given))


def _pair(left: Source, right: Source, given: Given) -> tuple[Subject, Subject]:
    from stockade.engine.proofs.subjects import pair

    return pair(left, right, partial(load, **given))
