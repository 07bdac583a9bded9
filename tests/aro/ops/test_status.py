"""What `aro status` says of a child that lives and does nothing."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from aro.ops import status
from aro.ops.supervise import instance


def test_a_process_stopped_by_a_signal_is_not_said_to_be_up(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sleeper = [sys.executable, "-c", "import time; time.sleep(60)"]
    with instance.lock(), subprocess.Popen(sleeper) as child:
        known = {"worker": {"up": True, "pid": child.pid, "restarts": 0}}
        instance.state_file().write_text(json.dumps({"children": known}), encoding="utf-8")
        try:
            assert status.status(as_json=False) == 0
            child.send_signal(signal.SIGSTOP)
            deadline = time.monotonic() + 40
            while psutil.Process(child.pid).status() != psutil.STATUS_STOPPED:
                assert time.monotonic() < deadline
            assert status.status(as_json=False) == 1
        finally:
            child.kill()
    said = capsys.readouterr().out
    assert "stopped by a signal" in said
    assert "kill -CONT" in said
