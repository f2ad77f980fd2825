"""`init`: the start of a council's repository."""

from __future__ import annotations

from pathlib import Path

import click

from pbcheck._version import __version__
from pbcheck.cli.init_mapping import init_mapping_command
from pbcheck.errors import Exit
from pbcheck.render.words import inert
from pbcheck.starter.folder import COUNCIL, SERVERS, remarks, start

_LONGEST = 200


class Starting(click.Group):
    """A group that does its own work in a folder, unless the first word names one of its commands (a folder so named is `./mapping`)."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the folder in front of the name of a command, and let options stand after the folder."""
        named = bool(args) and args[0] in self.commands
        ctx.allow_interspersed_args = not named
        return super().parse_args(ctx, [".", *args] if named else args)


def _words(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not value.strip() or not value.isprintable() or value.startswith("-") or len(value) > _LONGEST):
        raise click.BadParameter(f"expected one line of at most {_LONGEST} characters that does not begin with a hyphen")
    return value


@click.group("init", cls=Starting, invoke_without_command=True)
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--council", callback=_words, help="The council's name, as it calls itself.")
@click.option("--ci", "server", type=click.Choice(SERVERS), default="github", show_default=True, help="The build server to write for.")
@click.option(
    "--requirement",
    callback=_words,
    default=f"pbcheck=={__version__}",
    show_default=True,
    help="What pip installs on build servers and in commit hooks: a release, or an address such as git+https://...",
)
@click.pass_context
def init_command(ctx: click.Context, folder: Path, council: str | None, server: str, requirement: str) -> int:
    """Write a commented start: configuration, policy, register of waivers, commit hook, build server, schemas for editors.

    What is there already is left as it is, and said. FOLDER is the top of the repository; without it, this folder.
    """
    if ctx.invoked_subcommand is not None:
        return Exit.CLEAN
    named = council or COUNCIL
    for one in start(folder, named, requirement, server):
        click.echo(inert(f"left   {one.path} ({one.kept})" if one.kept else f"wrote  {one.path}"))
    click.echo()
    for words in remarks(folder, named):
        click.echo(inert(words))
    return Exit.CLEAN


init_command.add_command(init_mapping_command)
