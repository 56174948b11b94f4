"""The pages of the documentation that are made of the code."""

from __future__ import annotations

import inspect
import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import click
from msgspec import Struct

from stockade import api
from stockade.cli._docs_peers import page as peers_page
from stockade.config.describe import Described, described, options_of
from stockade.engine.select import domain_of
from stockade.rules import DOMAINS
from stockade.rules._base import Rule

_SOURCE = "made by `stockade dev docs`; edit the code, not this page"
_REFERENCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html"
_FRAMEWORKS = {
    "cwe": "CWE",
    "aws-fsbp": "AWS Foundational Security Best Practices",
    "cis-aws": "CIS AWS Foundations",
    "owasp-serverless": "OWASP Serverless Top 10",
}
_FORMAT_NAMES = {
    "cloudformation": "CloudFormation",
    "sam": "AWS SAM",
    "terraform": "Terraform",
    "serverless": "Serverless Framework",
}


def write_pages(into: Path) -> list[Path]:
    """Write all generated pages below a folder; returns their paths."""
    pages = {
        "rules/index.md": _rules_index(),
        "cli.md": _cli(),
        "formats.md": _formats(),
        "exit-codes.md": _exit_codes(),
        "schemas.md": _schemas(),
        "policy-checks.md": _policy_checks(),
        "peers.md": peers_page(_SOURCE),
        "settings.md": _settings(),
    }
    pages |= {f"rules/{r.name}.md": _rule_page(r) for r in api.rules()}
    written = []
    for name, text in pages.items():
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")
        written.append(path)
    for stale in (into / "rules").glob("*.md"):
        if f"rules/{stale.name}" not in pages:
            stale.unlink()
    return written


# --------------------------------------------------------------------------------------------------------------- rules


def _rules_index() -> str:
    rules = api.rules()
    counts = Counter(r.severity for r in rules)
    lines = [
        f"<!-- {_SOURCE} -->",
        "# Rules",
        "",
        f"There are {len(rules)} rules. A rule's name is that of the bad pattern; its code says the domain, and",
        "nothing about how bad it is: severity depends on the context as well, and what is given here is what a rule",
        f"begins with ({', '.join(f'{n} {s}' for s, n in counts.most_common())}). Rules marked *pedantic* are only",
        "shown with `--persona pedantic` or stricter; those marked *auditor*, which hold what only the checklists of other tools",
        "ask for, with `--persona auditor`.",
        "",
    ]
    by_domain: dict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        by_domain[domain_of(rule)].append(rule)
    number = {name: digit for digit, name in DOMAINS.items()}
    for domain in sorted(by_domain, key=number.__getitem__):
        lines += [f"## {domain.capitalize()} (SK{number[domain]}xx)", ""]
        lines += ["| Code | Name | Severity | What it reports |", "|---|---|---|---|"]
        for r in by_domain[domain]:
            persona = "" if r.persona == "regular" else f" *{r.persona}*"
            lines.append(f"| {r.code} | [{r.name}]({r.name}.md) | {r.severity}{persona} | {_cell(r.title)} |")
        lines.append("")
    return "\n".join(lines)


def _rule_page(rule: Rule) -> str:
    head, _, body = rule.doc.strip().partition("\n")
    for word in ("bad", "good"):
        for language in ("yaml", "json", "hcl"):
            body = body.replace(f"```{language} {word}", f'```{language} title="{word}"')
    persona = "" if rule.persona == "regular" else f" · only with `--persona {rule.persona}`"
    facts = [
        ("Severity", f"{rule.severity}, where the context does not make it another"),
        ("Confidence", rule.confidence),
        ("Controls", ", ".join(rule.controls)),
        *((_FRAMEWORKS.get(name, name), ", ".join(map(str, values))) for name, values in rule.maps.items()),
        *((("Known elsewhere as", ", ".join(f"`{a}`" for a in rule.aliases)),) if rule.aliases else ()),
        ("Since", rule.since),
        ("Source", f"`src/{rule.module.replace('.', '/')}.py`"),
    ]
    rows = [f"| {_cell(key)} | {_cell(value)} |" for key, value in facts]
    lines = [
        f"<!-- {_SOURCE} -->",
        f"# {rule.name}",
        "",
        f"**{rule.code}** · {domain_of(rule)} · {rule.severity}{persona}",
        "",
        f"**{head}**",
        "",
        body.strip(),
        "",
        "## Options",
        "",
        f"In [the configuration](../configuration.md), under `[rules.{rule.name}]`:",
        "",
        *_table(options_of(rule)),
        "",
        "## Ignoring it",
        "",
        "Where it is right and still fine, [say so](../ignoring.md), with the reason:",
        "",
        "```yaml",
        f'# stockade: ignore[{rule.name}] reason="…"',
        "```",
        "",
        "## Facts",
        "",
        f"| {rule.code} | {rule.name} |",
        "|---|---|",
        *rows,
        "",
    ]
    return "\n".join(lines)


