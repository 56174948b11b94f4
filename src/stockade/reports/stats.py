"""What `scan --stats` prints: verdicts by rule, and every cause of undecided ones."""

from __future__ import annotations

from collections import Counter, defaultdict

from stockade.engine.findings import Result
from stockade.reports._shared import give, plural, undecided
from stockade.text.snippet import clean


def render(result: Result) -> str:
    """Counts of the rows of the matrix that the persona covers."""
    by_rule: dict[str, Counter[str]] = defaultdict(Counter)
    names = {r.code: r.name for r in result.rules}
    total: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    for row in result.rows:
        if result.covers(row.rule):
            by_rule[row.rule.code][row.verdict] += 1
            total[row.verdict] += 1
            causes.update([row.cause] if row.verdict == "unknown" else [])
    lines = [f"{'rule':<44} {'fail':>7} {'pass':>7} {'n/a':>7} {'unknown':>8}"]
    for code, counts in sorted(by_rule.items()):
        name = f"{code} {names[code]}"
        lines.append(
            f"{name:<44} {counts['fail']:>7} {counts['pass']:>7} {counts['not_applicable']:>7} {counts['unknown']:>8}"
        )
    every = sum(total.values())
    lines.append(
        f"{'all':<44} {total['fail']:>7} {total['pass']:>7} {total['not_applicable']:>7} {total['unknown']:>8}"
    )
    share = 100 * total["unknown"] / every if every else 0.0
    lines.append("")
    lines.append(f"{share:.2f}% of {plural(every, 'verdict')} could not be decided")
    lines += [f"  {number:>7}  {cause}" for cause, number in causes.most_common()]
    if causes:
        lines += ["", "each reason, with the verdicts that rest on it:"]
    for reason in undecided(result):
        why = f"in {plural(reason.functions, 'function')}: {reason.why}{give(reason.remedy)}"
        lines.append(clean(f"  {reason.verdicts:>7}  {why}"))
    return "\n".join(lines) + "\n"
