"""Runs a management command and turns what goes wrong into one plain line and an exit status.

Loaded only for such commands: `aro up` stays small because it never loads Django.
"""

from __future__ import annotations

import difflib
import importlib
import sys

import django
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError

from aro.ops import commands, settings_module
from aro.ops.bootstrap import database_advice
from aro.ops.console import complain

FAILED, USAGE, NOT_PERMITTED = 1, 2, 3
_OWN_WORDS = ("up", "stop", "status", "help")


def run(arguments: list[str]) -> int:
    """Runs ours (`family:verb`) or one of Django's; SystemExit carries a command's own exit status."""
    settings_module.choose()
    name, rest = commands.find(arguments)
    try:
        return _ours(name, rest) if name else _django(arguments)
    except PermissionDenied as error:
        return _explain(str(error) or "You may not do that. Ask an administrator.", NOT_PERMITTED)
    except ImproperlyConfigured as error:
        return _explain(str(error), FAILED)
    except DatabaseError as error:
        return _explain(database_advice(error), FAILED)


def _ours(name: str, rest: list[str]) -> int:
    django.setup()
    command = importlib.import_module(commands.module(name)).Command()
    command.run_from_argv(["aro", commands.spelling(name), *rest])
    return 0


def _django(arguments: list[str]) -> int:
    django.setup()
    if arguments[0] not in get_commands():
        return _explain(_unknown(arguments), USAGE)
    execute_from_command_line([sys.argv[0], *arguments])
    return 0


def _unknown(arguments: list[str]) -> str:
    asked = arguments[0] if ":" in arguments[0] else ":".join(arguments[:2])
    ours = commands.ours()
    known = [*map(commands.spelling, ours), *_OWN_WORDS, *(name for name in get_commands() if name not in ours)]
    near = difflib.get_close_matches(asked, known, n=3) or difflib.get_close_matches(arguments[0], known, n=3)
    hint = f"Did you mean {' or '.join(near)}?" if near else "`aro help` lists all commands."
    return f"There is no command {arguments[0]!r}. {hint}"


def _explain(line: str, status: int) -> int:
    complain(line)
    return status