def _table(rows: list[Described]) -> list[str]:
    """What can be configured, as a table."""
    lines = ["| Name | Takes | Default | What it means |", "|---|---|---|---|"]
    for row in rows:
        default = f"`{row.default}`" if row.default else ""
        lines.append(f"| `{row.name}` | {_cell(row.takes)} | {default} | {_cell(row.means)} |")
    return lines


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


# -------------------------------------------------------------------------------------------------------- command line


def _cli() -> str:
    from stockade.cli._group import group

    lines = [
        f"<!-- {_SOURCE} -->",
        "# Command line",
        "",
        "Findings go to standard output, everything else to standard error. What the exit codes mean is on",
        "[a page of its own](exit-codes.md).",
        "",
    ]
    context = click.Context(group, info_name="stockade", help_option_names=["-h", "--help"])
    lines += ["| Command | What it does |", "|---|---|"]
    names = group.list_commands(context)
    commands = {name: found for name in names if (found := group.get_command(context, name)) is not None}
    for name, command in commands.items():
        lines.append(f"| [`stockade {name}`](#stockade-{name}) | {_cell(command.get_short_help_str(200))} |")
    lines.append("")
    for name, command in commands.items():
        lines += _command(command, name, context, "##")
    lines += [
        "## Environment",
        "",
        "| Variable | Effect |",
        "|---|---|",
        "| `NO_COLOR` | if it is set to anything, text is not coloured |",
        "| `FORCE_COLOR` | if it is set, but to `0`, text is coloured also where it does not go to a terminal |",
        "| `COLUMNS` | how wide the text may be; the terminal's width without it, or 100 |",
        "| `STOCKADE_CACHE` | where results and what `stockade update` fetched are kept, if not in the system's folder for it |",
        "| `STOCKADE_DATA` | `shipped` leaves alone what `stockade update` fetched, so that a scan is the same everywhere |",
        "| `STOCKADE_IAM_URL` | where `stockade update iam` finds the reference, if not at AWS |",
        "| `STOCKADE_…` | the settings that [Settings](settings.md) names a variable for |",
        "| `STOCKADE_TRACEBACK` | if it is set, a fault of Stockade's own prints its whole trace |",
        "",
    ]
    return "\n".join(lines)


def _command(command: click.Command, name: str, parent: click.Context, heading: str) -> list[str]:
    context = click.Context(command, info_name=name, parent=parent, terminal_width=88, max_content_width=88)
    lines = [f"{heading} {context.command_path}", "", inspect.cleandoc(command.help or ""), ""]
    lines += ["```text", command.get_usage(context), "```", ""]
    options = [p for p in command.get_params(context) if isinstance(p, click.Option)]
    if options:
        lines += ["| Option | What it does |", "|---|---|"]
        for option in options:
            record = option.get_help_record(context)
            if record is not None:
                lines.append(f"| `{record[0].replace('|', ' · ')}` | {_cell(record[1])} |")
        lines.append("")
    if isinstance(command, click.Group):
        for sub in command.list_commands(context):
            found = command.get_command(context, sub)
            if found is not None:
                lines += _command(found, sub, context, heading + "#")
    return lines


def _settings() -> str:
    from stockade.config.read import variable_of
    from stockade.config.settings import NOT_IN_ENVIRONMENT, PerPath, Settings, Suppress

    lines = [
        f"<!-- {_SOURCE} -->",
        "# Settings",
        "",
        "What `stockade.toml`, or `[tool.stockade]` in `pyproject.toml`, may say; [Configuration](configuration.md) says where",
        "it is looked for, and what wins. Where a variable of the environment says the same, it is named.",
        "",
    ]
    tables: dict[str, type[Struct]] = {"per-path": PerPath, "suppress": Suppress}
    for row in described(Settings):
        variable = "" if row.name in NOT_IN_ENVIRONMENT else f" · `{variable_of(row.name)}`"
        default = f" · default `{row.default}`" if row.default else ""
        lines += [
            f"## {row.name}",
            "",
            f"{row.takes}{default}{variable}",
            "",
            f"{row.means[:1].upper()}{row.means[1:]}.",
            "",
        ]
        inner = tables.get(row.name)
        if inner is not None:
            lines += [*_table(described(inner)), ""]
    rules = [rule for rule in api.rules() if rule.options is not None]
    lines += ["## Options of rules", "", "Every rule has `severity`; these have options of their own:", ""]
    lines += ["| Rule | Option | Takes | Default | What it means |", "|---|---|---|---|---|"]
    for rule in rules:
        for row in options_of(rule)[1:]:
            default = f"`{row.default}`" if row.default else ""
            link = f"[{rule.name}](rules/{rule.name}.md)"
            lines.append(f"| {link} | `{row.name}` | {_cell(row.takes)} | {default} | {_cell(row.means)} |")
    return "\n".join([*lines, ""])


