// The line of facts below the drawing, and the sentence that says the same.

import { html, number, setText } from "../../shared/web/dom.js";
import { accuracyPercent, thousands } from "./text.js";

const FACTS = ["step", "epoch", "images_per_second", "loss", "accuracy", "held", "evaluated"];

export function trainerStatus(box, runState, say, scene) {
  const { metrics } = runState;
  const held = scene.held_out
    ? accuracyPercent(metrics.test_accuracy)
    : say("trainer.none_held_out");
  const facts = [
    [say("trainer.step"), thousands(metrics.step)],
    [say("trainer.epoch"), runState.epoch === null ? "–" : thousands(runState.epoch)],
    [
      say("trainer.images_per_second"),
      runState.running ? thousands(runState.images_per_second) : "–",
    ],
    [say("trainer.batch_loss"), metrics.loss === null ? "–" : number(metrics.loss)],
    [say("trainer.training"), accuracyPercent(metrics.accuracy)],
    [say("trainer.held_out"), held],
    ["", inParentheses(evaluationWords(metrics, say, scene))],
  ];
  while (box.children.length < facts.length) emptyFact(box, FACTS[box.children.length]);
  facts.forEach(([name, value], n) => {
    const [word, shown] = box.children[n].children;
    setText(word, `${name} `);
    setText(shown, value);
  });
}

function emptyFact(box, name) {
  const fact = html("span", { class: "fact", "data-fact": name }, box);
  html("span", {}, fact);
  html("b", {}, fact);
}

// By how many images the accuracies were found, where not by all, and of which step they are, where not of this one.
function evaluationWords(metrics, say, scene) {
  const sample =
    metrics.evaluated_images &&
    (metrics.evaluated_images < scene.all || metrics.trained < metrics.evaluated_images);
  return [
    sample ? say("trainer.of_sample", { count: thousands(metrics.evaluated_images) }) : "",
    metrics.test_step === metrics.step
      ? ""
      : say("trainer.at_step", { step: thousands(metrics.test_step) }),
  ]
    .filter(Boolean)
    .join(", ");
}

export function trainerSentence({ metrics }, say, scene) {
  const found = {
    step: thousands(metrics.step),
    training: accuracyPercent(metrics.accuracy),
    held: accuracyPercent(metrics.test_accuracy),
  };
  const words = say(scene.held_out ? "trainer.spoken" : "trainer.spoken_trained", found);
  const evaluation = evaluationWords(metrics, say, scene);
  return evaluation ? `${words} ${inParentheses(evaluation)}` : words;
}

const inParentheses = (words) => (words ? `(${words})` : "");
