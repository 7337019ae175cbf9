"""A public function's docstring is complete: a type and a line for each argument, and a call.

The calls are run as they stand, each with the names that the reference promises.
"""

import doctest
import inspect

import numpy as np
import pytest
from matplotlib import pyplot as plt

import cnnlab
from tests.helpers.public import CALLABLES, METHODS, explained, parameters, section

GIVEN = {"np": np, "cnnlab": cnnlab, "ops": cnnlab.ops, "shapes": cnnlab.shapes}
FUNCTIONS = {name: thing for name, thing in CALLABLES.items() if not inspect.isclass(thing)}
WITH_EXAMPLE = [
    name for name, thing in {**CALLABLES, **METHODS}.items() if ">>>" in (thing.__doc__ or "")
]

# What a user only inherits from.
ABSTRACT = {"cnnlab.optim.Optimizer", "cnnlab.views.shared.view.View"}
# Exceptions and results are not called by a user: an example stands where they come from.
CALLED = [
    name
    for name, thing in CALLABLES.items()
    if name not in ABSTRACT
    and not section(thing.__doc__, "Attributes")
    and not (inspect.isclass(thing) and issubclass(thing, Exception))
]


@pytest.mark.parametrize("name", CALLABLES)
def test_every_argument_is_explained(name):
    thing = CALLABLES[name]
    assert [arg for arg in parameters(thing) if arg not in explained(thing.__doc__)] == []


@pytest.mark.parametrize("name", CALLABLES)
def test_nothing_is_explained_that_is_no_argument(name):
    assert explained(CALLABLES[name].__doc__) <= set(parameters(CALLABLES[name]))


@pytest.mark.parametrize("name", METHODS)
def test_a_method_names_its_arguments(name):
    text = inspect.getdoc(METHODS[name]) or ""
    named = explained(text) | {arg for arg in parameters(METHODS[name]) if f"``{arg}" in text}
    assert [arg for arg in parameters(METHODS[name]) if arg not in named] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_argument_and_result_has_a_type(name):
    signature = inspect.signature(FUNCTIONS[name])
    untyped = [arg for arg, p in signature.parameters.items() if p.annotation is p.empty]
    assert untyped == [] and signature.return_annotation is not signature.empty


@pytest.mark.parametrize("name", CALLED)
def test_there_is_an_example(name):
    assert ">>>" in CALLABLES[name].__doc__


@pytest.mark.parametrize("name", WITH_EXAMPLE)
def test_the_example_is_true(name, capsys):
    thing = {**CALLABLES, **METHODS}[name]
    test = doctest.DocTestParser().get_doctest(thing.__doc__, dict(GIVEN), name, name, 0)
    with cnnlab.use("numpy"):  # which has nothing to compile
        results = doctest.DocTestRunner().run(test)
    plt.close("all")
    assert not results.failed, capsys.readouterr().out
