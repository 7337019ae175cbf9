"""The README is right: its programs run, its links lead somewhere, it lists every lesson."""

import copy
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import cnnlab

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
VIEW, BREATH, LAYER, GAIN, BY_HAND = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


def test_the_view_speaks_and_becomes_a_page(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(VIEW, {})
    assert (
        "27 products" in capsys.readouterr().out
        and (tmp_path / "convolution.html").stat().st_size > 10_000
    )


def test_every_view_is_listed():
    assert set(re.findall(r"^\| `(\w+)` \|", README, re.MULTILINE)) == set(cnnlab.views.__all__)


def test_the_program_of_the_library_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    fashion = cnnlab.data.load("fashion")
    small = replace(fashion, train=fashion.train.take(64), test=fashion.test.take(20))
    monkeypatch.setattr(cnnlab.data, "load", lambda name: {"fashion": small}[name])
    program = {}
    exec(BREATH, program)
    assert "9,098" in capsys.readouterr().out and len(program["history"].train_loss) == 10
    x = program["data"].test.x
    np.testing.assert_array_equal(cnnlab.load("clothes.npz").predict(x), program["net"].predict(x))


def test_the_layer_of_ones_own_is_checked_trained_and_kept(tmp_path):
    program = {}
    exec(LAYER, program)
    assert cnnlab.gradcheck(program["Scale"](3.0), (4, 5, 2)) == {"x": pytest.approx(0, abs=1e-6)}
    net = cnnlab.Sequential(
        program["Scale"](0.5), cnnlab.Flatten(), cnnlab.Linear(2), input_shape=(3, 4, 1)
    )
    x, y = np.random.default_rng(0).random((8, 3, 4, 1)), np.arange(8) % 2
    history = cnnlab.train(
        net, (x, y), epochs=20, batch_size=8, optimizer=cnnlab.Adam(0.1), progress=False
    )
    assert history.loss[-1] < history.loss[0]
    np.testing.assert_array_equal(cnnlab.load(net.save(tmp_path / "own")).scores(x), net.scores(x))


def test_the_layer_with_parameters_has_the_right_gradients():
    program = {}
    exec(GAIN, program)
    assert max(cnnlab.gradcheck(program["Gain"](), (4, 3, 2)).values()) < 1e-5


def test_the_loops_by_hand_learn(capsys):
    program = {}
    exec(BY_HAND, program)
    losses = [float(line.split()[1]) for line in capsys.readouterr().out.splitlines()]
    assert len(losses) == 22 and program["loss"] < losses[-1] < losses[0]


def test_an_optimiser_goes_on_where_net_and_optimiser_were_copied_in_one_call():
    program = {}
    exec(BY_HAND, program)
    net, optimizer = copy.deepcopy((program["net"], program["optimizer"]))
    for made, chosen in ((program["net"], program["optimizer"]), (net, optimizer)):
        chosen.step(made.params, made.grads)
    for name, array in net.params.items():
        np.testing.assert_array_equal(array, program["net"].params[name])


def test_every_link_within_the_repository_leads_to_a_file():
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert links and [link for link in links if not (ROOT / link).exists()] == []


def test_every_lesson_is_listed():
    listed = set(re.findall(r"notebooks/([\w-]+)\.ipynb", README))
    assert listed == {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
