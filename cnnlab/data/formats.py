"""Readers of two file formats: idx (MNIST and Fashion-MNIST) and CIFAR-10's binary form.

Nothing is unpickled and nothing is unpacked to disk: the bytes go from the compressed file into an
array, and no more of them than the set can have, whatever the file unpacks to.
"""

import gzip
import lzma
import math
import struct
import tarfile
import zlib
from pathlib import PurePosixPath

import numpy as np

from .dataset import DataError

CIFAR_RECORD = 1 + 32 * 32 * 3
MOST_VALUES = 1 << 27  # of an idx file: the 70,000 images of MNIST have 55 million
MOST_UNPACKED = 1 << 28  # bytes of the archive of CIFAR-10, which unpacks to 184 million
OPENERS = {b"\x1f\x8b": gzip.open, b"\xfd7": lzma.open}  # by the first bytes of a file
BROKEN = (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError, tarfile.TarError, RecursionError)


def read_idx(path, ndim):
    """The unsigned bytes of a gzipped idx file as an array of ``ndim`` axes.

    Layout: bytes 0, 0, 8 (for unsigned bytes), ndim; ndim sizes as big-endian 32-bit numbers; the
    values. Raises DataError if the file is anything else. Source: Y. LeCun, C. Cortes and C.
    Burges, the MNIST page.
    """
    try:
        with gzip.open(path) as stream:
            shape = _idx_shape(path, ndim, stream.read(4 + 4 * ndim))
            raw = stream.read(math.prod(shape) + 1)
    except BROKEN:
        raise DataError(_wrong(path, "is not a complete gzip file")) from None
    if len(raw) != math.prod(shape):
        more = "at least " if len(raw) > math.prod(shape) else ""
        raise DataError(_wrong(path, f"holds {more}{len(raw)} values and announces {shape}"))
    return np.frombuffer(raw, np.uint8).reshape(shape)


def _idx_shape(path, ndim, start):
    if len(start) < 4 + 4 * ndim or start[:4] != bytes([0, 0, 8, ndim]):
        raise DataError(_wrong(path, f"does not begin as an idx file of bytes with {ndim} axes"))
    shape = struct.unpack(f">{ndim}I", start[4:])
    if math.prod(shape) > MOST_VALUES:
        raise DataError(
            _wrong(path, f"announces {shape}, more than the {MOST_VALUES:,} values that are read")
        )
    return shape


def read_cifar10(path):
    """CIFAR-10's archive as bytes: ``(x_train, y_train, x_test, y_test)``, x as ``(N, 32, 32, 3)``.

    Each member is a row of records: a label byte, then 1,024 red, 1,024 green and 1,024 blue
    values. The training members are data_batch_1.bin and so on, the test is test_batch.bin. Raises
    DataError if the archive is anything else. Source: A. Krizhevsky, the CIFAR-10 page.
    """
    try:
        with open(path, "rb") as file:
            unpack = OPENERS.get(file.read(2), open)
        with unpack(path, "rb") as stream:
            members = _cifar_members(_Bounded(stream, path))
    except BROKEN:
        raise DataError(_wrong(path, "is not a complete tar archive")) from None
    train = [members[name] for name in sorted(members) if name.startswith("data_batch_")]
    if not train or "test_batch.bin" not in members:
        raise DataError(_wrong(path, "lacks data_batch_1.bin or test_batch.bin"))
    return *_records(path, b"".join(train)), *_records(path, members["test_batch.bin"])


class _Bounded:
    """The stream of an archive's unpacked bytes, which refuses to go beyond MOST_UNPACKED."""

    def __init__(self, stream, path):
        self._stream = stream
        self._path = path
        self.tell = stream.tell

    def read(self, size):
        self._check(self.tell() + size)
        return self._stream.read(size)

    def seek(self, position):
        self._check(position)
        return self._stream.seek(position)

    def _check(self, position):
        if position > MOST_UNPACKED:
            raise DataError(
                _wrong(
                    self._path, f"unpacks to more than the {MOST_UNPACKED:,} bytes that are read"
                )
            )


def _cifar_members(stream):
    """The batches of the archive, by their bare names, read one after the other."""
    members = {}
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            if member.isfile() and (name.startswith("data_batch_") or name == "test_batch.bin"):
                members[name] = archive.extractfile(member).read()
    return members


def _records(path, raw):
    if not raw or len(raw) % CIFAR_RECORD:
        raise DataError(_wrong(path, f"holds {len(raw)} bytes, not a multiple of {CIFAR_RECORD}"))
    records = np.frombuffer(raw, np.uint8).reshape(-1, CIFAR_RECORD)
    if records[:, 0].max() > 9:
        raise DataError(_wrong(path, f"holds a label {records[:, 0].max()}, above 9"))
    return records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), records[:, 0]


def _wrong(path, what):
    return f"{path} {what}: delete it and load the set again"
