"""Downloads from a local server: each way to fail is one sentence and leaves no partial file."""

import errno
import hashlib
import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnnlab import data
from cnnlab.data import DataError, download, remote
from cnnlab.data.download import cache_dir, fetch
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
    tar,
)

pooch = pytest.importorskip("pooch")


@pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
def test_an_idx_set_arrives_as_it_was_written(server, tmp_path, name):
    found = load(name, tmp_path)
    assert (found.name, found.input_shape, len(found.classes)) == (name, (5, 4, 1), 10)
    for split, part in ((found.train, "train"), (found.test, "t10k")):
        assert split.x.dtype == np.float32 and split.y.dtype == np.int64
        assert np.array_equal(split.x[..., 0], IMAGES[part] / np.float32(255))
        assert np.array_equal(split.y, LABELS[part])


def test_cifar10_arrives_with_its_channels_last_and_its_batches_in_order(server, tmp_path):
    found = load("cifar10", tmp_path)
    assert found.input_shape == (32, 32, 3) and found.train.x.flags.c_contiguous
    assert np.array_equal(np.concatenate([found.train.y, found.test.y]), RECORDS[:, 0])
    x = np.concatenate([found.train.x, found.test.x])
    for i, h, w, c in ((0, 0, 0, 0), (3, 31, 5, 1), (6, 2, 30, 2)):
        assert x[i, h, w, c] == np.float32(RECORDS[i, 1 + 1024 * c + 32 * h + w] / np.float32(255))


def test_a_second_load_does_not_touch_the_server(server, tmp_path):
    for name, files in (("mnist", 4), ("cifar10", 1)):
        server.asked.clear()
        first, second = load(name, tmp_path), load(name, tmp_path)
        assert len(server.asked) == files and np.array_equal(first.train.x, second.train.x)


def test_the_next_mirror_is_tried_and_every_one_is_named_if_none_serves(
    server, tmp_path, monkeypatch
):
    monkeypatch.setitem(remote.MIRRORS, "cifar10", (server.url + "gone/", server.url))
    assert len(load("cifar10", tmp_path / "a").train) == 5
    monkeypatch.setitem(remote.MIRRORS, "cifar10", (server.url + "gone/", "http://127.0.0.1:1/"))
    message = refusal("cifar10", tmp_path / "b")
    assert f"{server.url[7:-1]} answered 404; 127.0.0.1:1 cannot be reached" in message
    assert kept(tmp_path / "b") == []


def test_a_wrong_hash_leaves_nothing(server, tmp_path):
    server.files[ARCHIVE] = b"something else"
    message = refusal("cifar10", tmp_path)
    assert "sent 14 bytes with the wrong checksum" in message and ARCHIVE in message
    assert kept(tmp_path) == []


@pytest.mark.parametrize("chunk", [1000, 1_000_000])  # cut after some chunks, and within the first
def test_a_cut_connection_leaves_nothing_and_the_next_load_starts_again(
    server, tmp_path, monkeypatch, chunk
):
    monkeypatch.setattr(download, "CHUNK", chunk)
    server.cut = True
    assert f"({server.url[7:-1]} was cut off): check the network" in refusal("cifar10", tmp_path)
    assert kept(tmp_path) == []
    server.cut = False
    assert len(load("cifar10", tmp_path).train) == 5


def test_no_network_says_so_and_names_the_file_to_save_by_hand(server, tmp_path, monkeypatch):
    monkeypatch.setitem(remote.MIRRORS, "cifar10", ("http://127.0.0.1:1/",))
    message = refusal("cifar10", tmp_path)
    assert (
        "127.0.0.1:1 cannot be reached" in message and "check the network and load again" in message
    )
    assert (
        f"save http://127.0.0.1:1/{ARCHIVE} as {tmp_path / 'cifar10' / ARCHIVE} yourself" in message
    )
    assert kept(tmp_path) == []


def test_a_file_saved_by_hand_is_used(server, tmp_path, monkeypatch):
    monkeypatch.setitem(remote.MIRRORS, "cifar10", ("http://127.0.0.1:1/",))
    (tmp_path / "cifar10").mkdir()
    (tmp_path / "cifar10" / ARCHIVE).write_bytes(server.files[ARCHIVE])
    assert len(load("cifar10", tmp_path).test) == 2 and server.asked == []


def stop_halfway(error):
    """A downloader that writes some bytes and then fails."""

    def call(self, url, output_file, pooch):
        Path(output_file).write_bytes(b"half")
        raise error

    return call


def test_a_full_disk_says_so_and_leaves_nothing(server, tmp_path, monkeypatch):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", stop_halfway(full))
    message = refusal("cifar10", tmp_path)
    assert f"the disk of {tmp_path / 'cifar10'} is too full for {ARCHIVE}" in message
    assert "free some space" in message and "CNNLAB_DATA" in message
    assert kept(tmp_path) == []


