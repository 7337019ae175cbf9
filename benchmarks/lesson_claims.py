"""Do the effects that lessons 06, 11 and 12 tell of come out again? Every one is measured with five
seeds.

    python benchmarks/lesson_claims.py

What does not hold for all five, no lesson claims; some sayings that did not hold are kept at the
end of the table.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import report
from lesson_runs import Run

from cnnlab.train import TrainingWarning

SEEDS = range(5)


@dataclass(frozen=True)
class Claim:
    """``sentence`` holds for a run if ``holds(run)``; ``told(run)`` is the number to print."""

    sentence: str
    told: object
    holds: object


def percent(*shares):
    return " / ".join(f"{100 * share:.1f}" for share in shares)


LESSON_06 = (
    Claim(
        (
            "of max pooling / fractional pooling / a stride on the digits, the fractional net "
            "comes last"
        ),
        lambda r: percent(*r.shrunk),
        lambda r: r.shrunk[1] == min(r.shrunk),
    ),
)

LESSON_11 = (
    Claim(
        "the first loss lies above ln 10 = 2.303",
        lambda r: f"{r.first_loss:.2f}",
        lambda r: r.first_loss > 2.303,
    ),
    Claim(
        "with a last layer of zeros it is ln 10",
        lambda r: f"{r.first_loss_without_preference:.4f}",
        lambda r: abs(r.first_loss_without_preference - np.log(10)) < 1e-5,
    ),
    Claim(
        "20 pictures are known by heart (loss < 0.01) within 30 steps of Adam(0.01)",
        lambda r: int(np.argmax(np.array(r.by_heart.loss) < 0.01)) + 1,
        lambda r: min(r.by_heart.loss[:30]) < 0.01,
    ),
    Claim(
        "200 pictures with shuffled labels are learnt wholly; test accuracy stays below 20 %",
        lambda r: percent(*r.nonsense),
        lambda r: r.nonsense[0] == 1 and r.nonsense[1] < 0.2,
    ),
    Claim(
        "after an epoch of Adam(0.005) more than 75 % are right, of Adam(0.00001) less than 30 %",
        lambda r: percent(r.good.test_accuracy[-1], r.small.test_accuracy[-1]),
        lambda r: r.good.test_accuracy[-1] > 0.75 and r.small.test_accuracy[-1] < 0.3,
    ),
    Claim(
        (
            "an epoch of Adam(1) kills all 16 filters of the second layer (first + second): one "
            "answer for all pictures"
        ),
        lambda r: f"{r.killed[0][0]} + {r.killed[0][1]}, {percent(r.killed[1])}",
        lambda r: r.killed[0][1] == 16 and abs(r.killed[1] - 0.1) < 1e-9,
    ),
    Claim(
        (
            "an epoch at 0.005 with a fresh optimiser after that moves no weight of a convolution "
            "by a bit"
        ),
        lambda r: percent(r.killed[2]),
        lambda r: r.killed[3] and abs(r.killed[2] - 0.1) < 1e-9,
    ),
    Claim(
        (
            "20 steps of Adam(1) already kill the second layer, and an epoch of that Adam at 0.005 "
            "wakes none"
        ),
        lambda r: " / ".join(map(str, r.pulled_back)),
        lambda r: r.pulled_back == (16, 16),
    ),
    Claim(
        (
            "two first-layer filters dead by their bias stay dead under SGD with weight "
            "decay, which "
            "only scales them"
        ),
        lambda r: f"{r.buried[0]}, {r.buried[1]:.0e}",
        lambda r: r.buried[0] >= 2 and r.buried[1] < 1e-4,
    ),
    Claim(
        "batch normalisation is ahead after one epoch of SGD(0.01) (with / without)",
        lambda r: percent(r.normalised, r.plain),
        lambda r: r.normalised > r.plain,
    ),
    Claim(
        "momentum 0.9 is ahead after one epoch of SGD(0.01) (with / without)",
        lambda r: percent(r.momentum, r.plain),
        lambda r: r.momentum > r.plain,
    ),
    Claim(
        "one epoch in batches of 32 gets further than in batches of 256",
        lambda r: percent(*r.batches[0][1:]),
        lambda r: r.batches[0][1] > r.batches[0][2],
    ),
    Claim(
        "the smaller the batch, the more the loss jumps from step to step: with 8 between 1.5 and "
        "2.5 times as much as "
        "with 32, with 256 less than 0.6 times as much",
        lambda r: " / ".join(f"{jump:.2f}" for jump in r.batches[1]),
        lambda r: (
            1.5 < r.batches[1][0] / r.batches[1][1] < 2.5
            and r.batches[1][2] / r.batches[1][1] < 0.6
        ),
    ),
    Claim(
        "given as many steps, batches of 256 get further than those of 32",
        lambda r: percent(r.as_many_steps, r.batches[0][1]),
        lambda r: r.as_many_steps > r.batches[0][1],
    ),
    Claim(
        (
            "with 1,000 pictures, from epoch 5 to 20, the test accuracy falls farther behind "
            "and the "
            "test loss rises"
        ),
        lambda r: (
            f"{percent(*_gaps(r.long))}, {r.long.test_loss[4]:.2f} / {r.long.test_loss[19]:.2f}"
        ),
        lambda r: (
            _gaps(r.long)[1] > _gaps(r.long)[0] + 0.05
            and r.long.test_loss[19] > r.long.test_loss[4]
        ),
    ),
    Claim(
        (
            "a step of Adam(0.005) changes a convolution by 0.1 to 1 % of its size, of "
            "Adam(0.00001) "
            "by less than 0.01 %"
        ),
        lambda r: " / ".join(f"{100 * n:.3f}" for n in np.concatenate(r.ratio)),
        lambda r: all(1e-3 < n < 1e-2 for n in r.ratio[0]) and max(r.ratio[1]) < 1e-4,
    ),
    Claim(
        (
            "the filters of the first layer hardly turn: none by more than 45 degrees, the "
            "median by "
            "less than 26"
        ),
        lambda r: " / ".join(
            f"{np.degrees(np.arccos(c)):.0f}" for c in (min(r.turned), np.median(r.turned))
        ),
        lambda r: (
            min(r.turned) > np.cos(np.pi / 4) and np.median(r.turned) > np.cos(np.radians(26))
        ),
    ),
    Claim(
        "begun at a hundredth of their size they form: in 3 epochs they grow more than tenfold, "
        "the median cosine is "
        "below 0.5, and more than 75 % are right; but at least two of the eight die",
        lambda r: (
            f"{r.formed[1]:.0f}× / {np.median(r.formed[0]):.2f} / {percent(r.formed[2])} / "
            f"{r.formed[3]}"
        ),
        lambda r: (
            r.formed[1] > 10
            and np.median(r.formed[0]) < 0.5
            and r.formed[2] > 0.75
            and r.formed[3] >= 2
        ),
    ),
)

LESSON_12 = (
    Claim("the net has at least 85 %", lambda r: percent(r.accuracy), lambda r: r.accuracy >= 0.85),
    Claim(
        (
            "the nearest neighbour is right more often on codes than on pixels, and least on "
            "those of "
            "an untrained net"
        ),
        lambda r: percent(*(r.neighbours[n] for n in (2, 0, 1))),
        lambda r: r.neighbours[2] > r.neighbours[0] > r.neighbours[1],
    ),
    Claim(
        "so it is among test pictures in the plane of two principal axes (codes / pixels)",
        lambda r: percent(r.planes[1], r.planes[0]),
        lambda r: r.planes[1] > r.planes[0],
    ),
    Claim(
        "the nine best pictures of a random direction of the codes agree as much as those of a "
        "unit, within 5 points; "
        "random pictures agree less than half as much",
        lambda r: percent(*r.purities[:3]),
        lambda r: abs(r.purities[0] - r.purities[1]) < 0.05 and 2 * r.purities[2] < r.purities[1],
    ),
    Claim(
        (
            "the nine best pictures of an untrained net's units agree nearly as much, at "
            "least 80 % "
            "of a trained net's"
        ),
        lambda r: percent(r.purities[3], r.purities[0]),
        lambda r: r.purities[3] > 0.8 * r.purities[0],
    ),
    Claim(
        "layer 6 has a unit that answers to upright stripes more than twice as much as to "
        "level ones; "
        "untrained it has none above 1.5",
        lambda r: f"{r.striped[1]:.1f} / {r.striped[0]:.1f}",
        lambda r: r.striped[1] > 2 and r.striped[0] < 1.5,
    ),
    Claim(
        "the last maps hold more zeros than the first",
        lambda r: percent(*r.zeros),
        lambda r: r.zeros[1] > r.zeros[0],
    ),
)

SAYINGS = (
    Claim(
        "batch normalisation allows a larger learning rate: SGD(0.3), (without / with)",
        lambda r: percent(*r.fast),
        lambda r: r.fast[1] > r.fast[0],
    ),
    Claim(
        "a step should be a thousandth of the weights: it is, within a factor of 2, at Adam(0.005)",
        lambda r: " / ".join(f"{100 * n:.2f}" for n in r.ratio[0]),
        lambda r: all(5e-4 < n < 2e-3 for n in r.ratio[0]),
    ),
    Claim(
        "training forms the filters of the first layer: most turn by more than 45 degrees",
        lambda r: f"{np.median(r.turned):.2f}",
        lambda r: np.median(r.turned) < 0.7,
    ),
    Claim(
        "random directions of layer 6 tell stripes apart as well as its units do",
        lambda r: " / ".join(f"{n:.2f}" for n in r.picky),
        lambda r: r.picky[1] >= r.picky[0],
    ),
)


def _gaps(history):
    return [history.train_accuracy[n] - history.test_accuracy[n] for n in (4, 19)]


def rows(claims, runs):
    for claim in claims:
        held = [bool(claim.holds(run)) for run in runs]
        yield [
            claim.sentence,
            *(claim.told(run) for run in runs),
            f"**{sum(held)} of {len(held)}**",
        ]


def main():
    warnings.simplefilter("ignore", TrainingWarning)
    runs = [Run(seed) for seed in SEEDS]
    header = ["claim", *(f"seed {seed}" for seed in SEEDS), "holds"]
    lessons = {"Lesson 06": LESSON_06, "Lesson 11": LESSON_11, "Lesson 12": LESSON_12}
    parts = {**lessons, "Said elsewhere, not here": SAYINGS}
    body = [
        f"### {title}\n\n{report.table(header, rows(claims, runs))}"
        for title, claims in parts.items()
    ]
    words = "Digits, and Fashion 4,000/1,000. Shares are in %."
    report.write("Claims of the lessons on training", "\n\n".join([words, *body]))
    claims = [claim for lesson in lessons.values() for claim in lesson]
    broken = [claim.sentence for claim in claims if not all(map(claim.holds, runs))]
    if broken:
        raise SystemExit("These claims no longer hold for all seeds:\n" + "\n".join(broken))


if __name__ == "__main__":
    main()
