"""Makes `.venv` and installs one requirements file into it: `python3 aro/ops/prepare.py embedded|dev|learn`.

Standard library only, since nothing is installed yet. Quick when nothing has changed: a stamp remembers what is in.
pip only fetches uv, which installs the rest in a third of the time. Where uv cannot be had, pip does it all.
"""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
VENV = PROJECT / ".venv"
PYTHON = VENV / "bin" / "python"
_MEGABYTES = {"embedded": 120, "dev": 320, "learn": 160}
_PIP = (PYTHON, "-m", "pip")
_PIP_INSTALL = (*_PIP, "install", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore")
_UV = VENV / "bin" / "uv"
# The files are complete and carry hashes: nothing is left to resolve.
_PINNED = ("--require-hashes", "--no-deps", "-r")
# What pip calls it, and what uv does. uv reads neither pip's files nor its PIP_ names.
_IN_UVS_WORDS = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "trusted-host": "UV_INSECURE_HOST",
    "proxy": "ALL_PROXY",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def main(name: str) -> int:
    """0 when `.venv` holds requirements/`name`.txt and this project."""
    try:
        _make_venv()
        _once(f"requirements-{name}", _requirements(name), lambda: _install_requirements(name))
        _once("project", PROJECT / "pyproject.toml", _install_project)
    except subprocess.CalledProcessError as error:
        return _explain(f"Installing failed (pip ended with {error.returncode}); its last lines above say why.")
    except KeyboardInterrupt:
        return _explain("Interrupted. Run it again: it goes on where it stopped.")
    except OSError as error:
        return _explain(f"Cannot write {VENV}: {error.strerror}. Free some space or change the directory's owner.")
    return 0


def _make_venv() -> None:
    if _venv_works():
        return
    _say(f"Making .venv with Python {sys.version.split()[0]} ...")
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=True).create(VENV)


def _venv_works() -> bool:
    """A half-made .venv, or one whose Python or place has changed, is made again."""
    check = f"""import sys, importlib.util as u
sys.exit(sys.prefix != {str(VENV)!r} or sys.version_info < (3, 11) or not u.find_spec("pip"))"""
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", check], check=False, capture_output=True).returncode == 0


def _requirements(name: str) -> Path:
    return PROJECT / "requirements" / f"{name}.txt"


def _install_requirements(name: str) -> None:
    _say(f"Installing the pinned packages of requirements/{name}.txt (about {_MEGABYTES[name]} MB, once) ...")
    started = time.monotonic()
    if not _installed_by_uv(*_PINNED, str(_requirements(name))):
        _pip_with_progress(*_PINNED, str(_requirements(name)))
    _say(f"Installed in {time.monotonic() - started:.0f} s.")


def _install_project() -> None:
    itself = ("--no-deps", "--no-build-isolation", "-e", str(PROJECT))
    if not _installed_by_uv(*itself):
        subprocess.run([*_PIP_INSTALL, "--quiet", *itself], check=True, cwd=PROJECT)


def _installed_by_uv(*arguments: str) -> bool:
    """False when pip has to do it: there is no uv for this machine, or uv could not."""
    try:
        _once("requirements-uv", _requirements("uv"), _fetch_uv)
        command = (str(_UV), "pip", "install", "--quiet", "--python", str(PYTHON), *arguments)
        subprocess.run(command, check=True, cwd=PROJECT, env=_uv_environment())
    except subprocess.CalledProcessError:
        return _pip_takes_over("its last lines above say why")
    except OSError as error:
        return _pip_takes_over(f"{error.strerror}")
    return True


def _pip_takes_over(reason: str) -> bool:
    _say(f"uv, the quick installer, did not work here: {reason}. pip takes over, which takes longer.")
    return False


def _fetch_uv() -> None:
    subprocess.run([*_PIP_INSTALL, "--quiet", *_PINNED, str(_requirements("uv"))], check=True, cwd=PROJECT)


def _uv_environment() -> dict[str, str]:
    """What was said to uv itself counts; else what pip was told of registries, proxies and certificates."""
    told = subprocess.run([*_PIP, "config", "list"], check=True, capture_output=True, text=True, cwd=PROJECT).stdout
    # As pip does it, every registry is looked at. Packages of the same name do no harm: each has its hash.
    defaults = {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_SYSTEM_CERTS": "1", "UV_COMPILE_BYTECODE": "1"}
    return defaults | _in_uvs_words(told) | os.environ


def _in_uvs_words(told: str) -> dict[str, str]:
    """`told` is what `pip config list` prints: lines of section.name='value', which later sections overrule."""
    found: dict[str, str] = {}
    for section in ("global.", "install.", ":env:."):
        for line in told.splitlines():
            name, _, value = line.removeprefix(section).partition("=")
            if line.startswith(section) and name in _IN_UVS_WORDS:
                found[_IN_UVS_WORDS[name]] = " ".join(ast.literal_eval(value).split())
    return found


def _pip_with_progress(*arguments: str) -> None:
    """Counts pip's lines instead of showing them; what pip complains about is shown as it is."""
    count = 0
    with subprocess.Popen([*_PIP_INSTALL, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout or ():
            count += line.startswith("Collecting")
            if count % 25 == 0 and line.startswith("Collecting"):
                _say(f"  {count} packages fetched ...")
            if line.startswith("Installing collected"):
                _say(f"  all {count} fetched, unpacking ...")
    if pip.returncode:
        raise subprocess.CalledProcessError(pip.returncode, "pip")


def _once(name: str, source: Path, install: Callable[[], None]) -> None:
    """Runs `install` unless it has succeeded for this content of `source` in this .venv."""
    stamp = VENV / f".aro-{name}"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return
    install()
    stamp.write_text(digest, encoding="utf-8")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _explain(line: str) -> int:
    sys.stderr.write(line + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
