"""The script of the packaged films works: a film of a few images is shot, saved and evaluated."""

import numpy as np
import pytest

import cnnlab
from cnnlab import Film, data
from cnnlab.data import Dataset
from tools import build_films


@pytest.fixture(scope="module")
def images():
    """A few clothes, as a whole data set."""
    fashion = data.load("fashion")
    train, test = fashion.train.take(40), fashion.test.take(20)
    return Dataset("few", train, test, fashion.classes, fashion.source)


@pytest.mark.slow
def test_a_film_is_shot_saved_and_evaluated_by_the_held_out_images(images, tmp_path):
    film = Film.load(build_films.shoot(build_films.clothes(), images).save(tmp_path / "film.npz"))
    assert film.steps[0] == 0 and film.steps[-1] == 20  # 10 epochs of 2 batches
    evaluated = Film.load(build_films.evaluated(film, images).save(tmp_path / "evaluated.npz"))
    for t in (0, -1):
        accuracy = np.mean(evaluated.net(t).predict(images.test.x) == images.test.y)
        assert evaluated.history["test_accuracy"][t] == pytest.approx(accuracy)
    assert np.isfinite(evaluated.history["test_loss"]).all()
    assert np.isfinite(evaluated.history["loss"][1:]).all()


@pytest.mark.parametrize("name", ["clothes", "looking"])
def test_the_nets_are_those_of_the_packaged_films(name):
    assert str(getattr(build_films, name)()) == str(cnnlab.film(name).net(0))
