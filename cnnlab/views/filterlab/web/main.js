// The FilterLab: drag a weight, and the image answers.

import { LabView } from "./view.js";

export default {
  render({ model, el }) {
    const lab = new LabView(model, el);
    return () => lab.close();
  },
};
