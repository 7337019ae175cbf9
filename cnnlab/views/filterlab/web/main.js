// The entry point of the FilterLab: drag a weight, and the filtered image changes.

import { LabView } from "./view.js";

export default {
  render({ model, el }) {
    const lab = new LabView(model, el);
    return () => lab.close();
  },
};
