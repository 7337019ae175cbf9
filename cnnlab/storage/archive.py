"""An ``.npz`` file of a text and arrays, whose headers are checked before memory is taken.

A file may be untrusted. No code is stored in it and none is run; a few bytes that claim gibibytes
are refused.
"""

import os
import struct
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from ..atomic import written

STRUCTURE = "structure"  # the name of the text
LONGEST_TEXT = 1 << 20  # bytes
LARGEST_DIRECTORY = 1 << 22  # bytes of a zip file's table of contents: some 50,000 arrays
MODEST = 1 << 25  # bytes that arrays may claim in any file: 32 MiB
RATIO = 3  # times the size of the file that they may claim beyond: trained weights hardly shrink
END, FAR_END = b"PK\x05\x06", b"PK\x06\x07"


class StorageError(ValueError):
    """A file that cannot be written or does not hold a whole net of this library."""


@dataclass(frozen=True)
class Header:
    """The shape and type of an array in a file, which stand before its values."""

    shape: tuple
    dtype: np.dtype

    @property
    def nbytes(self):
        return prod(self.shape) * self.dtype.itemsize


def write(path, text, arrays, compressed=False):
    """Write a text and arrays to one ``.npz`` file, whole or not at all, and return its path."""
    path = with_suffix(path)
    try:
        with written(path) as file:
            (np.savez_compressed if compressed else np.savez)(
                file, **{STRUCTURE: np.array(text)}, **arrays
            )
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written ({error.strerror}): choose another place"
        ) from error
    return path


def with_suffix(path):
    """The path with ``.npz`` at its end. Raises StorageError for what names no file."""
    try:
        path = Path(path)
        os.fsencode(path)  # half of a sign cannot be written
        if path.name in ("", "..") or "\0" in path.name:
            raise ValueError(path)
        return path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    except (TypeError, ValueError):
        raise StorageError(
            f'{path!r} is not the name of a file: give one, such as "net.npz"'
        ) from None


class Archive:
    """A file open for reading: ``headers`` of its arrays by name, ``text``, and ``array(name)``.

    Raises StorageError where there is no such file, or none whose headers agree with what is in it.
    """

    def __init__(self, path):
        from zipfile import ZipFile  # needed only to read

        self.path = _found(path)
        try:
            _check_directory(self.path)
            self._zip = ZipFile(self.path)
        except Exception as error:  # damage shows anywhere
            raise _damaged(self.path) from error
        try:
            self.headers = {
                info.filename.removesuffix(".npy"): self._header(info)
                for info in self._zip.infolist()
            }
            self.text = str(self._take(STRUCTURE)) if self._holds_text() else None
        except Exception as error:
            self._zip.close()
            raise error if isinstance(error, StorageError) else _damaged(self.path) from error
        self.headers.pop(STRUCTURE, None)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._zip.close()

    def array(self, name):
        """The array of this name, whole: its checksum is compared on the way."""
        try:
            return self._take(name)
        except Exception as error:
            raise _damaged(self.path) from error

    def check_size(self):
        """Refuse arrays that are far larger than the file they are packed into."""
        claimed = sum(header.nbytes for header in self.headers.values())
        size = self.path.stat().st_size
        if claimed > MODEST + RATIO * size:
            raise StorageError(
                f"{self.path} has {size:,} bytes but claims to hold {claimed:,}: it was not "
                f"written by cnnlab, "
                f"so do not use it"
            )

    def _header(self, info):
        with self._zip.open(info) as file:
            if np.lib.format.read_magic(file) != (1, 0):  # others may have a header of any length
                raise ValueError("a header that cnnlab does not write")
            shape, _, dtype = np.lib.format.read_array_header_1_0(file)
            begin = file.tell()
        header = Header(shape, dtype)
        if dtype.hasobject or min(shape, default=1) < 0 or begin + header.nbytes != info.file_size:
            raise ValueError("a header that does not tell what follows")
        return header

    def _holds_text(self):
        header = self.headers.get(STRUCTURE)
        return header is not None and header.shape == () and header.nbytes <= LONGEST_TEXT

    def _take(self, name):
        with self._zip.open(f"{name}.npy") as file:
            array = np.lib.format.read_array(file, allow_pickle=False)
            file.read(1)  # past the end, where the checksum is compared
        return array


def _found(path):
    with suppress(TypeError, ValueError, OSError):
        if Path(path).is_file():
            return Path(path)
    path = with_suffix(path)
    with suppress(ValueError, OSError):
        if path.is_file():
            return path
    raise StorageError(f"there is no file {path}: check the name and the folder")


def _check_directory(path):
    """Refuse a table of contents of many mebibytes, which would be read whole."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - (1 << 16) - 22))
        tail = file.read()
    start = tail.rfind(END)
    length = struct.unpack_from("<L", tail, start + 12)[0]
    if (
        start < 0
        or length > LARGEST_DIRECTORY
        or (size < 1 << 31 and tail[max(0, start - 20) : start].startswith(FAR_END))
    ):
        raise ValueError("a table of contents that cnnlab does not write")


def _damaged(path):
    return StorageError(f"{path} is not a cnnlab file, or it is damaged: save the net again")
