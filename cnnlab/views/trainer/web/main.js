// The entry point of the Trainer: it paints what Python sends, a few times a second while the net trains, and asks for checkpoints of the film.

import { TrainerView } from "./view.js";

export default {
  render({ model, el }) {
    const trainer = new TrainerView(model, el);
    return () => trainer.close();
  },
};
