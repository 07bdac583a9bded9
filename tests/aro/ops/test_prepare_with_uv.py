"""uv installs what is pinned, from where pip was told to look; without it pip does."""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aro.ops import prepare

REAL_UV = Path(sys.executable).parent / "uv"
INSTALL = "import sys, prepare; prepare._make_venv(); prepare._install_requirements(sys.argv[1])"


class Project:
    """A folder with `prepare.py` and a registry of its own, which only pip's settings name."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.wheels = folder, folder / "wheels"
        for name in ("aro/ops", "requirements", "wheels"):
            (folder / name).mkdir(parents=True)
        shutil.copy(prepare.__file__, folder / "aro" / "ops")
        self.pins("uv", self.offers("uv", {"uv-1.data/scripts/uv": f'#!/bin/sh\nexec {REAL_UV} "$@"\n'}))

    def offers(self, package: str, files: dict[str, str]) -> str:
        """Puts a wheel into the registry and returns its hash."""
        about = f"{package}-1.dist-info"
        files |= {
            f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n",
            f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        }
        lines = [f"{name},sha256={_digest(content)},{len(content)}" for name, content in files.items()]
        files[f"{about}/RECORD"] = "\n".join([*lines, f"{about}/RECORD,,"]) + "\n"
        wheel = self.wheels / f"{package}-1-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, content in files.items():
                entry = zipfile.ZipInfo(name)
                entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
                archive.writestr(entry, content)
        return hashlib.sha256(wheel.read_bytes()).hexdigest()

    def pins(self, package: str, digest: str) -> None:
        (self.folder / "requirements" / f"{package}.txt").write_text(f"{package}==1 --hash=sha256:{digest}\n")

    def installs(self, package: str) -> subprocess.CompletedProcess[str]:
        names = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "PIP_CONFIG_FILE": os.devnull}
        told = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PYTHONPATH": str(self.folder / "aro" / "ops")}
        # Its size is shown to people, and known for the real files only.
        code = INSTALL.replace("prepare._make", f"prepare._MEGABYTES[{package!r}] = 1; prepare._make")
        return subprocess.run(
            [sys.executable, "-c", code, package],
            env=names | told,
            capture_output=True,
            text=True,
            timeout=250,
            check=False,
        )

    def installer_of(self, package: str) -> str:
        """Who says to have installed it; nothing when it is not there."""
        notes = list((self.folder / ".venv").glob(f"lib/*/site-packages/{package}-1.dist-info/INSTALLER"))
        return notes[0].read_text(encoding="utf-8").strip() if notes else ""


def _digest(content: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


def test_uv_installs_from_where_pip_was_told_to_look(project: Project) -> None:
    project.pins("quick", project.offers("quick", {"quick.py": "here = 1\n"}))
    done = project.installs("quick")
    assert (done.returncode, project.installer_of("quick")) == (0, "uv"), done.stdout + done.stderr
    assert list((project.folder / ".venv").glob("lib/*/site-packages/__pycache__/quick*.pyc"))


def test_a_package_that_is_not_the_pinned_one_is_refused(project: Project) -> None:
    project.offers("forged", {"forged.py": "here = 1\n"})
    project.pins("forged", "0" * 64)
    done = project.installs("forged")
    assert done.returncode != 0
    assert project.installer_of("forged") == ""


def test_without_uv_pip_installs_and_says_so(project: Project) -> None:
    pins = project.folder / "requirements" / "uv.txt"
    before = pins.read_text(encoding="utf-8")
    pins.write_text("uv==2 --hash=sha256:" + "0" * 64 + "\n", encoding="utf-8")
    project.pins("slow", project.offers("slow", {"slow.py": "here = 1\n"}))
    done = project.installs("slow")
    pins.write_text(before, encoding="utf-8")
    assert (done.returncode, project.installer_of("slow")) == (0, "pip"), done.stdout + done.stderr
    assert "pip takes over" in done.stdout


def test_what_pip_was_told_last_counts_for_uv() -> None:
    told = """\
:env:.index-url='https://env.example/simple'
:env:.cert='/ca.pem'
:env:.quiet='1'
global.extra-index-url='https://a.example/simple\\nhttps://b.example/simple'
global.index-url='https://file.example/simple'
install.trusted-host='a.example'
"""
    assert prepare._in_uvs_words(told) == {
        "UV_DEFAULT_INDEX": "https://env.example/simple",
        "SSL_CERT_FILE": "/ca.pem",
        "UV_INDEX": "https://a.example/simple https://b.example/simple",
        "UV_INSECURE_HOST": "a.example",
    }


def test_what_was_said_to_uv_itself_counts_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://uv.example/simple")
    assert prepare._uv_environment()["UV_DEFAULT_INDEX"] == "https://uv.example/simple"


def test_the_uv_that_installs_is_the_uv_that_compiles_the_pins() -> None:
    requirements = Path(__file__).resolve().parents[3] / "requirements"
    assert (requirements / "uv.txt").read_text(encoding="utf-8") in (requirements / "dev.txt").read_text(
        encoding="utf-8"
    )
