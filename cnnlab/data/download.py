"""Downloads a file whole or not at all: under another name first, checked, then renamed.

Whatever goes wrong ends as one sentence that says what to do, and leaves no partial file behind.
"""

import errno
import os
import time
from pathlib import Path
from urllib.parse import urlsplit

from .dataset import DataError

CHUNK = 1 << 18  # bytes written at a time
DEAD_AFTER = (
    3600  # seconds without a write after which a .part belongs to a download that was killed
)
FULL = (errno.ENOSPC, errno.EDQUOT)


def cache_dir(cache=None):
    """Where downloads are kept: ``cache``, else $CNNLAB_DATA, else the system's usual folder."""
    chosen = cache or os.environ.get("CNNLAB_DATA")
    return Path(chosen).expanduser() if chosen else Path(_pooch().os_cache("cnnlab"))


def fetch(urls, path, digest, *, progress=True):
    """Return ``path`` once the file there has the ``digest``, written "md5:..." or "sha256:...".

    A file that is there and has it is used as it is; else each of ``urls`` is tried in turn.
    Raises DataError if none gives the file, or if the disk is full or cannot be written.
    """
    try:
        if path.is_file() and _has(path, digest):
            return path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        _sweep(path)
        return _from_first(urls, path, digest, progress)
    except OSError as error:
        raise DataError(_about_disk(error, path)) from None


def _from_first(urls, path, digest, progress):
    problems = []
    for url in urls:
        problem = _try(url, path, digest, progress)
        if problem is None:
            return path
        problems.append(f"{urlsplit(url).netloc} {problem}")
    raise DataError(
        f"{path.name} could not be downloaded ({'; '.join(problems)}): check the network and load "
        f"again, "
        f"or save {urls[0]} as {path} yourself"
    )


def _try(url, path, digest, progress):
    """Download ``url`` into place and return None, or say in a few words why that failed."""
    pooch = _pooch()
    # An encoding undone on the way would change the bytes that are checked, so none is accepted.
    plain = {"Accept-Encoding": "identity"}
    download = pooch.HTTPDownloader(progressbar=progress, chunk_size=CHUNK, headers=plain)
    part = path.with_name(f"{path.name}.{os.urandom(4).hex()}.part")
    try:
        problem = _transfer(download, url, part)
        if problem is None and not _has(part, digest):
            problem = f"sent {part.stat().st_size:,} bytes with the wrong checksum"
        if problem is None:
            part.replace(path)
        return problem
    finally:
        part.unlink(missing_ok=True)


def _transfer(download, url, part):
    from requests import exceptions

    try:
        download(url, part, None)
    except exceptions.HTTPError as error:
        return f"answered {error.response.status_code}"
    except exceptions.RequestException as error:
        started = part.stat().st_size or not isinstance(
            error, (exceptions.ConnectionError, exceptions.Timeout)
        )
        return "was cut off" if started else f"cannot be reached, {type(error).__name__}"


def _has(path, digest):
    algorithm, _, value = digest.partition(":")
    return _pooch().file_hash(str(path), alg=algorithm) == value


def _sweep(path):
    """Remove what a killed download of this file left, but not one that is still being written."""
    for part in path.parent.glob(f"{path.name}.*.part"):
        if time.time() - part.stat().st_mtime > DEAD_AFTER:
            part.unlink(missing_ok=True)


def _about_disk(error, path):
    if error.errno in FULL:
        trouble = (
            f"the disk of {path.parent} is too full for {path.name}: free some space or use another"
        )
    else:
        trouble = f"{path.parent} cannot be used as a cache ({error.strerror}): use a writable"
    return f"{trouble} directory, named with cache=... or the environment variable CNNLAB_DATA"


def _pooch():
    """Imported here, so that the packaged sets load without it and fast."""
    try:
        import pooch
        import tqdm  # noqa: F401  (the progress bar that pooch draws)
    except ImportError as error:
        raise DataError(f"downloading needs {error.name}: run pip install {error.name}") from None
    return pooch
