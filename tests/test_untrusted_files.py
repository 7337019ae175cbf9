"""An untrusted file is refused in one sentence, soon and with little memory, whatever it claims."""

import io
import json
import struct
import subprocess
import sys
import zipfile
import zlib
from math import prod

import numpy as np
import pytest

from cnnlab import Conv2d, Film, Flatten, Linear, ReLU, Sequential

MEMORY, SECONDS = 300, 2  # MiB of the whole process, and the time a reader may take

# Opens the file named in its arguments with one of the readers; prints MiB, seconds and the answer.
CHILD = """
import re, resource, sys, time, warnings
import cnnlab
warnings.simplefilter("ignore")
readers = {"net": cnnlab.load, "film": cnnlab.Film.load}
if sys.argv[1] == "picture":
    readers["picture"] = cnnlab.views.FilterLab
began = time.process_time()  # not of the clock, for others use the machine too
try:
    answer = str(type(readers[sys.argv[1]](sys.argv[2])))
except ValueError as error:
    answer = f"refused: {error}"
try:  # what the system reports of a process includes the one that started it
    peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
except OSError:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(int(peak) >> 10, time.process_time() - began, answer, sep="|")
"""


def opened(reader, path):
    """MiB at most, seconds, and the answer, from a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", CHILD, reader, str(path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    memory, seconds, answer = done.stdout.strip().split("|", 2)
    return int(memory), float(seconds), answer


def refused(reader, path, sentence):
    pytest.importorskip("resource", reason="the memory of a process cannot be asked for here")
    memory, seconds, answer = opened(reader, path)
    assert answer.startswith("refused: ") and sentence in answer and "\n" not in answer
    assert memory < MEMORY and seconds < SECONDS


def entry(array):
    body = io.BytesIO()
    np.lib.format.write_array(body, np.asarray(array))
    return body.getvalue()


def zeros(out, name, shape):
    """An array of zeros, packed to a thousandth."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        head, {"descr": "<f4", "fortran_order": False, "shape": shape}
    )
    with out.open(f"{name}.npy", "w", force_zip64=True) as file:
        file.write(head.getvalue())
        for start in range(0, 4 * prod(shape), 1 << 20):
            file.write(bytes(min(1 << 20, 4 * prod(shape) - start)))


def rewritten(path, whole, change=lambda data: data, **replaced):
    """The file ``whole`` with another structure, and arrays replaced by zeros of another shape."""
    with (
        np.load(whole) as archive,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        for name in archive.files:
            if name in replaced:
                zeros(out, name, replaced[name])
            elif name == "structure":
                out.writestr(
                    "structure.npy", entry(json.dumps(change(json.loads(str(archive[name])))))
                )
            else:
                out.writestr(f"{name}.npy", entry(archive[name]))
    return path


@pytest.fixture
def net(tmp_path):
    layers = Conv2d(4, 3), ReLU(), Flatten(), Linear(10)
    return Sequential(*layers, input_shape=(28, 28, 1)).save(tmp_path / "whole")


@pytest.fixture
def film(tmp_path):
    net = Sequential(Flatten(), Linear(2), input_shape=(4, 4, 1))
    film = Film(net)
    film.record(net, 0)
    return film.save(tmp_path / "film")


@pytest.mark.slow
def test_an_array_that_claims_more_than_the_net_needs(net, tmp_path):
    path = rewritten(tmp_path / "a.npz", net, **{"params/3.weight": (1 << 27,)})
    refused("net", path, "params/3.weight has shape (134217728,), but the net needs (10, 2704)")


def larger(data):
    data["net"]["layers"][-1]["out_features"] = 25_000
    return data


@pytest.mark.slow
def test_a_net_of_zeros_packed_to_a_thousandth(net, tmp_path):
    shapes = {"params/3.weight": (25_000, 2704), "params/3.bias": (25_000,)}
    path = rewritten(tmp_path / "a.npz", net, larger, **shapes)
    refused("net", path, "bytes but claims to hold 270,500,160: it was not written by cnnlab")


@pytest.mark.slow
def test_a_header_without_end(net, tmp_path):
    out = zipfile.ZipFile(tmp_path / "a.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=1)
    with out, out.open("structure.npy", "w", force_zip64=True) as file:
        file.write(b"\x93NUMPY\x02\x00" + (2**31).to_bytes(4, "little"))
        for _ in range(256):
            file.write(b" " * (1 << 20))
    refused("net", tmp_path / "a.npz", "is not a cnnlab file, or it is damaged")


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 50_000, " " * (1 << 25)], ids=["lists", "dicts", "blanks"]
)
def test_a_structure_that_is_deep_or_long(text, tmp_path):
    np.savez_compressed(tmp_path / "a.npz", structure=np.array(text))
    refused("net", tmp_path / "a.npz", "holds arrays but no cnnlab net")


@pytest.mark.slow
def test_a_table_of_contents_of_many_mebibytes(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.npz", "w") as out:
        for number in range(50_000):
            out.writestr(f"params/{number:060}.npy", b"")
    refused("net", tmp_path / "a.npz", "is not a cnnlab file, or it is damaged")


def many(data):
    data["net"]["layers"][1:2] = [{"layer": "ReLU"}] * 5_000
    return data


HUGE = {"layer": "MaxPool2d", "kernel_size": 2, "stride": 1, "padding": 0}


def pooled(data):
    data["net"] |= {"input_shape": [10**8, 10**8, 1]}
    data["net"]["layers"][0] = HUGE
    return data


@pytest.mark.parametrize("change", [many, pooled], ids=["many layers", "a huge image"])
def test_a_structure_of_many_layers_or_of_a_huge_image(change, net, tmp_path):
    refused(
        "net", rewritten(tmp_path / "a.npz", net, change), "does not hold a net that can be built"
    )


@pytest.mark.slow
def test_a_film_that_claims_more_than_its_net_needs(film, tmp_path):
    path = rewritten(tmp_path / "a.npz", film, **{"bytes/1.weight": (1 << 27,)})
    refused("film", path, "1.weight is not what the net needs")


def test_a_pickle_is_never_opened(tmp_path):
    np.savez(tmp_path / "a.npz", structure=np.array("{}"), other=np.array([print], object))
    refused("net", tmp_path / "a.npz", "is not a cnnlab file, or it is damaged")


def picture(path, side, rows):
    """A PNG in colour that claims to be a square, and holds so many rows of zeros, packed to a
    thousandth.
    """

    def chunk(kind, body):
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    packer, row = zlib.compressobj(1), bytes(1 + 3 * side)
    packed = b"".join(packer.compress(row) for _ in range(rows)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b""))
    return path


@pytest.mark.slow
@pytest.mark.parametrize("side, rows", [(7_100, 7_100), (60_000, 1_000)])
def test_a_picture_of_more_pixels_than_are_ever_opened(side, rows, tmp_path):
    refused(
        "picture",
        picture(tmp_path / "a.png", side, rows),
        "has more than 50 megapixels, too many to open",
    )
