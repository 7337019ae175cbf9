"""Rebuild the two packaged data files from the sets they are taken from.

The sources are Debian's package dataset-fashion-mnist and the file datasets/data/digits.csv.gz of a
scikit-learn installation. The same sources give the same arrays.
"""

import argparse
import hashlib
from pathlib import Path

import numpy as np

from cnnlab.data.formats import read_idx

OUT = Path(__file__).parents[1] / "cnnlab" / "data" / "files"
SEED = 2017


def fashion(folder):
    """4,000 training and 1,000 test images from the full set's own two parts, each class equally
    often.
    """
    rng = np.random.default_rng(SEED)
    parts = {}
    for ours, theirs, each in (("train", "train", 400), ("test", "t10k", 100)):
        x = read_idx(folder / f"{theirs}-images-idx3-ubyte.gz", 3)
        y = read_idx(folder / f"{theirs}-labels-idx1-ubyte.gz", 1)
        chosen = balanced(y, each, rng)
        parts |= {f"x_{ours}": x[chosen], f"y_{ours}": y[chosen]}
    save("fashion.npz", parts)


def balanced(y, each, rng):
    """Positions of ``each`` random examples of every class, in rounds of one example of each
    class.
    """
    columns = [rng.choice(np.flatnonzero(y == k), each, replace=False) for k in range(10)]
    return rng.permuted(np.stack(columns, axis=1), axis=1).ravel()


def digits(csv):
    """All 1,797 in file order: 64 values 0 to 16 and the label in each line."""
    table = np.loadtxt(csv, delimiter=",").astype(np.uint8)
    save("digits.npz", {"x": table[:, :64].reshape(-1, 8, 8), "y": table[:, 64]})


def save(name, arrays):
    OUT.mkdir(exist_ok=True)
    np.savez_compressed(OUT / name, **arrays)
    digest = hashlib.sha256(b"".join(a.tobytes() for a in arrays.values())).hexdigest()
    print(f"{name}: {(OUT / name).stat().st_size:,} bytes, values sha256 {digest}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--fashion", type=Path, default=Path("/usr/share/datasets/fashion-mnist"))
    parser.add_argument("--digits", type=Path, required=True, help="scikit-learn's digits.csv.gz")
    options = parser.parse_args()
    fashion(options.fashion)
    digits(options.digits)
