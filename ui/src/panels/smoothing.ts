/** The steps of the smoothing slider: shares of the x-axis over which the past fades. */

export const SMOOTHINGS = [0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2] as const;

/** The step nearest to a share, as an index. */
export const smoothingIndex = (share: number): number => {
  let best = 0;
  SMOOTHINGS.forEach((step, index) => {
    if (Math.abs(step - share) < Math.abs(SMOOTHINGS[best]! - share)) best = index;
  });
  return best;
};

/** The next stronger step; none after the strongest. */
export const nextSmoothing = (share: number): number => SMOOTHINGS[(smoothingIndex(share) + 1) % SMOOTHINGS.length]!;

/** "off", "2 %" */
export const smoothingWords = (share: number): string => (share === 0 ? "off" : `${Number((share * 100).toPrecision(2))} %`);
