"""Atomic writing of files: a file is written whole or not at all.

It is written under another name next to its path first and then renamed. Every writer uses a name
of its own, so threads and processes may write to one path; the next writer removes what a killed
one has left.
"""

import os
import re
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from zlib import crc32

DEAD_AFTER = (
    3600  # seconds without a write after which the file of a writer on another machine is given up
)
LONGEST_NAME = 100  # bytes, to which those of the host and the process are added; disks take 255
PATIENCE = 20  # tries to rename, 10 ms apart: Windows refuses while somebody reads the old file


@contextmanager
def written(path, mode="wb", **options):
    """A file to write, as from ``open``, which replaces ``path`` when the block ends without error.

    Raises OSError if it cannot be written; an older file at ``path`` is then left as it was. Its
    permissions are kept.
    """
    path = Path(os.path.realpath(path))  # a link stays a link
    unfinished = path.with_name(
        f".{_short(path.name)}.{_host()}-{os.getpid()}-{os.urandom(4).hex()}.unfinished"
    )
    sweep(path)
    try:
        with unfinished.open(mode.replace("w", "x"), **options) as file:
            yield file
        with suppress(OSError):
            unfinished.chmod(path.stat().st_mode & 0o777)  # as the older file's
        _replace(unfinished, path)
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _short(name):
    """The name, or one that is as good where an addition to it could be too long for the disk."""
    return name if len(os.fsencode(name)) <= LONGEST_NAME else f"{crc32(os.fsencode(name)):08x}"


def _replace(unfinished, path):
    for trial in range(PATIENCE):
        try:
            return unfinished.replace(path)
        except PermissionError:
            if os.name != "nt" or trial == PATIENCE - 1 or path.is_dir():
                raise
            time.sleep(0.01)
    return None


def sweep(path):
    """Remove the unfinished files of ``path`` whose writers are gone."""
    with suppress(OSError):
        names = re.compile(
            rf"\.{re.escape(_short(path.name))}\.(?:(.*)-)?(\d+)(?:-[0-9a-f]+)?\.unfinished"
        )
        for other in path.parent.iterdir():
            match = names.fullmatch(other.name)
            if match and _is_dead(other, *match.groups()):
                other.unlink(missing_ok=True)


def _is_dead(unfinished, host, process):
    """Is the writer gone? On this machine, its process shows it; else the age of the file."""
    if host == _host() and os.name != "nt":  # there, signal 0 would end the process
        return not _lives(int(process))
    return time.time() - unfinished.stat().st_mtime > DEAD_AFTER


def _lives(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        return True
    return True


def _host():
    from socket import gethostname  # needed only to write

    return re.sub(r"[^\w.]", "_", gethostname())
