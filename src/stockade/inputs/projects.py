"""Projects of frameworks that are not read themselves: how they are known, and what can be scanned instead of them.

Source: the documentation of each framework, read 2026-11-28.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from stockade.model.app import Gap


class Framework(Struct, frozen=True):
    """A framework: its name, and what its user scans instead of the project."""

    name: str
    remedy: str


CHALICE = Framework("AWS Chalice", "run `chalice package out`, and scan `out`")
COPILOT = Framework(
    "AWS Copilot", "run `copilot svc package` (or `job package`) with `--output-dir out`, and scan `out`"
)
SST = Framework(
    "SST",
    "of version 2, run `sst build` and scan `.sst/dist`; version 3 is made of Pulumi: once it is deployed, run "
    "`sst state export > stack.json`, and scan that",
)
PULUMI = Framework(
    "Pulumi",
    "run `pulumi preview --json --show-sames > preview.json`, and scan that (or, of what is deployed, "
    "`pulumi stack export > stack.json`)",
)
ZAPPA = Framework("Zappa", "run `zappa template` for the API, and scan the template; the role is in `zappa_settings`")
ARCHITECT = Framework("Architect", "run `arc deploy --dry-run`, and scan the `sam.json` that it writes")
CDK = Framework("the AWS CDK", "run `cdk synth`, and scan `cdk.out`")

_BY_NAME = {
    "sst.config.ts": SST,
    "sst.config.js": SST,
    "sst.json": SST,
    "Pulumi.yaml": PULUMI,
    "Pulumi.yml": PULUMI,
    "zappa_settings.json": ZAPPA,
    "zappa_settings.toml": ZAPPA,
    "zappa_settings.yml": ZAPPA,
    "zappa_settings.yaml": ZAPPA,
    "zappa_settings.py": ZAPPA,
    "app.arc": ARCHITECT,
    ".arc": ARCHITECT,
    "arc.json": ARCHITECT,
    "arc.yaml": ARCHITECT,
    "cdk.json": CDK,
}
_BY_FOLDER = {(".chalice", "config.json"): CHALICE, ("copilot", ".workspace"): COPILOT}


def framework_of(path: str) -> Framework | None:
    """The framework whose project a file marks, by its path; None for any other file."""
    folder, _, name = path.rpartition("/")
    return _BY_NAME.get(name) or _BY_FOLDER.get((folder.rpartition("/")[2], name))


def projects_of(marks: Iterable[str], read: Iterable[str], stacks: Iterable[str] = ()) -> list[Gap]:
    """What the report says of the projects that these files mark.

    `read` are the paths of templates: a project of the CDK that has been synthesised in its own folder is read; so is one
    of Pulumi (and of SST, which is made of it) with what Pulumi prints of it, whose paths are `stacks`.
    """
    templates = tuple(read)
    printed = tuple(stacks)
    found: list[Gap] = []
    for path in sorted(marks):
        framework = framework_of(path)
        if framework is None:
            continue
        folder = path.rpartition("/")[0]
        output = f"{folder}/cdk.out/" if folder else "cdk.out/"
        if framework is CHALICE and path in templates:
            continue  # its configuration is read, and says so itself
        if framework is CDK and any(template.startswith(output) for template in templates):
            continue
        if framework in {PULUMI, SST} and any(not folder or path.startswith(f"{folder}/") for path in printed):
            continue
        why = f"it is of a project of {framework.name}, which is not read itself"
        found.append(Gap(what=f"`{path}`", why=why, remedy=framework.remedy, kind="framework", path=path))
    return found
