"""`-f github`: annotations on the lines of a pull request, as commands that a step of GitHub Actions prints.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

GitHub shows ten of each level and step, the first that it reads; so the worst come first, and all are in the log.
"""

from __future__ import annotations

from stockade.engine.findings import Finding, Result
from stockade.engine.offers import Offers
from stockade.reports._shared import folder_of, headline, in_order, not_shown, sentence, where, word_of
from stockade.rules._base import Severity
from stockade.text.snippet import clean

_LEVELS: dict[Severity, str] = {
    "critical": "error",
    "high": "error",
    "medium": "warning",
    "low": "notice",
    "info": "notice",
}
_SHOWN = 10


def render(result: Result) -> str:
    """A command for each finding, and a line that counts them."""
    folder = folder_of(result)
    offers = Offers(result)
    findings = in_order(result.visible)
    levels = [_LEVELS[f.severity] if f.verdict == "fail" else "notice" for f in findings]
    lines = [
        _command(finding, level, folder, offers.help(finding)) for finding, level in zip(findings, levels, strict=True)
    ]
    hidden = not_shown(result)
    lines.append(clean(f"Stockade: {headline(result)}" + (f"; not shown: {hidden}" if hidden else "")))
    if any(levels.count(level) > _SHOWN for level in set(levels)):
        lines.append(
            f"GitHub shows the first {_SHOWN} errors, warnings and notices of a step as annotations; all are above"
        )
    return "".join(line + "\n" for line in lines)


def _command(finding: Finding, level: str, folder: str, help_: str) -> str:
    at = where(finding, folder)
    properties: dict[str, str | int] = {}
    if at.path:
        properties |= {"file": at.path, "line": at.line, "endLine": at.end_line}
        if at.line == at.end_line:  # GitHub has columns within one line only
            properties |= {"col": at.column, "endColumn": max(at.end_column - 1, at.column)}
    properties["title"] = f"{word_of(finding)}: {finding.rule.code} {finding.rule.name}"
    doubts = "; ".join(doubt.why for doubt in finding.doubts)
    lines = [sentence(finding) + (f": {doubts}" if doubts else ""), *([f"Help: {help_}"] if help_ else [])]
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {written}::{'%0A'.join(_data(clean(line)) for line in lines)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(clean(text)).replace(":", "%3A").replace(",", "%2C")
