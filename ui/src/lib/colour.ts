/** Gives every run its colour for ever: one of twelve by its id, and a dash where two shown runs share one. */

export const COLOURS = 12;

/** Dash patterns in CSS pixels; the first is a solid line. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 2.5], [9, 3, 2, 3]];

export interface Paint {
  /** Any CSS colour; usually `var(--run-3)`, so that it follows the theme. */
  colour: string;
  /** Dash pattern in CSS pixels; empty is solid. */
  dash: readonly number[];
}

/** FNV-1a: the same small number for the same id, on every machine, for ever. */
const hash = (text: string): number => {
  let sum = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    sum ^= text.charCodeAt(at);
    sum = Math.imul(sum, 0x01000193);
  }
  // FNV's low bits are weak for short texts; fold the high ones in.
  return (sum ^ (sum >>> 15)) >>> 0;
};

/** 1 to 12: which of the theme's run colours this run wears. */
export const colourIndex = (id: string): number => (hash(id) % COLOURS) + 1;

/** The colour of one run: the one the user gave it ("#a0b1c2", or "0" to "11" of the twelve), else the one of its id. */
export const runColour = (id: string, chosen?: string | null): string => {
  if (chosen === undefined || chosen === null || chosen === "") return `var(--run-${colourIndex(id)})`;
  return chosen.startsWith("#") ? chosen : `var(--run-${Number(chosen) + 1})`;
};

/** Colours of runs that are shown together: a colour that comes back is told apart by its dash, in the order given. */
export const paintRuns = (runs: readonly { id: string; colour?: string | null }[]): Map<string, Paint> => {
  const taken = new Map<string, number>();
  const paints = new Map<string, Paint>();
  for (const run of runs) {
    const colour = runColour(run.id, run.colour);
    const times = taken.get(colour) ?? 0;
    taken.set(colour, times + 1);
    paints.set(run.id, { colour, dash: DASHES[times % DASHES.length] ?? [] });
  }
  return paints;
};

/** What a canvas can draw with: `var(--x)` becomes the value that the theme gives it now. */
export const resolveColour = (colour: string, element: Element = document.documentElement): string => {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined ? colour : getComputedStyle(element).getPropertyValue(name).trim();
};