def test_an_interrupted_download_leaves_nothing(server, tmp_path, monkeypatch):
    monkeypatch.setattr(pooch.HTTPDownloader, "__call__", stop_halfway(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        load("cifar10", tmp_path)
    assert kept(tmp_path) == []


def test_what_a_killed_download_left_is_removed_but_not_what_another_still_writes(server, tmp_path):
    folder = tmp_path / "cifar10"
    folder.mkdir()
    dead, alive = folder / f"{ARCHIVE}.0.part", folder / f"{ARCHIVE}.1.part"
    for part in (dead, alive):
        part.write_bytes(server.files[ARCHIVE][:99])
    os.utime(dead, (time.time() - 7200,) * 2)
    assert len(load("cifar10", tmp_path).train) == 5
    assert kept(tmp_path) == [ARCHIVE, alive.name]


def test_a_cache_directory_that_cannot_be_made_is_one_sentence(server, tmp_path):
    (tmp_path / "taken").write_text("a file, not a directory")
    message = refusal("mnist", tmp_path / "taken")
    assert (
        "cannot be used as a cache" in message and "CNNLAB_DATA" in message and server.asked == []
    )


def test_a_read_only_cache_refuses_new_files_and_serves_those_it_has(server, tmp_path, monkeypatch):
    load("cifar10", tmp_path)

    def refuse(*args, **kwargs):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    # Refused by hand, since a directory marked read-only is still writable for the administrator.
    for change in ("mkdir", "unlink", "replace"):
        monkeypatch.setattr(Path, change, refuse)
    assert len(load("cifar10", tmp_path).train) == 5
    message = refusal("mnist", tmp_path)
    assert str(tmp_path / "mnist") in message and "cannot be used as a cache" in message


def test_a_corrupt_cached_file_is_downloaded_again(server, tmp_path):
    load("cifar10", tmp_path)
    path = tmp_path / "cifar10" / ARCHIVE
    path.write_bytes(path.read_bytes()[:-5])
    server.asked.clear()
    assert len(load("cifar10", tmp_path).train) == 5
    assert len(server.asked) == 1 and path.read_bytes() == server.files[ARCHIVE]


def test_a_corrupt_cached_file_that_cannot_be_replaced_is_not_used(server, tmp_path, monkeypatch):
    load("cifar10", tmp_path)
    (tmp_path / "cifar10" / ARCHIVE).write_bytes(b"damaged")
    monkeypatch.setitem(remote.MIRRORS, "cifar10", ("http://127.0.0.1:1/",))
    assert "cannot be reached" in refusal("cifar10", tmp_path)
    assert kept(tmp_path) == []


def test_the_cache_is_the_argument_then_the_environment_then_the_system(monkeypatch, tmp_path):
    monkeypatch.setenv("CNNLAB_DATA", str(tmp_path / "env"))
    assert cache_dir(tmp_path / "arg") == tmp_path / "arg"
    assert cache_dir() == tmp_path / "env"
    monkeypatch.delenv("CNNLAB_DATA")
    assert cache_dir() == Path(pooch.os_cache("cnnlab"))


def test_a_bar_shows_the_progress(server, tmp_path, capsys):
    data.load("cifar10", cache=tmp_path)
    assert "100%" in capsys.readouterr().err


@pytest.mark.parametrize("missing", ["pooch", "tqdm"])
def test_a_missing_package_is_named(server, tmp_path, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    assert f"pip install {missing}" in refusal("mnist", tmp_path)


def test_a_sha256_is_checked_as_well_as_an_md5(server, tmp_path):
    sha256 = hashlib.sha256(server.files[ARCHIVE]).hexdigest()
    urls, path = [server.url + ARCHIVE], tmp_path / ARCHIVE
    assert fetch(urls, path, f"sha256:{sha256}", progress=False) == path
    with pytest.raises(DataError, match="wrong checksum"):
        fetch(urls, path, f"sha256:{sha256[::-1]}", progress=False)


def test_the_tables_hold_an_address_for_every_set_and_a_checksum_for_every_file():
    assert set(remote.MIRRORS) == set(remote.DIGESTS) == {"mnist", "fashion-mnist", "cifar10"}
    for name, files in remote.DIGESTS.items():
        assert all(url.endswith("/") for url in remote.MIRRORS[name])
        for digest in files.values():
            algorithm, value = digest.split(":")
            assert len(bytes.fromhex(value)) == hashlib.new(algorithm).digest_size


def test_the_readers_take_any_path(tmp_path):
    (tmp_path / "a.gz").write_bytes(idx(LABELS["t10k"]))
    (tmp_path / "b.tar.gz").write_bytes(tar(batches()))
    assert read_idx(str(tmp_path / "a.gz"), 1).tolist() == [9, 0, 4]
    assert [len(part) for part in read_cifar10(str(tmp_path / "b.tar.gz"))] == [5, 5, 2, 2]
