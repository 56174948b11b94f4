"""`stockade rules`."""

from __future__ import annotations

from textwrap import wrap

import click

from stockade import api
from stockade.cli._output import terminal_width, write_bytes, write_text
from stockade.engine.select import domain_of, matching
from stockade.rules._base import Rule


@click.command("rules")
@click.argument("words", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="As JSON, with everything that is said of each rule.")
def command(words: tuple[str, ...], *, as_json: bool) -> None:
    """List the rules, or those that WORDS (codes, names, prefixes, domains) mean."""
    every = api.rules()
    chosen = [r for r in every if not words or any(r in matching(every, w) for w in words)]
    if as_json:
        import msgspec

        data = [
            {
                "code": r.code, "name": r.name, "title": r.title, "severity": r.severity, "confidence": r.confidence,
                "persona": r.persona, "domain": domain_of(r), "controls": list(r.controls), "since": r.since,
                "maps": {k: list(v) for k, v in r.maps.items()}, "aliases": list(r.aliases),
            }
            for r in chosen
        ]  # fmt: skip
        write_bytes(msgspec.json.format(msgspec.json.encode(data), indent=2) + b"\n")
        return
    write_text("".join(_lines(chosen, terminal_width())))


def _lines(rules: list[Rule], width: int) -> list[str]:
    """A line for each rule, and a heading for each domain; what does not fit goes on below its column."""
    longest = max((len(r.name) for r in rules), default=0)
    lines: list[str] = []
    domain = ""
    for rule in rules:
        if domain_of(rule) != domain:
            lines.append(("\n" if domain else "") + domain_of(rule) + "\n")
            domain = domain_of(rule)
        begin = f"  {rule.code:<6} {rule.name:<{longest}}  {rule.severity:<8} "
        persona = "" if rule.persona == "regular" else f" ({rule.persona})"
        first, *rest = wrap(rule.title + persona, max(width - len(begin), 30), break_on_hyphens=False)
        lines.append(f"{begin}{first}\n")
        lines += [" " * len(begin) + line + "\n" for line in rest]
    return lines
