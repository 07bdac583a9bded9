"""The `aro` command: `aro FAMILY:VERB` = `aro FAMILY VERB` = `python manage.py FAMILY VERB`.

A command is a file `<app>/management/commands/family_verb.py`; its module docstring is its line in `aro help`.
Exit status: 0 ok, 1 a check failed, 2 usage, 3 not permitted.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable

from aro import paths
from aro.console import PlainError, complain, say
from aro.ops import commands
from aro.ops import status as supervised
from aro.ops.up import up
from aro.version import VERSION

_INTERRUPTED = 130
_HEAD = """\
ARO keeps appointments from being forgotten.

  aro up                     start everything; Ctrl-C stops it
  aro stop                   stop it from another terminal
  aro status                 what is running
  aro --version              the version
"""


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
        # The reader (`aro ... | head`) has seen enough; keep Python from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _INTERRUPTED


def _dispatch(arguments: list[str]) -> int:
    word = arguments[0] if arguments else "help"
    if word in _OWN:
        return _OWN[word](arguments[1:])
    for name, value in paths.remembered().items():
        os.environ.setdefault(name, value)
    # Imported late on purpose: `aro up` stays small because it never loads Django.
    return int(importlib.import_module("aro.ops.run_command").run(arguments))


def _help(_: list[str]) -> int:
    say(_HEAD)
    for name in commands.ours():
        say(f"  aro {commands.spelling(name):22} {commands.summary(name)}")
    say("\nEach explains itself with --help. Django's own commands (migrate, shell ...) work too.")
    return 0


def _version(_: list[str]) -> int:
    say(f"aro {VERSION}")
    return 0


_OWN: dict[str, Callable[[list[str]], int]] = {
    "help": _help,
    "--help": _help,
    "-h": _help,
    "--version": _version,
    "version": _version,
    "up": lambda _: up(),
    "stop": lambda _: supervised.stop(),
    "status": supervised.status,
}
