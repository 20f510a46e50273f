/** Sorts keys into groups by what stands before their last slash (a lonely key joins the group above), and lays groups out in rows of charts. */
import type { KeyInfo, WallSettings } from "./types";

export interface Group {
  /** The prefix; PINNED and TOP are no prefix any key can have. */
  readonly name: string;
  readonly keys: readonly KeyInfo[];
}

/** Keys that the reader pinned. */
export const PINNED = "/pinned";
/** Keys without a slash. */
export const TOP = "/top";

/** What a group is called on the page. */
export const groupTitle = (name: string): string => (name === PINNED ? "pinned" : name === TOP ? "no prefix" : name);

const natural = new Intl.Collator("en", { numeric: true });

export const prefixOf = (key: string): string => {
  const slash = key.lastIndexOf("/");
  return slash <= 0 ? TOP : key.slice(0, slash);
};

/** The expression that a search means; null when it is not one. Capitals matter only where the reader types one. */
export const searchOf = (text: string): RegExp | null => {
  try {
    return new RegExp(text, /[A-Z]/.test(text.replace(/\\./g, "")) ? "" : "i");
  } catch {
    return null;
  }
};

/** Pinned first, then groups with a goal, keys without prefix, the rest by name; what the machine measured last. */
export const groupsOf = (keys: readonly KeyInfo[], settings: Pick<WallSettings, "search" | "pinned" | "hidden">): Group[] => {
  const search = settings.search === "" ? null : searchOf(settings.search);
  const hidden = new Set(settings.hidden);
  const pinned = new Set(settings.pinned);
  const groups = new Map<string, KeyInfo[]>();
  const home = homes(keys.filter((info) => !pinned.has(info.key)));
  for (const info of keys) {
    if (hidden.has(info.key) || search?.test(info.key) === false) continue;
    const name = pinned.has(info.key) ? PINNED : home(info.key);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [info]);
    else group.push(info);
  }
  const order = settings.pinned;
  return [...groups]
    .sort(([a, inA], [b, inB]) => rank(a, inA) - rank(b, inB) || natural.compare(a, b))
    .map(([name, members]) => ({
      name,
      keys: members.sort((a, b) =>
        name === PINNED ? order.indexOf(a.key) - order.indexOf(b.key) : natural.compare(a.key, b.key),
      ),
    }));
};

const rank = (name: string, members: readonly KeyInfo[]): number => {
  if (name === PINNED) return 0;
  if (members.some((info) => info.goal !== null)) return 1;
  if (name === TOP) return 2;
  return name === "system" || name.startsWith("system/") ? 4 : 3;
};

/**
 * The group of each key. `layer/0/norm`, `layer/1/norm` have a prefix each, which would make a group of every chart:
 * a prefix that holds one key gives it to the prefix above, down to the first word.
 */
const homes = (keys: readonly KeyInfo[]): ((key: string) => string) => {
  const counts = new Map<string, number>();
  for (const { key } of keys) {
    const prefix = prefixOf(key);
    counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  return (key) => {
    const prefix = prefixOf(key);
    if (prefix === TOP || (counts.get(prefix) ?? 0) > 1) return prefix;
    let above = prefix;
    while (above.includes("/", 1)) {
      above = above.slice(0, above.lastIndexOf("/"));
      if (counts.has(above)) break;
    }
    return above;
  };
};

/** One line of the wall: a group's head, or charts beside each other. */
export type Row =
  | { readonly kind: "head"; readonly group: Group; readonly isFolded: boolean }
  | { readonly kind: "charts"; readonly keys: readonly KeyInfo[] };

export const rowsOf = (groups: readonly Group[], folded: readonly string[], columns: number): Row[] => {
  const shut = new Set(folded);
  return groups.flatMap((group) => {
    const isFolded = shut.has(group.name);
    const rows: Row[] = [{ kind: "head", group, isFolded }];
    if (isFolded) return rows;
    for (let from = 0; from < group.keys.length; from += columns) {
      rows.push({ kind: "charts", keys: group.keys.slice(from, from + columns) });
    }
    return rows;
  });
};
