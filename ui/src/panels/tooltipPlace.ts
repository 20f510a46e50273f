/** Chooses where a tooltip stands: beside the pointer, never over the point, never out of the window. */

export interface Box {
  readonly width: number;
  readonly height: number;
}

const BESIDE = 16;
const EDGE = 8;

/** Left top corner in the window. Right of the point where there is room, else left of it, else above or below it. */
export const placeTooltip = (point: { left: number; top: number }, box: Box, window: Box): { left: number; top: number } => {
  const middle = clamp(point.top - box.height / 2, EDGE, window.height - box.height - EDGE);
  const right = point.left + BESIDE;
  if (right + box.width + EDGE <= window.width) return { left: right, top: middle };
  const left = point.left - BESIDE - box.width;
  if (left >= EDGE) return { left, top: middle };
  const above = point.top - BESIDE - box.height;
  const across = clamp(point.left - box.width / 2, EDGE, window.width - box.width - EDGE);
  return { left: across, top: above >= EDGE ? above : point.top + BESIDE };
};

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, Math.max(low, high)));
