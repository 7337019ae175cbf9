"""The two data sets that are part of the library, so that every lesson runs offline.

Pixels are kept as bytes in compressed npz files, and nothing in them is unpickled.
"""

from importlib.resources import files
from zipfile import BadZipFile

import numpy as np

from .dataset import DataError, Dataset, Split, to_unit

FASHION_CLASSES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
DIGIT_CLASSES = tuple("0123456789")
FASHION_SOURCE = (
    "Fashion-MNIST: H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a Novel Image Dataset for "
    "Benchmarking "
    "Machine Learning Algorithms, arXiv:1708.07747, 2017; MIT licence, copyright 2017 Zalando SE."
)
DIGITS_SOURCE = (
    "Optical Recognition of Handwritten Digits (test part): E. Alpaydin and C. Kaynak, UCI "
    "Machine Learning "
    "Repository, 1998, doi:10.24432/C50P49; Creative Commons Attribution 4.0."
)


def fashion():
    """4,000 training and 1,000 test images of Fashion-MNIST, 28x28x1.

    Each ten images, counted from the start, hold every class once, so any ``take(10 * n)`` is
    balanced.
    """
    data = _read("fashion.npz")
    train = Split(to_unit(data["x_train"][..., None], 255), data["y_train"].astype(np.int64))
    test = Split(to_unit(data["x_test"][..., None], 255), data["y_test"].astype(np.int64))
    return Dataset("fashion", train, test, FASHION_CLASSES, FASHION_SOURCE)


def digits():
    """1,797 digits, 8x8x1 with 17 grey levels; the last 400 in file order are the test."""
    data = _read("digits.npz")
    both = Split(to_unit(data["x"][..., None], 16), data["y"].astype(np.int64))
    return Dataset("digits", both[:-400], both[-400:], DIGIT_CLASSES, DIGITS_SOURCE)


def _read(file):
    path = files("cnnlab.data") / "files" / file
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as npz:
            return {key: npz[key] for key in npz.files}
    except (OSError, ValueError, BadZipFile):
        raise DataError(
            f"the packaged file {file} is missing or damaged: install cnnlab again"
        ) from None
