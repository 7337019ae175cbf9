"""A frozen layer: training leaves it as it is, the ledger says so, and a file keeps it frozen."""

import numpy as np
import pytest

import cnnlab
from cnnlab import SGD, Adam, Branches, Conv2d, Flatten, Linear, ReLU, Residual, Sequential
from cnnlab.train.training_run import TrainingRun
from cnnlab.train.update_ratios import update_ratios
from helpers.training import dataset, images, quiet, small_net, values


def moved(net, before):
    """The names of the parameters that are others than before."""
    return {name for name, array in net.params.items() if not np.array_equal(array, before[name])}


@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.9, weight_decay=0.1), Adam(0.1)])
def test_training_leaves_it_as_it_is_until_it_is_unfrozen(optimizer):
    net = small_net()
    net[0].trainable = False
    before = values(net)
    cnnlab.train(net, images(), epochs=2, optimizer=optimizer, **quiet)
    assert moved(net, before) == {"1.weight", "1.bias", "5.weight", "5.bias"}
    ratios = update_ratios(before, net)
    assert ratios["0.weight"][1] == 0 < ratios["5.weight"][1]
    net[0].trainable = True
    cnnlab.train(net, images(), epochs=1, optimizer=optimizer, **quiet)
    assert {"0.weight", "0.bias"} <= moved(net, before)


def test_a_container_freezes_all_that_is_in_it():
    block = Residual(Conv2d(2, 1), Branches(Conv2d(1, 1), [ReLU(), Conv2d(1, 1)]))
    net = Sequential(block, Flatten(), Linear(2), input_shape=(3, 4, 2))
    assert net.trainable and list(net.trainable_params) == list(net.params)
    block.trainable = False
    assert not block.trainable and list(net.trainable_params) == ["2.weight", "2.bias"]
    net.trainable = False
    assert not list(net.trainable_params) and not net.trainable


def test_a_layer_is_frozen_while_a_run_goes_on():
    net = small_net()
    run = TrainingRun(net, dataset(), batch_size=8)
    assert run._train_step(watched=False)
    net[5].trainable = False
    before = values(net)
    assert run._train_step(watched=True)
    assert "0.weight" in moved(net, before) and not moved(net, before) & {"5.weight", "5.bias"}
    assert run.changes["0.weight"][1] > 0 == run.changes["5.weight"][1]


def test_the_ledger_says_so():
    net = small_net()
    net[0].trainable = False
    assert "Conv2d(4, 3, padding=1), frozen" in str(net.ledger())
    assert str(net.ledger()).count("frozen") == 1
    assert net.ledger().parameters == small_net().ledger().parameters


def test_it_is_frozen_in_a_copy_and_in_the_net_that_was_saved(tmp_path):
    net = small_net()
    net[1].trainable = False
    for other in (net.copy(), cnnlab.load(net.save(tmp_path / "net.npz"))):
        assert [layer.trainable for layer in other] == [True, False, True, True, True, True]
