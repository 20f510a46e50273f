/** The three layouts of a place with two halves, by the keys 1, 2 and 3. */
import type { Command } from "./commands";
import type { Layout } from "./view";

/** `left` is what the left half is called: "table", "facts". */
export const layoutCommands = (left: string, onLayout: (layout: Layout) => void): Command[] => {
  const labels: readonly [Layout, string][] = [
    [1, `Only the ${left}`],
    [2, `The ${left} and the charts`],
    [3, "Only the charts"],
  ];
  return labels.map(([layout, label]) => ({
    id: `layout-${layout}`,
    label,
    keys: [String(layout)],
    group: "View",
    run: () => onLayout(layout),
  }));
};
