// How the Trainer writes shares, counts and words that have little room.

import { percent } from "../../shared/web/dom.js";

export const accuracyPercent = (share) =>
  share === null || share === undefined ? "–" : percent(share);
const wholeNumbers = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
export const thousands = (n) => wholeNumbers.format(n);

// Which step's net the matrix and its cells are of, where it is not the one that is shown.
export const asOf = ({ step, evaluated_step: evaluated }, say) =>
  evaluated === step ? "" : ` (${say("trainer.at_step", { step: thousands(evaluated) })})`;
