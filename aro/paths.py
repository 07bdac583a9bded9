"""Where an installation keeps its things. Pure functions of the environment; nothing is created here."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from urllib.parse import quote, unquote

from aro.console import PlainError

EMBEDDED_POSTGRES = "embedded-postgres://"
# sockaddr_un.sun_path holds 108 bytes on Linux and 104 on macOS, with the final NUL.
LONGEST_SOCKET_PATH = 100
# Not tempfile.gettempdir(): a second terminal with another TMPDIR must find the same socket.
SHORT_DIRECTORY = Path("/tmp")  # noqa: S108  a 0700 directory below it, whose owner is checked


def home() -> Path:
    """The data directory: `ARO_HOME`, default `~/.aro`."""
    return Path(os.environ.get("ARO_HOME") or Path.home() / ".aro").expanduser().absolute()


def key(name: str) -> str:
    """The generated key `name`, or an empty string when the first start has not made it yet."""
    path = home() / "keys" / name
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def socket_directory() -> Path:
    """A 0700 directory for sockets: inside the data directory, or a short one when that path is too long, or would
    have to be escaped in a URL (not every library takes the escapes out again)."""
    inside = home() / "run"
    if len(os.fsencode(inside / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH and quote(str(inside)) == str(inside):
        return inside
    digest = hashlib.sha256(os.fsencode(home())).hexdigest()[:12]
    return SHORT_DIRECTORY / f"aro-{os.getuid()}-{digest}"


def broker_socket() -> Path:
    """Where the embedded broker listens."""
    return socket_directory() / "broker.sock"


def embedded_broker_url() -> str:
    """The embedded broker's address, as kombu spells it."""
    return f"redis+socket://{broker_socket()}?virtual_host=0"


def embedded_database_url() -> str:
    """The embedded PostgreSQL's address; no password: its socket is in a 0700 directory."""
    return f"postgresql://aro@/aro?host={socket_directory()}"


def sqlite_url() -> str:
    """The default database."""
    return f"sqlite:///{quote(str(home() / 'data' / 'aro.db'))}"


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite `url`, or None for another database."""
    return Path(unquote(url.removeprefix("sqlite:///"))) if url.startswith("sqlite:///") else None


def given(name: str) -> str:
    """A setting's value, or what stands in the file that NAME_FILE names: passwords need not stand in the environment.
    Files for `docker --env-file` and systemd keep the quotes that a shell would take off."""
    path = os.environ.get(f"{name}_FILE", "")
    value = (_content(name, Path(path)) if path else os.environ.get(name, "")).strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"" else value


def _content(name: str, path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise PlainError(
            f"{name}_FILE names {path}, which cannot be read. Correct the path, or the file's owner and mode."
        ) from error


def chosen_database_url() -> str:
    """What this environment asks for, whatever an earlier `aro up` used."""
    url = given("DATABASE_URL")
    return embedded_database_url() if url == EMBEDDED_POSTGRES else url or sqlite_url()


def chosen_broker_url() -> str:
    """What this environment asks for, whatever an earlier `aro up` used."""
    return given("REDIS_URL") or embedded_broker_url()


def broker_url() -> str:
    """`REDIS_URL`, or the address that the last `aro up` used, or the embedded broker's."""
    return given("REDIS_URL") or _written("broker_url") or embedded_broker_url()


def database_url() -> str:
    """`DATABASE_URL`, or the address that the last `aro up` used, or SQLite."""
    if given("DATABASE_URL"):
        return chosen_database_url()
    return last_database_url()


def last_database_url() -> str:
    """The address that the last `aro up` used, or SQLite, whatever this environment asks for."""
    return _written("database_url") or sqlite_url()


def remembered() -> dict[str, str]:
    """Mode, host and ports of the last `aro up`, so that a second terminal needs `ARO_HOME` only."""
    return _remembered_in(home())


def sandbox_home() -> Path:
    """Whose sandbox is used: this installation's, or that of another one on this machine (`SANDBOX_HOME`)."""
    chosen = os.environ.get("SANDBOX_HOME")
    return Path(chosen).expanduser().absolute() if chosen else home()


def sandbox_port_elsewhere() -> str:
    """The port of another installation's sandbox; empty when it has never run, or when ours is used."""
    return "" if sandbox_home() == home() else _remembered_in(sandbox_home()).get("SANDBOX_PORT", "")


def _remembered_in(directory: Path) -> dict[str, str]:
    text = _written("environment.json", directory)
    return dict(json.loads(text)) if text else {}


def _written(name: str, directory: Path | None = None) -> str:
    path = (directory or home()) / "run" / name
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
