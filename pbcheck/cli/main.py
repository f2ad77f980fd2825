"""The group of commands, and the one place where an exception becomes an exit code."""

from __future__ import annotations

import io
import os
import sys
from typing import ClassVar, NoReturn

import click

from pbcheck._version import __version__
from pbcheck.errors import Exit, PbcheckError
from pbcheck.schema.suggest import did_you_mean


class Commands(click.Group):
    """A group whose commands are imported when they are asked for, and which names the nearest one for a misspelled name."""

    homes: ClassVar[dict[str, str]] = {
        "audit": "checking",
        "baseline": "baselines",
        "check": "checking",
        "cld": "client_level",
        "completion": "looking",
        "config": "settings",
        "diff": "changing",
        "explain": "looking",
        "figures": "figures",
        "init": "starting",
        "report": "saved",
        "rules": "looking",
        "schema": "looking",
        "spark": "spark",
        "statement": "statements",
        "test": "testing",
        "verify": "saved",
        "waivers": "waivers",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.homes)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.homes:
            raise click.UsageError(f"There is no command `{cmd_name}`.{did_you_mean(cmd_name, self.homes)} See pbcheck --help.")
        from importlib import import_module

        command: click.Command = getattr(import_module(f"pbcheck.cli.{self.homes[cmd_name]}"), f"{cmd_name}_command")
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="pbcheck")
def main() -> None:
    """Check a council's personal budget policies, contracts and cases against the good-practice notes.

    Nothing leaves this machine. Exit codes: 0 clean, 1 findings, 2 wrong instructions, 3 audit incomplete.
    """


def run() -> NoReturn:
    """Run the command and leave with its exit code; a bug says so without a traceback unless PBCHECK_DEBUG is set."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    try:
        code = main.main(standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else Exit.CLEAN)
    except click.ClickException as error:
        error.show()
        sys.exit(Exit.INSTRUCTIONS)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Interrupted: what was asked for was not finished.", err=True)
        sys.exit(Exit.INTERRUPTED)
    except PbcheckError as error:
        from pbcheck.render.words import inert_lines

        words = inert_lines(str(error))
        click.echo(words if "\n" in words else f"pbcheck: {words}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.CLEAN)
    except Exception as error:  # the last resort: a bug is said to be one, without a traceback
        if os.environ.get("PBCHECK_DEBUG"):
            raise
        kind = type(error).__name__
        words = "This is a bug in pbcheck, not in your data. Set PBCHECK_DEBUG=1 to see where (look before you share it: it may hold data)."
        click.echo(f"pbcheck: stopped by an unexpected {kind}. {words}", err=True)
        sys.exit(Exit.BUG)
