"""Learn convolutional networks by touching them: operations, layers, nets, training, data.

Start with ``cnnlab.data.load()``, ``cnnlab.Sequential`` and ``cnnlab.train``; the lessons are in
notebooks/.
"""

from importlib import import_module

from . import data, layers, ops, shapes
from .benchmark import bandwidth, bench, copies
from .gradcheck import gradcheck
from .kernels import backend, use
from .layers import *  # noqa: F403  (all layers; layers/__init__.py lists them)
from .losses import multiclass_svm, softmax_cross_entropy
from .machine import machine
from .net import Sequential, load
from .optim import SGD, Adagrad, Adam, RMSProp
from .shapes import MisfitError
from .texts import language
from .train import Film, History, film, steps, train

__version__ = "0.1.0"
__all__ = [
    "SGD",
    "Adagrad",
    "Adam",
    "Film",
    "History",
    "MisfitError",
    "RMSProp",
    "Sequential",
    "backend",
    "bandwidth",
    "bench",
    "copies",
    "data",
    "film",
    "gradcheck",
    "language",
    "load",
    "machine",
    "multiclass_svm",
    "ops",
    "shapes",
    "softmax_cross_entropy",
    "steps",
    "train",
    "use",
]
__all__ += layers.__all__

# Not every program needs them, and some bring matplotlib or widgets: they are imported when first
# named.
LATE = ("cudatrace", "exercises", "explain", "figures", "views")


def __getattr__(name):
    if name in LATE:
        return import_module(f".{name}", __name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return [*__all__, *LATE]