def _exit_codes() -> str:
    from stockade.cli.scan import EXIT_CODES

    lines = [
        f"<!-- {_SOURCE} -->",
        "# Exit codes",
        "",
        "| Code | Meaning |",
        "|---|---|",
        *(f"| {code} | {_cell(meaning)} |" for code, meaning in EXIT_CODES.items()),
        "",
        "`--show` and `--fail-on` are two things: the first says what is printed, the second what makes the exit code",
        "1. A finding that is not shown never makes it 1, and one that could not be decided never does either.",
        "",
        "`stockade fix` exits with 0 also where it left something: what it left, and why, is on standard error.",
        "",
    ]
    return "\n".join(lines)


# ------------------------------------------------------------------------------------------------------------- formats


def _formats() -> str:
    """What goes in and what comes out, and the matrix of model fields and input formats."""
    from stockade.cli.scan import FORMATS
    from stockade.inputs.matrix import FORMATS as INPUTS
    from stockade.inputs.matrix import Row, rows

    lines = [
        f"<!-- {_SOURCE} -->",
        "# Formats",
        "",
        "## Reports",
        "",
        "`-f` can be given several times, each with a file of its own: `-f text -f sarif=out.sarif`.",
        "[Reports](reports.md) shows each, and how build servers and code hosts take them.",
        "",
        "| `-f` | What it is |",
        "|---|---|",
        *(f"| `{name}` | {_cell(what)} |" for name, what in FORMATS.items()),
        "",
        "Paths in `json` and `matrix` are relative to the scanned folder; in the others, to the folder that the scan",
        "was started in.",
        "",
        "## Inputs",
        "",
        "Templates are known by what is in them, not by their names. Every field of the model is read from the place",
        "that is named here, and a fix writes it there.",
        "",
        "- A path below the resource's `Properties` (in Terraform: below its block) stands as it is; a star is every",
        "  item of a list. What Terraform has as a resource of its own is joined to what it belongs to.",
        "- What the Serverless Framework has no key of its own for is written under `resources` as in CloudFormation;",
        "  of what the framework makes, under `resources.extensions`.",
        "- What Pulumi prints is read as Terraform, whose attributes its provider has in camel case (`memorySize` for",
        "  `memory_size`), but for the names in `knowledge/data/pulumi.json`; nothing is written there.",
        "- *by* names the function that reads a field for which a path alone does not say it.",
        "- Words in italics say why a format can't express a field.",
        "",
    ]
    kinds: dict[str, dict[str, dict[str, list[Row]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for row in rows():
        kinds[row.kind][row.field][row.format].append(row)
    for kind, fields in kinds.items():
        lines += [f"### {kind.replace('_', ' ')}", ""]
        lines += [f"| Field | {' | '.join(_FORMAT_NAMES[f] for f in INPUTS)} |", "|---" * (len(INPUTS) + 1) + "|"]
        main = {place: next((r.type for own in fields.values() for r in own[place] if r.type), "") for place in INPUTS}
        for field, places in fields.items():
            cells = [_same(places, place, main) for place in INPUTS]
            lines.append(f"| `{field}` | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines)


def _same(places: dict[str, list[Any]], format_: str, main: dict[str, str]) -> str:
    """The cell of a format; SAM takes CloudFormation's own types as they are, which need not be said twice."""
    own = _places(places.get(format_, []), main[format_])
    if format_ == "sam" and own == _places(places.get("cloudformation", []), main["cloudformation"]):
        return "the same"
    if format_ == "serverless" and own == _places(places.get("cloudformation", []), main["cloudformation"]):
        return "under `resources`"
    return own


def _places(rows: list[Any], main: str) -> str:
    """Where a field stands: the types that say it in one way are told together.

    Types are left out if there is just one way, and the `main` type of the kind has it.
    """
    types: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        types[_place(row)].append(row.type)
    said = []
    for place, of in types.items():
        names = ", ".join(f"`{name.removeprefix('AWS::')}`" for name in of if name)
        said.append(f"{place}<br>of {names}" if names and (len(types) > 1 or main not in of) else place)
    return "<br>".join(said) or "–"  # noqa: RUF001 - a dash in a table


def _place(row: Any) -> str:  # noqa: ANN401 - a row of an input's matrix
    paths = " or ".join(f"`{part}`" for part in row.path.split(", ") if part)
    match row.how:
        case "path":
            return paths
        case "code":
            return f"{paths}, *by* `{row.by}`" if paths else f"*by* `{row.by}`"
        case "constant":
            return "the type itself"
        case "implied" | "inexpressible":
            return f"*{_cell(row.why)}*"
        case _:
            return "not read yet"


def _policy_checks() -> str:
    """The checks of policies, by their ids, and those that are not made."""
    from stockade.iam.validate import CLASSES, checks

    found = list(checks().values())
    held = [check for check in found if not check.why_not]
    lines = [
        f"<!-- {_SOURCE} -->",
        "# Checks of policies",
        "",
        "`stockade policy validate` checks policies as IAM Access Analyzer does, and calls what it finds by the same ids, so",
        "that one can move between the two. It needs no account and no network, says where in the source a fault is, what to",
        "write instead, and checks policies in templates and configuration as they stand: with parameters, references and",
        "conditions.",
        "",
        f"{len(held)} of the {len(found)} ids that AWS lists, or listed, are held. Three things are otherwise than there:",
        "",
        "- What is not known (a reference, a parameter without a value) is never called wrong.",
        "- `PASS_ROLE_…` and `CREATE_SLR_…` are only told if the policy's own denials leave something of the grant. That,",
        "  and what is redundant, is decided exactly.",
        "- One cause is told once.",
        "",
        f"What each check means is on [AWS's page]({_REFERENCE}).",
        "",
    ]
    for grade in CLASSES:
        own = [check for check in held if check.grade == grade]
        lines += [f"## {grade} ({len(own)})", "", "| Id | What it finds |", "|---|---|"]
        lines += [f"| `{check.id}` | {_cell(check.finds)} |" for check in own]
        lines.append("")
    lines += ["## Not held", "", "| Id | What it is about | Why not |", "|---|---|---|"]
    lines += [f"| `{c.id}` | {_cell(c.finds)} | {_cell(c.why_not)} |" for c in found if c.why_not]
    lines.append("")
    return "\n".join(lines)


def _schemas() -> str:
    """The contracts of the reports for machines."""
    lines = [
        f"<!-- {_SOURCE} -->",
        "# Schemas",
        "",
        "The reports for machines are contracts: fields are only ever added, and `schema_version` says when that ever",
        "has to change. The JSON Schemas are in the repository's `schemas/` folder.",
        "",
    ]
    folder = Path("schemas")
    for path in sorted(folder.glob("*.schema.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        lines += [f"## {schema['title']}", "", f"`{path.as_posix()}`. {schema.get('description', '')}", ""]
        defined = schema.get("$defs", {})
        lines += _fields(schema, "", defined)
        for name, part in defined.items():
            lines += _fields(part, name, defined)
    return "\n".join(lines)


def _fields(schema: dict[str, Any], name: str, defined: dict[str, Any]) -> list[str]:
    properties = schema.get("properties", {})
    if not properties:
        return []
    lines = [f"### {name}", ""] if name else []
    lines += ["| Field | Type | What it is |", "|---|---|---|"]
    required = set(schema.get("required", ()))
    for field, what in properties.items():
        optional = "" if field in required else " (may be missing)"
        lines.append(f"| `{field}` | {_type(what, defined)} | {_cell(what.get('description', ''))}{optional} |")
    return [*lines, ""]


def _type(schema: dict[str, Any], defined: dict[str, Any]) -> str:
    """A schema in a few words; what is defined with fields of its own has a heading to go to."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})" if "properties" in defined[name] else _type(defined[name], defined)
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "const" in schema:
        return f"`{json.dumps(schema['const'])}`"
    if "anyOf" in schema:
        return " or ".join(_type(part, defined) for part in schema["anyOf"])
    if "allOf" in schema:
        return f"{_type(schema['allOf'][0], defined)}, with a `label`"
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {_type(schema.get('items', {}), defined)}"
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
