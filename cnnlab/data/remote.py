"""The full data sets, downloaded when they are first asked for and kept in a cache directory.

The tables say where each file is and which checksum it has; a file with any other checksum is never
read.
"""

import numpy as np

from .dataset import DataError, Dataset, Split, to_unit
from .download import cache_dir, fetch
from .formats import read_cifar10, read_idx
from .packaged import DIGIT_CLASSES, FASHION_CLASSES, FASHION_SOURCE

MIRRORS = {
    "mnist": (
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
    ),
    "fashion-mnist": (
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/",
    ),
    "cifar10": ("https://www.cs.toronto.edu/~kriz/",),
}
DIGESTS = {
    "mnist": {
        "train-images-idx3-ubyte.gz": "md5:f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "train-labels-idx1-ubyte.gz": "md5:d53e105ee54ea40749a09fcbcd1e9432",
        "t10k-images-idx3-ubyte.gz": "md5:9fb629c4189551a2d022fa330f9573f3",
        "t10k-labels-idx1-ubyte.gz": "md5:ec29112dd5afa0611ce80d1b7f02629c",
    },
    "fashion-mnist": {
        "train-images-idx3-ubyte.gz": "md5:8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "train-labels-idx1-ubyte.gz": "md5:25c81989df183df01b3e8a0aad5dffbe",
        "t10k-images-idx3-ubyte.gz": "md5:bef4ecab320f06d8554ea6380940ec79",
        "t10k-labels-idx1-ubyte.gz": "md5:bb300cfdad3c16e7a12a480ee83cd310",
    },
    "cifar10": {
        "cifar-10-binary.tar.gz": "sha256:"
        "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
    },
}
CIFAR10_CLASSES = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)
MNIST_SOURCE = (
    "MNIST: Y. LeCun, C. Cortes and C. Burges, The MNIST database of handwritten digits, after "
    "L. Bottou et al., 1994, and NIST's special databases 1 and 3; no licence is stated."
)
CIFAR10_SOURCE = (
    "CIFAR-10: A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, technical "
    "report, "
    "University of Toronto, 2009; no licence is stated."
)


def mnist(cache=None, progress=True):
    """MNIST: 60,000 training and 10,000 test digits, 28x28x1, downloaded once (11 MB).

    Raises DataError.
    """
    return _idx_set("mnist", DIGIT_CLASSES, MNIST_SOURCE, cache, progress)


def fashion_mnist(cache=None, progress=True):
    """60,000 training and 10,000 test clothes, 28x28x1; 30 MB downloaded once. Raises DataError."""
    return _idx_set("fashion-mnist", FASHION_CLASSES, FASHION_SOURCE, cache, progress)


def cifar10(cache=None, progress=True):
    """CIFAR-10: 50,000 training and 10,000 test photographs, 32x32x3, downloaded once (170 MB).

    Raises DataError.
    """
    (path,) = _files("cifar10", cache, progress)
    x_train, y_train, x_test, y_test = read_cifar10(path)
    train, test = _split(x_train, y_train), _split(x_test, y_test)
    return Dataset("cifar10", train, test, CIFAR10_CLASSES, CIFAR10_SOURCE)


def _idx_set(name, classes, source, cache, progress):
    paths = _files(name, cache, progress)
    splits = [_idx_split(images, labels, len(classes)) for images, labels in (paths[:2], paths[2:])]
    return Dataset(name, *splits, classes, source)


def _idx_split(images, labels, classes):
    x, y = read_idx(images, 3), read_idx(labels, 1)
    if len(x) != len(y) or y.max(initial=0) >= classes:
        raise DataError(
            f"{images} has {len(x)} images and {labels} has {len(y)} labels up to "
            f"{y.max(initial=0)}, "
            "so they do not belong together: delete both and load the set again"
        )
    return _split(x[..., None], y)


def _split(x, y):
    return Split(to_unit(x, 255), y.astype(np.int64))


def _files(name, cache, progress):
    """The paths of the set's files in the cache, in the table's order, downloaded if need be."""
    folder = cache_dir(cache) / name
    return [
        fetch([mirror + file for mirror in MIRRORS[name]], folder / file, digest, progress=progress)
        for file, digest in DIGESTS[name].items()
    ]
