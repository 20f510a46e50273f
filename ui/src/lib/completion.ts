/** Puts a completion into a query, and counts its characters as the server does. */

export interface Insertion {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Where the character number `count` begins in `text`. The server counts characters, JavaScript halves of some. */
export const unitsOf = (text: string, count: number): number => {
  let units = 0;
  let seen = 0;
  for (const character of text) {
    if (seen === count) break;
    seen += 1;
    units += character.length;
  }
  return units;
};

/** How many characters lie before `unit`. */
export const charactersBefore = (text: string, unit: number): number => Array.from(text.slice(0, unit)).length;

/** The query with the completion in place, and where the caret goes: behind it, with one space to go on typing. */
export const insertCompletion = (query: string, { text, from, to }: Insertion): { query: string; caret: number } => {
  const before = query.slice(0, unitsOf(query, from));
  const after = query.slice(unitsOf(query, to));
  const space = after === "" && !/[\s(["'`]$/.test(text) ? " " : "";
  const start = before + text + space;
  return { query: start + after, caret: start.length };
};
