"""Makes `.venv` and installs one requirements file into it: `python3 aro/ops/prepare.py embedded|dev|learn`.

Standard library only, since nothing is installed yet. Quick when nothing has changed: a stamp remembers what is in.
"""

from __future__ import annotations

import hashlib
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
_PIP = (PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--root-user-action=ignore")


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
    # The files are complete and carry hashes: nothing is left for pip to resolve.
    _pip_with_progress("--require-hashes", "--no-deps", "-r", str(_requirements(name)))
    _say(f"Installed in {time.monotonic() - started:.0f} s.")


def _install_project() -> None:
    _pip("--no-deps", "--no-build-isolation", "-e", str(PROJECT))


def _pip(*arguments: str) -> None:
    subprocess.run([*_PIP, "--quiet", *arguments], check=True, cwd=PROJECT)


def _pip_with_progress(*arguments: str) -> None:
    """Counts pip's lines instead of showing them; what pip complains about is shown as it is."""
    count = 0
    with subprocess.Popen([*_PIP, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as pip:
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
