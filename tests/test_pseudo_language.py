"""No English is left in the code: where every text is marked, each shown word is marked.

Numbers, code, and the names of classes, layers and data are none of these words.
"""

import ast
import re
import warnings

import matplotlib
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib.figure import Figure

import cnnlab
from cnnlab import History, explain, figures, film, train
from cnnlab.benchmark import Benchmark, Copies, Timing
from cnnlab.cudatrace import cuda, launch, samples
from cnnlab.exercises import check, exercise, hint
from cnnlab.exercises.feedback import Feedback
from cnnlab.exercises.words import hint_keys
from cnnlab.layers import Conv2d, Flatten, Linear, MaxPool2d, ReLU
from cnnlab.machine import Machine
from cnnlab.net import Sequential
from cnnlab.optim import SGD
from helpers import pseudo
from helpers.exercises import ALL, MISTAKES
from helpers.pseudo import unmarked
from helpers.pseudo_tests import artists, closed, english, speaking  # noqa: F401 (two are fixtures)
from helpers.training import CLASSES, dataset


def test_a_mark_covers_words_and_leaves_out_what_is_put_in():
    assert pseudo.marked("{n} cells of {name:>3}") == "{n}⟦ cells of ⟧{name:>3}"
    assert unmarked("⟦all ⟧filters⟦ of ⟧Conv2d(8)⟦: `⟧x = y⟦`⟧ 3 NaN") == ["filters"]


@pytest.mark.parametrize("key", ALL)
def test_the_task_the_hints_and_the_praise_of_an_exercise_are_marked(key):
    for _ in hint_keys(key):
        shown = hint(key)
    right = Feedback("right", ALL[key].say("right"))
    answers = repr(shown), repr(check(key)), repr(right), right._repr_html_()
    assert english(re.sub("<[^>]*>", "", text) for text in answers) == {}


NETS = [key for key in ALL if isinstance(ALL[key], exercise.OpenExercise)]


# A net takes long to train; of the kernels, whose launches take long, some will do.
ONE_OF_EACH = {one.values[:2]: one for one in MISTAKES if one.values[0] not in NETS}


QUICK = [one for key, one in ONE_OF_EACH.items() if key[0] != "05.kernel"]


KERNELS = [one for key, one in ONE_OF_EACH.items() if key[0] == "05.kernel"][::6]


@pytest.mark.slow
@pytest.mark.parametrize(("key", "name", "wrong"), QUICK + KERNELS)
def test_the_feedback_on_a_wrong_answer_is_marked(key, name, wrong):
    assert english([repr(check(key, wrong))]) == {}


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("02.out_size", 7),
        ("02.out_size", lambda W: W),
        ("02.out_size", lambda W, F, S, P: None),
        ("02.out_size", lambda W, F, S, P: "many"),
        ("01.predict", lambda: 7),
        ("01.predict", [1, 2]),
        ("01.predict", [1, ..., 2]),
        ("01.predict", [[1, 2], [3]]),
        ("01.predict", ["one", "two", "three"]),
        ("01.predict", [1, 2, np.nan]),
        ("11.revive", lambda net, x: 7),
        ("11.revive", lambda net, x: net),
        ("05.kernel", lambda x, w, y: 7),
        ("02.out_sise", 7),
        ([], 7),
        (len, ...),
    ],
)
def test_the_feedback_on_another_kind_of_answer_is_marked(key, answer):
    assert english([repr(check(key, answer))], ["len"]) == {}


def test_what_train_says_is_marked(capsys):
    net, data = Sequential(Flatten(), Linear(3), input_shape=(4, 3, 1)), dataset()
    whole = train(net, data, epochs=1)
    bar = capsys.readouterr().err
    stopped = train(net, data, epochs=1, progress=False, callbacks=[lambda step: True])
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        exploded = train(net, (1e30 * data.train.x, data.train.y), epochs=2, optimizer=SGD(1e30))
    found = [str(whole), str(stopped), str(exploded), str(said[-1].message)]
    assert exploded.stopped and english(found) == {} and "epoch" not in bar.replace("⟦epoch ⟧", "")


def test_a_ledger_a_ladder_copies_and_a_machine_are_marked():
    ledger = Sequential(Conv2d(8, 3), ReLU(), Flatten(), Linear(3), input_shape=(9, 8, 1)).ledger()
    timings = (Timing("loops", 1e-3, 2.0, 0.1),)
    benchmark = Benchmark((1, 9, 8, 1), (8, 3, 3, 1), (1, 9, 8, 8), 2, 50.0, timings)
    found = [str(ledger), re.sub("<[^>]*>|&emsp;", " ", ledger._repr_html_()), str(benchmark)]
    found += [str(Copies(1.0, 2.0, 3.0)), cnnlab.ledger.in_bytes(12)]
    units = "KiB", "MiB", "GFLOP", "ms", "loops"
    assert english(found, units) == {}
    empty = Machine(*[""] * 6)
    names = ["Linux", "Darwin", "Windows", "x86_64", "arm64", "aarch64", "AMD64", "numba", "numpy"]
    assert english([str(empty)]) == {} and english([cnnlab.machine().system], names) == {}


