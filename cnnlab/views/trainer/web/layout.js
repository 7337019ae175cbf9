// Where everything stands in the Trainer's drawing: curves on the left, filters, maps and layers in the middle, images
// with their scores or the confusion matrix on the right.

export const TRAINER = {
  width: 1180,
  height: 408,
  loss: { x: 50, y: 22, width: 290, height: 142 },
  accuracy: { x: 50, y: 204, width: 290, height: 142 },
  filters: { x: 370, y: 22, width: 430, height: 100 },
  image: { x: 370, y: 150, width: 88, height: 88 },
  maps: { x: 476, y: 150, width: 324, height: 132 },
  table: { x: 370, y: 330, row: 20, name: 136, ratio: 104, number: 52, most: 4 },
  right: { x: 830, y: 22, width: 350, height: 374 },
};
export const GOOD_CHANGE = [1e-4, 1e-2]; // of a weight's size in one step: what usually learns well
export const CHANGES = [1e-6, 1]; // the ends of the scale

export const tenth = (length) => Math.round(length * 10) / 10; // of a pixel
