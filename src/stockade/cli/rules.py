"""`stockade rules`."""

from __future__ import annotations

import click

from stockade import api
from stockade.engine.select import domain_of, matching


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
        click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
        return
    width = max((len(r.name) for r in chosen), default=0)
    domain = ""
    for r in chosen:
        if domain_of(r) != domain:
            click.echo(("\n" if domain else "") + domain_of(r))
            domain = domain_of(r)
        persona = "" if r.persona == "regular" else f" ({r.persona})"
        click.echo(f"  {r.code:<6} {r.name:<{width}}  {r.severity:<8} {', '.join(r.controls):<16} {r.title}{persona}")
