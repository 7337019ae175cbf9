"""A server on this machine with small files in the real formats, and loaders that ask it."""

import gzip
import hashlib
import io
import tarfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from cnnlab import data
from cnnlab.data import DataError, remote

RNG = np.random.default_rng(3)
IMAGES = {
    part: RNG.integers(0, 256, (n, 5, 4), np.uint8) for part, n in (("train", 7), ("t10k", 3))
}
LABELS = {"train": np.arange(7, dtype=np.uint8), "t10k": np.array([9, 0, 4], np.uint8)}
RECORDS = RNG.integers(0, 10, (7, 3073), np.uint8)
ARCHIVE = "cifar-10-binary.tar.gz"


def idx(array):
    sizes = b"".join(n.to_bytes(4, "big") for n in array.shape)
    return gzip.compress(bytes([0, 0, 8, array.ndim]) + sizes + array.tobytes())


def tar(members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(f"cifar-10-batches-bin/{name}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def batches():
    parts = {
        "data_batch_2.bin": RECORDS[2:5],
        "data_batch_1.bin": RECORDS[:2],
        "test_batch.bin": RECORDS[5:],
    }
    return {"readme.html": b"<p>", **{name: part.tobytes() for name, part in parts.items()}}


def good_files():
    files = {f"{part}-images-idx3-ubyte.gz": idx(IMAGES[part]) for part in IMAGES}
    files |= {f"{part}-labels-idx1-ubyte.gz": idx(LABELS[part]) for part in LABELS}
    return {**files, ARCHIVE: tar(batches())}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        server, name = self.server, self.path.rpartition("/")[2]
        server.asked.append(self.path)
        content = server.files.get(name)
        if content is None or self.path.startswith("/gone/"):
            return self.send_error(404)
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if server.cut else content)

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    """A server of small files in the true formats; the tables of addresses and checksums point to
    it.
    """
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.files, http.asked, http.cut = good_files(), [], False
    http.url = f"http://127.0.0.1:{http.server_port}/"
    for name in remote.MIRRORS:
        monkeypatch.setitem(remote.MIRRORS, name, (http.url,))
        monkeypatch.setitem(remote.DIGESTS, name, digests(http.files, remote.DIGESTS[name]))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield http
    http.shutdown()
    thread.join()
    http.server_close()


def digests(files, names):
    return {name: f"md5:{hashlib.md5(files[name]).hexdigest()}" for name in names}


def serve(server, monkeypatch, files):
    """Serve these files instead, as if they were the right ones."""
    server.files |= files
    for name in remote.DIGESTS:
        monkeypatch.setitem(remote.DIGESTS, name, digests(server.files, remote.DIGESTS[name]))


def load(name, cache):
    return data.load(name, cache=cache, progress=False)


def refusal(name, cache):
    """The message of the refusal: one line, and no error of a library underneath is shown with
    it.
    """
    with pytest.raises(DataError) as caught:
        load(name, cache)
    message = str(caught.value)
    assert "\n" not in message and not message.endswith(".")
    error = caught.value
    assert error.__cause__ is None and (error.__suppress_context__ or error.__context__ is None)
    return message


def kept(cache):
    return sorted(path.name for path in Path(cache).rglob("*") if path.is_file())
