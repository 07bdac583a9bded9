"""Runs a management command and turns what goes wrong into one plain line and an exit status.

Loaded only for such commands: `aro up` stays small because it never loads Django.
"""

from __future__ import annotations

import difflib
import importlib
import os
import sys

import django
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.management import execute_from_command_line, get_commands
from django.db import DatabaseError, DataError

from aro import errors
from aro.console import complain
from aro.errors import AroError
from aro.ops import commands, key_proofs, settings_module
from aro.ops.bootstrap import database_advice
from aro.secrets import NotPreparedError, SecretError

FAILED, USAGE, NOT_PERMITTED = 1, 2, 3
# Commands of Django's that touch no people; those that look after the database run with any keys and say so.
_WITHOUT_DATABASE = frozenset(
    {
        *("check", "collectstatic", "compilemessages", "diffsettings", "findstatic", "help", "makemessages"),
        *("makemigrations", "sendtestemail", "startapp", "startproject", "test", "testserver", "version"),
    }
)
_FOR_THE_DATABASE = frozenset({"migrate", "optimizemigration", "showmigrations", "sqlmigrate", "squashmigrations"})
# What only a value makes that is too large, too deep, or no text: never a fault of a file or a database.
_TOO_ODD = (OverflowError, RecursionError, UnicodeError, DataError)
_ODD_VALUE = "One of the values given is too large, too deep or no text. --help shows what belongs there."
_OWN_WORDS = ("up", "stop", "status", "help")


def run(arguments: list[str]) -> int:
    """Runs ours (`family:verb`) or one of Django's; SystemExit carries a command's own exit status."""
    settings_module.choose()
    name, rest = commands.find([_readable(one) for one in arguments])
    try:
        return _ours(name, rest) if name else _django(arguments)
    except AroError as error:
        return _explain(error.message, USAGE if error.http_status < 500 else FAILED)  # noqa: PLR2004
    except _TOO_ODD:
        return _explain(_ODD_VALUE, USAGE)
    except PermissionDenied as error:
        return _explain(str(error) or "You may not do that. Ask an administrator.", NOT_PERMITTED)
    except (ImproperlyConfigured, SecretError, NotPreparedError) as error:
        return _explain(str(error), FAILED)
    except DatabaseError as error:
        if errors.is_too_much(error):
            return _explain(_ODD_VALUE, USAGE)
        return _explain(database_advice(error), FAILED)


def _readable(argument: str) -> str:
    """Bytes that are no UTF-8 are replaced, unless they name a file that is there."""
    if os.path.exists(argument.replace("\0", "")):  # noqa: PTH110 - Path would refuse some of what is looked at here
        return argument
    return os.fsencode(argument).decode("utf-8", "replace") if _has_bytes(argument) else argument


def _has_bytes(argument: str) -> bool:
    return any("\udc80" <= letter <= "\udcff" for letter in argument)


def _ours(name: str, rest: list[str]) -> int:
    django.setup()
    command = importlib.import_module(commands.module(name)).Command()
    if not getattr(command, "runs_with_any_keys", False) and not _asks_for_help(rest):
        key_proofs.ensure()
    command.run_from_argv(["aro", commands.spelling(name), *rest])
    return 0


def _django(arguments: list[str]) -> int:
    django.setup()
    if arguments[0] not in get_commands():
        return _explain(_unknown(arguments), USAGE)
    _look_at_keys(arguments[0])
    execute_from_command_line([sys.argv[0], *arguments])
    return 0


def _look_at_keys(name: str) -> None:
    """Refuses a command that may touch people; one that looks after the database itself says what is wrong."""
    if name in _FOR_THE_DATABASE:
        _say_what_is_wrong()
    elif name not in _WITHOUT_DATABASE:
        key_proofs.ensure()


def _say_what_is_wrong() -> None:
    try:
        key_proofs.compare()
    except SecretError as error:
        complain(str(error))
    except (DatabaseError, NotPreparedError):
        return  # the command meets that itself, or puts it right


def _asks_for_help(rest: list[str]) -> bool:
    return bool({"-h", "--help"} & set(rest))


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
