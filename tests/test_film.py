"""The film of a run: checkpoints at growing distances, in little memory, a byte for a weight."""

import json

import numpy as np
import pytest

import cnnlab
from cnnlab import storage
from cnnlab.optim import Adam
from cnnlab.storage import StorageError
from cnnlab.train import Film, films, steps
from cnnlab.train.series import MOST, DownsampledSeries, SparseSeries
from helpers.training import images, same, small_net, values


def filmed(epochs=10):
    """A net that was trained, its film, and the values it had at every checkpoint."""
    net = small_net()
    film, seen = Film(net, "columns", "Adam"), []
    film.record(net, 0)
    seen.append(values(net))
    for step in steps(net, images(), epochs=epochs, batch_size=10, optimizer=Adam(0.01)):
        if film.is_due(step.step):
            film.record(net, step.step, loss=step.loss, accuracy=step.accuracy)
            seen.append(values(net))
    return net, film, seen


def test_checkpoints_lie_ever_farther_apart():
    _, film, _ = filmed(epochs=20)
    gaps = np.diff(film.steps)
    assert film.steps[:5] == (0, 1, 2, 3, 4) and (np.diff(gaps) >= 0).all() and gaps[-1] > 5


def test_a_million_steps_are_a_few_dozen_checkpoints():
    film, net = Film(small_net()), small_net()
    step = 0
    while step <= 1_000_000:
        assert film.is_due(step)
        film.record(net, step)
        step = film._next
    assert 30 < len(film) < 45


def test_every_checkpoint_gives_the_net_as_it_was():
    net, film, seen = filmed()
    for t, kept in enumerate(seen):
        assert same(values(film.net(t)), kept)
    assert film.net(0) is not film.net(0)
    film.restore(net, 3)
    assert same(values(net), seen[3])
    with pytest.raises(
        IndexError,
        match=f"there is no checkpoint 99: the film has checkpoints 0 to {len(film) - 1}",
    ):
        film.net(99)


def test_a_film_comes_back_from_its_file_rounded_to_a_byte(tmp_path):
    _, film, seen = filmed()
    again = Film.load(film.save(tmp_path / "run"))
    assert (again.steps, again.data, again.recipe) == (film.steps, "columns", "Adam")
    np.testing.assert_array_equal(again.history["loss"], film.history["loss"])
    for t, kept in enumerate(seen):
        for name, array in values(again.net(t)).items():
            largest = max(np.abs(one[name]).max() for one in seen)
            assert np.abs(array - kept[name]).max() <= largest / 127 * 0.501


def test_a_long_film_of_a_large_net_stays_within_its_room(monkeypatch):
    net, film = small_net(), Film(small_net())
    size = sum(array.nbytes for array in values(net).values())
    monkeypatch.setattr(films, "MEMORY", 6 * size)
    for step in range(40):
        film.record(net, step)
    assert len(film) <= 6 and film.steps[0] == 0 and film.steps[-1] == 39


def test_going_on_from_an_earlier_checkpoint_replaces_the_later_ones():
    net, film, _ = filmed()
    again = film.until(4)
    assert again.steps == (0, 1, 2, 3, 4) and again.is_due(5) and len(film) > 5
    again.record(net, 5)
    assert again.steps == (0, 1, 2, 3, 4, 5)
    film.truncate(3)
    assert film.steps == (0, 1, 2, 3) and film.is_due(4)


def test_what_is_no_film_is_refused_with_a_sentence(tmp_path):
    net, film, _ = filmed(1)
    with pytest.raises(StorageError, match="does not contain a cnnlab film: it is something else"):
        Film.load(net.save(tmp_path / "net"))
    with pytest.raises(StorageError, match="there is no file"):
        Film.load(tmp_path / "nothing")
    path = film.save(tmp_path / "film")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(StorageError, match="damaged"):
        Film.load(path)
    with pytest.raises(StorageError, match="holds arrays but no cnnlab net"):
        cnnlab.load(film.save(tmp_path / "film"))


def test_a_hostile_film_is_refused_before_anything_large_is_made(tmp_path):
    _, film, _ = filmed(1)
    path = film.save(tmp_path / "film")
    with storage.Archive(path) as archive:
        arrays, text = {name: archive.array(name) for name in archive.headers}, archive.text
    about = json.loads(text)
    about["net"]["layers"][-1]["out_features"] = 10**9
    huge = storage.write(tmp_path / "huge", json.dumps(about), arrays)
    with pytest.raises(StorageError, match=r"5\.weight is not what the net needs"):
        Film.load(huge)
    about["net"]["layers"][-1]["out_features"] = 3
    for name, wrong in (
        ("history/step", -1 - np.arange(len(film.steps))),
        ("scale/0.weight", np.float32(np.nan)),
    ):
        odd = storage.write(tmp_path / "odd", json.dumps(about), {**arrays, name: wrong})
        with pytest.raises(StorageError, match=r"out of order|not what the net needs"):
            Film.load(odd)


def test_bundled_films_are_small_and_named():
    with pytest.raises(ValueError, match='film "holiday" is not known: use "clothes"'):
        cnnlab.film("holiday")
    film, data = cnnlab.film("clothes"), cnnlab.data.load("fashion")
    measured = (film.net(-1).predict(data.test.x) == data.test.y).mean()
    assert measured > 0.84 and measured == pytest.approx(film.history["test_accuracy"][-1])
    assert (film.net(0).predict(data.test.x) == data.test.y).mean() < 0.3


@pytest.mark.parametrize("steps", [0, 1, 7, MOST - 1, MOST, 3 * MOST + 5, 20_000])
def test_a_curve_keeps_means_over_equal_spans(steps):
    curve, values = DownsampledSeries(100), np.random.default_rng(0).random(steps)
    for n, value in enumerate(values):
        curve.add(101 + n, value)
    at, means = curve.points()
    assert len(at) == len(means) < MOST
    for n, (middle, mean) in enumerate(zip(at, means, strict=True)):
        here = slice(n * curve.span, (n + 1) * curve.span)
        assert middle == pytest.approx(101 + np.arange(steps)[here].mean())
        assert mean == pytest.approx(values[here].mean())
    assert len(means) * curve.span > steps - curve.span


def test_a_curve_is_cut_where_the_run_goes_back():
    curve = DownsampledSeries()
    for step in range(1, 11):
        curve.add(step, 2 * step)
    kept = curve.copy()
    curve.cut(4)
    assert curve.points().tolist() == [[1, 2, 3, 4], [2, 4, 6, 8]] and len(kept.points()[0]) == 10
    curve.cut(0)
    curve.add(1, 5)
    assert (
        curve.points().tolist() == [[1], [5]]
        and curve.recent() == 5
        and np.isnan(DownsampledSeries().recent())
    )


def test_marks_never_grow_beyond_their_number_and_keep_the_last():
    marks = SparseSeries("loss")
    for step in range(5 * MOST):
        marks.add(step, step / 2)
        marks.add(step, step)
        assert len(marks.rows) <= MOST and marks.rows[-1] == (step, step)
    columns = marks.columns()
    np.testing.assert_array_equal(columns["step"], columns["loss"])


def test_a_film_of_data_without_a_name_says_so(tmp_path):
    net = small_net()
    film = Film(net, data=None)
    film.record(net, 0)
    with pytest.raises(
        StorageError, match=r"its data is None: set film\.data to the name of the set"
    ):
        film.save(tmp_path / "film")
    film.data = "mine"
    assert Film.load(film.save(tmp_path / "film")).data == "mine"
