"""A file, a disk, a pipe or an address that the system refuses: one plain line with the way on, for a command's end."""

from __future__ import annotations

import errno
import os

from aro import paths
from aro.stores import full_disk

_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EFBIG)
_MAY_NOT = (errno.EROFS, errno.EACCES, errno.EPERM)


def advice(error: OSError) -> str:
    """What is wrong, where, and what to do."""
    what = f"{_name(error)} cannot be used ({error.strerror or type(error).__name__})."
    if full_disk.is_full(error):
        return f"{what} Make room on its disk, then try again."
    if error.errno in _MAY_NOT:
        return (
            f"{what} Check its owner and mode, and that its disk is not mounted read-only (a system does that after a "
            "fault of the disk), then try again."
        )
    return f"{what} Look at that place and its disk, then try again. The data are in {paths.home()}."


def _name(error: OSError) -> str:
    """The system names a file that cannot be opened, and none that cannot be written to its end."""
    if error.filename is None and error.errno in _WRITTEN:
        return "What this command writes, or where its output goes,"
    if error.filename is None:
        return "A file or an address that this command needs"
    return os.fsdecode(error.filename) if isinstance(error.filename, str | bytes) else str(error.filename)
