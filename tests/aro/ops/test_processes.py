from __future__ import annotations

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from aro.ops.supervise.processes import Program, preparation

LOOK = "import os, sys; print(os.geteuid(), os.access(sys.argv[1], os.X_OK), open(sys.argv[1]).read())"


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root on Linux can become somebody else")
def test_a_child_of_root_becomes_an_ordinary_user_that_still_reaches_roots_files(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o700)
    program = tmp_path / "locked" / "program"
    program.write_text("found")
    program.chmod(0o700)
    nobody = pwd.getpwnam("nobody")
    wish = Program(name="look", argv=(sys.executable, "-c", LOOK, str(program)), user=nobody.pw_name)
    result = subprocess.run(
        wish.argv, preexec_fn=preparation(wish), capture_output=True, text=True, timeout=30, check=True
    )
    assert result.stdout == f"{nobody.pw_uid} True found\n"