def racing_block(x):
    shared = cuda.shared.array(1, np.float32)
    shared[0] = cuda.threadIdx.x
    x[cuda.grid(1)] = shared[0]


def waiting(x):
    if cuda.grid(1) > 0:
        cuda.syncthreads()


STORIES = [
    (samples.doubled, (2, 4), (np.ones(6), np.zeros(6))),
    (samples.unchecked, (2, 4), (np.ones(6), np.zeros(6))),
    (samples.racing, (2, 4), (np.ones(6), np.zeros(1))),
    (samples.in_line, (1, 1), (np.ones(6), np.zeros(1))),
    (racing_block, (2, 2), (np.zeros(5),)),
    (waiting, (1, 2), (np.zeros(5),)),
]


@pytest.mark.parametrize(("kernel", "size", "arrays"), STORIES)
def test_the_story_of_a_launch_is_marked(kernel, size, arrays):
    found = launch(kernel, *size, *arrays)
    assert english([str(found), *found.faults, *map(str, found.races)], ["shared1", "total"]) == {}


def sentences_in(tree):
    """Literals with two words, but for docstrings, lists of names, code, and what is raised."""
    left = {
        inner for node in ast.walk(tree) if isinstance(node, ast.Raise) for inner in ast.walk(node)
    }
    left |= {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left:
            names = re.fullmatch("[a-z_ ]*", node.value) or "=" in node.value
            if re.search(r"[A-Za-z]{2,},? [a-z]{2,}", node.value) and not names:
                yield node.value


CODE = [
    *sorted((pseudo.LIBRARY / "cudatrace").glob("*.py")),
    *sorted((pseudo.LIBRARY / "figures").glob("*.py")),
    *(pseudo.LIBRARY / f"{name}.py" for name in ("ledger", "benchmark", "machine")),
]


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.stem)
def test_no_sentence_stands_in_the_code(path):
    source = path.read_text("utf-8")
    if path.parent.name == "cudatrace":  # its errors are read in a lesson, too
        source = re.sub(r"\braise (?=\w)", "", source).replace(" from None", "")
    assert list(sentences_in(ast.parse(source))) == []


def small():
    layers = Conv2d(5, 3, padding=1), ReLU(), MaxPool2d(2), Conv2d(9, 3), Flatten(), Linear(3)
    return Sequential(*layers, input_shape=(9, 8, 1), seed=2)


X = np.random.default_rng(0).random((9, 8, 1)).astype(np.float32)


HISTORY = History([1.0, 0.5], [0.2, 0.4], [0.7], [0.3], [0.6], [0.35])


BENCHMARK = Benchmark(
    (1, 9, 8, 1), (8, 3, 3, 1), (1, 9, 8, 8), 2, 50.0, (Timing("loops", 1e-3, 2.0, 0.1),)
)


LAUNCH = launch(samples.racing, 2, 4, np.ones(6), np.zeros(1))


FIGURES = {
    "filter_gallery": lambda: figures.filter_gallery(small(), 3),
    "many_filters": lambda: figures.filter_gallery(np.ones((70, 4, 3, 1))),
    "activation_gallery": lambda: figures.activation_gallery(small(), X, 1),
    "numbers": lambda: figures.activation_gallery(small(), X, 4),
    "best_patches": lambda: figures.best_patches(explain.best_patches(small(), X[None], 3, 1)),
    "film_strip": lambda: figures.film_strip(film("looking"), [0, -1], np.ones((28, 28, 1))),
    "filters": lambda: figures.filters(small().params["0.weight"]),
    "activations": lambda: figures.activations(np.ones((3, 3, 2))),
    "scores": lambda: figures.scores([0.2, 0.8], ["a", "b"]),
    "inside": lambda: figures.inside(small(), X, CLASSES),
    "confusion": lambda: figures.confusion(np.eye(3, dtype=int)),
    "network": lambda: figures.network(small(), X),
    "decomposition": lambda: figures.decomposition(small(), X, 3, 1),
    "benchmark": lambda: figures.benchmark(BENCHMARK),
    "roofline": lambda: figures.roofline(BENCHMARK, 20.0),
    "threads": lambda: figures.threads(LAUNCH),
    "reads": lambda: figures.reads(LAUNCH, "x", (2,)),
    "training_curves": lambda: figures.training_curves(HISTORY),
    "losses": lambda: figures.losses([[1.0, 0.5]]),
    "changes": lambda: figures.changes([1, 2], {"0": [1e-3, 1e-2]}),
}


@pytest.mark.parametrize("name", FIGURES)
def test_what_a_figure_says_is_marked(name):
    shown = FIGURES[name]()
    figure = shown if isinstance(shown, Figure) else shown.figure
    names = [*CLASSES, "GFLOP", "ms", "loops", "racing"]
    assert english(artists(figure), names) == {}


def test_every_figure_is_looked_at():
    drawn = {*FIGURES, "SIGNED", "mosaic", "gallery", "image", "plane"}  # these write what is given
    assert set(figures.__all__) <= drawn
