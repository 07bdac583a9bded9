"""What only the Linux kernel offers: a child that ends with its parent, and a child of root that is not root."""

from __future__ import annotations

import ctypes
import os
import pwd
import sys

_PR_SET_PDEATHSIG = 1
_PR_SET_SECUREBITS = 28
# Capabilities do not depend on the user id: without it, access(2) answers as if we had none.
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAP_DAC_OVERRIDE = 1
_CAPABILITY_VERSION_3 = 0x20080522
_LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True) if _LINUX else None


def die_with_parent(*, signal_number: int, parent: int) -> None:
    """Asks for `signal_number` when process `parent` dies. Call it in the child. No effect outside Linux."""
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel knew of our wish
        os._exit(1)


def become(name: str) -> None:
    """Turns root into user `name` that may still open root's files: PostgreSQL refuses uid 0, and the parents of
    its programs and of its data are 0700. Needs Linux 4.3 (ambient capabilities). Raises OSError when not allowed."""
    user = pwd.getpwnam(name)
    _call("prctl", _PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    _keep_only_file_access()


def _keep_only_file_access() -> None:
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Two triples of (effective, permitted, inheritable): capabilities 0-31 and 32-63.
    bit = 1 << _CAP_DAC_OVERRIDE
    _call("capset", header, (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0))
    _call("prctl", _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _call(name: str, *arguments: object) -> None:
    if _libc is None:
        raise OSError("only Linux can give up root and keep access to its files")
    if getattr(_libc, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
