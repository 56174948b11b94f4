"""`stockade completion`."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from stockade.cli._output import write_text
from stockade.cli._suggest import Choice

_WHERE = {
    "bash": "~/.bashrc",
    "zsh": "~/.zshrc",
    "fish": "~/.config/fish/completions/stockade.fish",
}


@click.command("completion")
@click.argument("shell", type=Choice(list(_WHERE)))
def command(shell: str) -> None:
    """Print what completes commands and options in SHELL: bash, zsh or fish.

    For bash and zsh, put `eval "$(stockade completion bash)"` into ~/.bashrc or ~/.zshrc; for fish, write what is printed to
    ~/.config/fish/completions/stockade.fish.
    """
    from stockade.cli._group import group

    made = get_completion_class(shell)
    if made is None:
        raise click.UsageError(f"nothing completes in `{shell}`")
    write_text(made(group, {}, "stockade", "_STOCKADE_COMPLETE").source() + "\n")
