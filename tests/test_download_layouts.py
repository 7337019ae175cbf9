"""Downloaded files with another layout than announced: one sentence each, and read no further."""

import gzip
import lzma
import tarfile
import tracemalloc

import pytest

from cnnlab.data import DataError
from cnnlab.data.formats import read_cifar10, read_idx
from helpers.download_server import (
    ARCHIVE,
    IMAGES,
    LABELS,
    RECORDS,
    batches,
    idx,
    kept,
    load,
    refusal,
    serve,
    tar,
)


def words_only(value):
    """The words name the test: compressed bytes hold the time, so they differ from one run to the
    next.
    """
    return value if isinstance(value, str) else "file"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            tar({**batches(), "test_batch.bin": RECORDS[0, :-1].tobytes()}),
            "3072 bytes, not a multiple",
        ),
        (tar({**batches(), "test_batch.bin": b""}), "0 bytes, not a multiple of 3073"),
        (tar({**batches(), "test_batch.bin": bytes([10]) * 3073}), "a label 10, above 9"),
        (tar({"data_batch_1.bin": RECORDS.tobytes()}), "lacks data_batch_1.bin or test_batch.bin"),
        (tar({"test_batch.bin": RECORDS.tobytes()}), "lacks data_batch_1.bin or test_batch.bin"),
        (tar(batches())[:-400], "is not a complete tar archive"),
        (b"not an archive at all", "is not a complete tar archive"),
    ],
    ids=words_only,
)
def test_an_archive_with_the_wrong_layout_is_one_sentence(
    server, tmp_path, monkeypatch, content, words
):
    serve(server, monkeypatch, {ARCHIVE: content})
    message = refusal("cifar10", tmp_path)
    assert (
        words in message
        and str(tmp_path / "cifar10" / ARCHIVE) in message
        and "delete it" in message
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (idx(LABELS["train"]), "does not begin as an idx file of bytes with 3 axes"),
        (gzip.compress(b"\0\0"), "does not begin as an idx file"),
        (
            gzip.compress(gzip.decompress(idx(IMAGES["train"]))[:-1]),
            "139 values and announces (7, 5, 4)",
        ),
        (
            gzip.compress(gzip.decompress(idx(IMAGES["train"])) + b"x"),
            "141 values and announces (7, 5, 4)",
        ),
        (idx(IMAGES["train"])[:-9], "is not a complete gzip file"),
        (b"<html>log in first</html>", "is not a complete gzip file"),
        (idx(IMAGES["t10k"]), "3 images and"),
    ],
    ids=words_only,
)
def test_an_idx_file_with_the_wrong_layout_is_one_sentence(
    server, tmp_path, monkeypatch, content, words
):
    serve(server, monkeypatch, {"train-images-idx3-ubyte.gz": content})
    message = refusal("mnist", tmp_path)
    assert words in message and "train-images-idx3-ubyte.gz" in message and "delete" in message


def claims(*shape):
    return gzip.compress(
        bytes([0, 0, 8, len(shape)]) + b"".join(n.to_bytes(4, "big") for n in shape)
    )


def peak(read, *arguments):
    """The DataError of a reader, and the most memory it took."""
    tracemalloc.start()
    with pytest.raises(DataError) as caught:
        read(*arguments)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return str(caught.value), most


def test_an_idx_file_is_read_no_further_than_it_announces(tmp_path):
    (tmp_path / "a.gz").write_bytes(claims(7, 5, 4) + gzip.compress(bytes(1 << 26)))
    said, most = peak(read_idx, tmp_path / "a.gz", 3)
    assert "holds at least 141 values and announces (7, 5, 4)" in said and most < 1 << 20
    (tmp_path / "a.gz").write_bytes(claims(1 << 31, 1 << 31, 1 << 31))
    said, most = peak(read_idx, tmp_path / "a.gz", 3)
    assert "more than the 134,217,728 values that are read: delete it" in said and most < 1 << 20


@pytest.mark.parametrize(
    "kind", [tarfile.REGTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.XHDTYPE, tarfile.DIRTYPE]
)
@pytest.mark.parametrize("name", ["data_batch_1.bin", "other"])
def test_an_archive_is_unpacked_no_further_than_the_set_is_large(kind, name, tmp_path):
    info = tarfile.TarInfo(name)
    info.size, info.type = 1 << 33, kind
    archive = gzip.compress(info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 25))
    (tmp_path / "a.tar.gz").write_bytes(archive)
    said, most = peak(read_cifar10, tmp_path / "a.tar.gz")
    assert "a.tar.gz" in said and "delete it" in said and most < 1 << 22


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress, bytes])
def test_an_archive_may_be_packed_in_three_ways(pack, tmp_path):
    (tmp_path / "a.tar").write_bytes(pack(gzip.decompress(tar(batches()))))
    assert [len(part) for part in read_cifar10(tmp_path / "a.tar")] == [5, 5, 2, 2]


def test_nothing_in_an_archive_is_written_to_disk(server, tmp_path):
    load("cifar10", tmp_path)
    assert kept(tmp_path) == [ARCHIVE]
