"""The command ``einthoven``: commands imported when called, errors in two lines.

Start-up is a feature: this module imports click and nothing heavier, and ``--help`` imports no command.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn, cast

import click

from einthoven.errors import EinthovenError, Exit, unknown_name
from einthoven.version import __version__

__all__ = ["COMMANDS", "cli", "defaults", "main"]

#: Name -> (where it stands, its line in ``--help``).
COMMANDS: Mapping[str, tuple[str, str]] = {
    "run": ("einthoven.cli.run:run", "Run the benchmark on one model: ask, score, write the bundle."),
    "ls": ("einthoven.cli.ls:ls", "List what there is: tasks, axes, views, models, data."),
    "compare": ("einthoven.cli.compare:compare", "Compare two runs on the same ECGs: gains, tests, disagreements."),
    "power": ("einthoven.cli.power:power", "Say which gains a run would find, before it is paid for."),
    "audit": ("einthoven.cli.audit:audit", "Say what a model's errors would cost, and whom."),
    "score": ("einthoven.cli.score:score", "Score a bundle again from its answers; no model is called."),
    "data": ("einthoven.cli.data:data", "Look at a data source before a run."),
    "render": ("einthoven.cli.render:render", "Draw recordings as ECG pages: one picture, or a whole source."),
    "train": ("einthoven.cli.train:train", "Train a model: lora, signal."),
    "experiment": ("einthoven.cli.experiment:experiment", "Repeat the published study's seven experiments."),
    "measure": ("einthoven.cli.measure:measure", "Measure rate, intervals and axes of recordings."),
    "leaderboard": ("einthoven.cli.leaderboard:leaderboard", "Build the static page of all bundles."),
    "doctor": ("einthoven.cli.doctor:doctor", "Look at versions, data folders and keys; say how to mend what fails."),
    "demo": ("einthoven.cli.demo:demo", "Run the main job on the embedded simulated ECGs."),
}

#: The file with default options, a table a command; flags and environment variables come before it.
CONFIG_FILE = "einthoven.toml"


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called, not when they are listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name][0].split(":")
        command = cast("click.Command", getattr(import_module(module), attribute))
        _refuse_unknown_defaults(cmd_name, command, (ctx.default_map or {}).get(cmd_name))
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise unknown_name("command", args[0], COMMANDS)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _refuse_unknown_defaults(name: str, command: click.Command, given: object) -> None:
    """Refuse a table of the file that the command would not understand: a misspelt limit must not run everything."""
    if given is None:
        return
    if not isinstance(given, dict):
        raise EinthovenError(f"{CONFIG_FILE}: {name} is a table of options", f"write [{name}] on a line of its own")
    nested = command.list_commands(click.Context(command)) if isinstance(command, click.Group) else []
    options = {parameter.name: parameter for parameter in command.params if parameter.name}
    for key, value in given.items():
        if key not in options and key not in nested:
            raise unknown_name(f"option in [{name}] of {CONFIG_FILE}:", key, [*options, *nested])
        if key in options and options[key].multiple and not isinstance(value, list):
            raise EinthovenError(f"{CONFIG_FILE}: {key} in [{name}] is a list", f"write {key} = [{value!r}]")


def defaults() -> dict[str, Any]:
    """Read ``einthoven.toml`` of the working folder: the last in line behind flags and environment."""
    try:
        with open(CONFIG_FILE, "rb") as stream:  # noqa: PTH123  pathlib costs start-up time
            import tomllib

            return tomllib.load(stream)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise EinthovenError(f"{CONFIG_FILE} cannot be read: {error}", "correct it, or move it away") from None


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="einthoven")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def cli(debug: bool) -> None:
    """Tell whether a model reads the ECG or guesses.

    Try "einthoven demo" first, then "einthoven run MODEL --data SOURCE".
    """


def _leave(problem: str, remedy: str, code: int) -> NoReturn:
    click.echo(f"einthoven: {problem}", err=True)
    click.echo(f"  {remedy}", err=True)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; every error ends in one line that says what is wrong and one that says what to do."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given or os.environ.get("EINTHOVEN_DEBUG", "0").lower() not in ("", "0", "false", "no")
    if debug:  # taken wherever it stands
        given = [word for word in given if word != "--debug"]
    try:
        code = cli.main(  # what a command gave to `ctx.exit`
            given,
            prog_name="einthoven",
            standalone_mode=False,
            auto_envvar_prefix="EINTHOVEN",
            default_map=defaults(),
        )
        if code:
            sys.exit(code)
    except EinthovenError as error:
        if debug:
            raise
        _leave(error.problem, error.remedy, error.exit_code)
    except click.exceptions.Abort:
        _leave("interrupted", "run the same command again: it goes on from here", Exit.INTERRUPTED)
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        path = context.command_path if context is not None else "einthoven"
        _leave(error.format_message().rstrip(".").replace("\n", " "), f"see: {path} --help", Exit.USAGE)
    except KeyboardInterrupt:
        _leave("interrupted", "run the same command again: it goes on from here", Exit.INTERRUPTED)
    except BrokenPipeError:  # the reader of our output has gone: `einthoven ls axes | head -1`
        sys.stderr.close()
        sys.exit(Exit.OK)
    except Exception as error:
        if debug:
            raise
        _leave(
            f"unexpected {type(error).__name__}: {str(error).splitlines()[0] if str(error) else 'no message'}",
            "this is a fault of einthoven: run again with --debug and report what it prints",
            Exit.GATE_FAILED,
        )


if __name__ == "__main__":
    main()
