"""The `aro` command: `aro FAMILY:VERB` = `aro FAMILY VERB` = `python manage.py FAMILY VERB`.

A command is a file `<app>/management/commands/family_verb.py`; its module docstring is its line in `aro help`.
Exit status: 0 ok, 1 a check failed, 2 usage, 3 not permitted.
"""

from __future__ import annotations

import importlib
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator

from aro import paths
from aro.console import PlainError, complain, show
from aro.ops import commands, os_errors
from aro.ops import status as supervised
from aro.ops.up import up
from aro.version import VERSION

_INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        status = _dispatch(arguments)
        sys.stdout.flush()  # here and not at exit, where nobody could catch what a closed pipe says
        return status
    except PlainError as error:
        complain(str(error))
        return 1
    except BrokenPipeError:
        _print_no_more()  # the reader (`aro ... | head`) has seen enough
        return 0
    except OSError as error:
        complain(os_errors.advice(error))
        _print_no_more()
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED


def _print_no_more() -> None:
    """What is left to print and goes nowhere: keeps Python from complaining about it at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _dispatch(arguments: list[str]) -> int:
    word = _ALSO.get(arguments[0], arguments[0]) if arguments else "help"
    if word in _OWN:
        return _OWN[word][1](arguments[1:])
    for name, value in paths.remembered().items():
        os.environ.setdefault(name, value)
    # Imported late on purpose: `aro up` stays small because it never loads Django.
    return int(importlib.import_module("aro.ops.run_command").run(arguments))


def _up(arguments: list[str]) -> int:
    _parser("up", arguments)
    return up()


def _stop(arguments: list[str]) -> int:
    _parser("stop", arguments)
    return supervised.stop()


def _status(arguments: list[str]) -> int:
    given = _parser("status", arguments, "--json")
    return supervised.status(as_json=given.json)


def _version(arguments: list[str]) -> int:
    _parser("--version", arguments)
    show(f"aro {VERSION}")
    return 0


def _help(arguments: list[str]) -> int:
    """Of all commands, or of the one that is named."""
    named = [one for one in arguments if one not in ("--help", "-h")]
    if named:
        return _dispatch([*named, "--help"])
    show("ARO keeps appointments from being forgotten.\n")
    for line in own_commands():
        show(line)
    show()
    for name in commands.ours():
        show(f"  aro {commands.spelling(name):22} {commands.summary(name)}")
    show("\nEach explains itself with --help. Django's own commands (migrate, shell ...) work too.")
    return 0


def own_commands() -> Iterator[str]:
    """A line for each command that needs no Django."""
    yield from (f"  aro {word:22} {summary}" for word, (summary, _) in _OWN.items())


def _parser(word: str, arguments: list[str], *flags: str) -> Namespace:
    """What was given to one of these. Explains it, or says what is wrong, and ends with status 0 or 2."""
    parser = ArgumentParser(prog=f"aro {word}", description=_OWN[word][0], allow_abbrev=False)
    for flag in flags:
        parser.add_argument(flag, action="store_true", help="machine-readable")
    return parser.parse_args(arguments)


_OWN: dict[str, tuple[str, Callable[[list[str]], int]]] = {
    "up": ("start everything; Ctrl-C stops it", _up),
    "stop": ("stop it from another terminal", _stop),
    "status": ("what is running", _status),
    "--version": ("the version", _version),
    "help": ("this list, or what a command can do: aro help why", _help),
}
_ALSO = {"version": "--version", "--help": "help", "-h": "help"}
