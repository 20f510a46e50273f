/** The line over a chart: key, unit, goal, how exact it is, and the menu. */
import { Menu } from "@mantine/core";
import { useState } from "react";

import type { Drawing } from "../charts/drawing";
import type { FigureWords } from "../charts/figure";
import { chooseAxis } from "./axisChoice";
import type { Badge } from "./badge";
import classes from "./ChartPanel.module.css";
import { Chips } from "./Chips";
import { FILE_KINDS, saveChart } from "./save";
import type { KeyInfo, WallSettings } from "./types";

export const HEADER = 28;

interface ChartHeaderProps {
  readonly info: KeyInfo;
  readonly settings: WallSettings;
  readonly drawing: Drawing;
  readonly words: FigureWords;
  /** Null when nothing is drawn. */
  readonly badge: Badge | null;
  readonly onSettings: (change: Partial<WallSettings>) => void;
  readonly onEdit: () => void;
  readonly link: (change: Partial<WallSettings>) => string;
}

const GOALS = { min: { arrow: "↓", title: "smaller is better" }, max: { arrow: "↑", title: "larger is better" } } as const;

export const ChartHeader = (props: ChartHeaderProps) => {
  const { info, badge } = props;
  const goal = info.goal === null ? null : GOALS[info.goal];
  return (
    <header className={classes.header} style={{ height: HEADER }}>
      <h3 className={classes.title} title={info.doc === "" ? info.key : `${info.key}\n${info.doc}`}>
        {info.key}
      </h3>
      {info.unit !== "" && <span className={classes.unit}>{info.unit}</span>}
      {goal !== null && (
        <span className={classes.unit} title={goal.title} aria-label={goal.title} role="img">
          {goal.arrow}
        </span>
      )}
      <span className={classes.space} />
      <Chips drawing={props.drawing} info={info} settings={props.settings} onSettings={props.onSettings} />
      {badge !== null && (
        <span className={classes.badge} data-exact={badge.exact} title={badge.title}>
          {badge.text}
          {!badge.exact && <span className={classes.aggregated}> aggregated</span>}
        </span>
      )}
      <ChartMenu {...props} />
    </header>
  );
};

/** The button alone until it is used: a wall of charts has many of them, and a menu is heavy. */
const ChartMenu = (props: ChartHeaderProps) => {
  const [isOpen, setOpen] = useState(false);
  const button = (
    <button
      type="button"
      className={classes.menu}
      aria-label={`Menu of ${props.info.key}`}
      aria-haspopup="menu"
      aria-expanded={isOpen}
      onClick={() => setOpen(true)}
    >
      <svg width="14" height="14" viewBox="0 0 14 14" fill="currentColor" aria-hidden>
        <circle cx="2.5" cy="7" r="1.25" />
        <circle cx="7" cy="7" r="1.25" />
        <circle cx="11.5" cy="7" r="1.25" />
      </svg>
    </button>
  );
  if (!isOpen) return button;
  return (
    <Menu
      opened
      onClose={() => setOpen(false)}
      position="bottom-end"
      width={200}
      shadow="none"
      withinPortal
      transitionProps={{ duration: 0 }}
      styles={{ item: { padding: "4px 8px", fontSize: "var(--fs-13)" } }}
    >
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown>
        <MenuItems {...props} />
      </Menu.Dropdown>
    </Menu>
  );
};

const MenuItems = ({ info: { key }, settings, drawing, words, onSettings, onEdit, link }: ChartHeaderProps) => {
  const choice = settings.axes[key] ?? {};
  const isLog = choice.log ?? settings.log;
  const isPinned = settings.pinned.includes(key);
  const isFull = settings.full === key;
  const isEmpty = drawing.lines.length === 0;
  const isChosen = choice.all === true || choice.range !== undefined || choice.log !== undefined;
  const without = (keys: readonly string[]): string[] => keys.filter((one) => one !== key);
  return (
    <>
      <Menu.Item rightSection={<kbd>f</kbd>} onClick={() => onSettings({ full: isFull ? null : key })}>
        {isFull ? "Leave full screen" : "Full screen"}
      </Menu.Item>
      <Menu.Item onClick={() => onSettings({ pinned: isPinned ? without(settings.pinned) : [...settings.pinned, key] })}>
        {isPinned ? "Unpin" : "Pin to the top"}
      </Menu.Item>
      <Menu.Item onClick={() => onSettings({ hidden: [...without(settings.hidden), key], ...(isFull ? { full: null } : {}) })}>
        Hide
      </Menu.Item>
      <Menu.Divider />
      <Menu.Item onClick={() => onSettings(chooseAxis(settings, key, { ...choice, log: !isLog }))}>
        {isLog ? "Linear y-axis" : "Logarithmic y-axis"}
      </Menu.Item>
      <Menu.Item onClick={onEdit}>Own y-range…</Menu.Item>
      {isChosen && (
        <Menu.Item onClick={() => onSettings(chooseAxis(settings, key, null))}>Y-axis as usual</Menu.Item>
      )}
      <Menu.Divider />
      <Menu.Item onClick={() => void navigator.clipboard.writeText(link({ full: key }))}>Copy link</Menu.Item>
      {FILE_KINDS.map((kind) => (
        <Menu.Item key={kind} disabled={isEmpty} onClick={() => void saveChart(kind, drawing, words)}>
          Save as {kind.toUpperCase()}
        </Menu.Item>
      ))}
    </>
  );
};
