"""What a newcomer sees when everything runs."""

from __future__ import annotations

import json

from aro import paths
from aro.ops.supervise.programs import Addresses

_SANDBOX = """
ARO is running in sandbox mode: it plays everything for real, and no message leaves this machine.

  Front desk     {desk}
  Login          {login}
  Phones         {sandbox}   book a visit, answer as the patient, move the clock
  Machine room   {flower}   user aro, password in {password_file}

Try this: open Phones, book a visit four days ahead and watch the confirmation arrive. Move the clock to 48 hours
before the visit, answer the reminder with C, and look at the appointment in the front desk.
"""
_LIVE = """
ARO is running.

  Front desk     {desk}
  Login          {login}
  Machine room   {flower}   user aro, password in {password_file}
"""
_END = "Logs are in {logs}. Ctrl-C stops everything; the data are kept."


def banner(at: Addresses) -> str:
    """The addresses, the first login (shown once, then forgotten) and what to try."""
    text = (_SANDBOX if at.sandbox else _LIVE) + _END
    return text.format(
        desk=f"http://{at.browser_host}:{at.port}/admin/",
        sandbox=f"http://127.0.0.1:{at.sandbox_port}/",
        flower=f"http://127.0.0.1:{at.flower_port}/",
        login=_login(),
        password_file=paths.home() / "keys" / "flower_password",
        logs=paths.home() / "logs",
    )


def _login() -> str:
    waiting = paths.home() / "keys" / "first_login"
    if not waiting.is_file():
        return "as before (forgotten? aro admin:password)"
    first = json.loads(waiting.read_text(encoding="utf-8"))
    waiting.unlink()
    return f"{first['user']} / {first['password']}   shown only now (another one: aro admin:password)"
