"""`kymograph completion SHELL`: the script that teaches a shell our words."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

HOW = {
    "bash": 'eval "$(kymograph completion bash)"     # in ~/.bashrc',
    "zsh": 'eval "$(kymograph completion zsh)"      # in ~/.zshrc',
    "fish": "kymograph completion fish | source      # in ~/.config/fish/config.fish",
}


@click.command("completion", epilog="\b\nTo use it:\n" + "\n".join(HOW.values()))
@click.argument("shell", type=click.Choice(list(HOW)))
def command(shell: str) -> None:
    """Print the completion script of bash, zsh or fish."""
    from kymograph.cli.main import cli

    made = get_completion_class(shell)
    assert made is not None  # the choice above holds only shells that click knows
    click.echo(made(cli, {}, "kymograph", "_KYMOGRAPH_COMPLETE").source())
