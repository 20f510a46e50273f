/** What is chosen for all charts of the wall: search, x-axis, smoothing, logarithm, zoom. */
import { useEffect, useMemo, useRef, useState } from "react";

import { formatCount } from "../lib/format";
import { searchOf } from "./groups";
import { SMOOTHINGS, smoothingIndex, smoothingWords } from "./smoothing";
import classes from "./Toolbar.module.css";
import type { KeyInfo, WallSettings } from "./types";

interface ToolbarProps {
  readonly keys: readonly KeyInfo[];
  /** How many charts there are after search and hiding. */
  readonly shown: number;
  readonly settings: WallSettings;
  readonly onSettings: (change: Partial<WallSettings>) => void;
}

export const Toolbar = ({ keys, shown, settings, onSettings }: ToolbarProps) => {
  const clocks = useMemo(() => [...new Set(keys.map(({ clock }) => clock).filter((clock) => clock !== "" && clock !== "step"))].sort(), [keys]);
  const hidden = settings.hidden.length;
  return (
    <div className={classes.bar} role="toolbar" aria-label="Charts">
      <Search settings={settings} onSettings={onSettings} />
      <span className={classes.count}>
        {shown === keys.length ? formatCount(shown) : `${formatCount(shown)} of ${formatCount(keys.length)}`}
      </span>
      {hidden > 0 && (
        <button type="button" className={classes.button} onClick={() => onSettings({ hidden: [] })}>
          {hidden} hidden: show
        </button>
      )}
      <span className={classes.space} />
      {settings.range !== null && (
        <button type="button" className={classes.button} onClick={() => onSettings({ range: null })} title="Show all of the x-axis (double click in a chart)">
          zoomed: reset
        </button>
      )}
      <label className={classes.field}>
        x
        <select
          value={settings.x}
          // Another axis has other units: a zoom of the old one means nothing on it.
          onChange={(event) => onSettings({ x: event.currentTarget.value, range: null })}
        >
          <option value="step">step</option>
          <option value="relative">time since start</option>
          <option value="time">time</option>
          {[...new Set([...clocks, ...extra(settings.x, clocks)])].map((clock) => (
            <option key={clock} value={clock}>
              {clock}
            </option>
          ))}
        </select>
      </label>
      <Smoothing settings={settings} onSettings={onSettings} />
      <button type="button" className={classes.button} aria-pressed={settings.log} title="Logarithmic y-axes" onClick={() => onSettings({ log: !settings.log })}>
        log
      </button>
    </div>
  );
};

/** A clock that the address names and no key declares stays choosable. */
const extra = (x: string, clocks: readonly string[]): string[] =>
  x === "step" || x === "time" || x === "relative" || clocks.includes(x) ? [] : [x];

type PartProps = Pick<ToolbarProps, "settings" | "onSettings">;

/** Typing answers at once; the address follows when it pauses. */
const Search = ({ settings, onSettings }: PartProps) => {
  const [text, setText] = useState(settings.search);
  const sent = useRef(settings.search);
  useEffect(() => {
    if (settings.search === sent.current) return;
    sent.current = settings.search;
    setText(settings.search);
  }, [settings.search]);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (text === sent.current) return;
      sent.current = text;
      onSettings({ search: text });
    }, 120);
    return () => clearTimeout(timer);
  }, [text, onSettings]);
  const isBroken = searchOf(text) === null;
  return (
    <input
      type="search"
      className={classes.search}
      placeholder="Search charts by regular expression"
      aria-label="Search charts by regular expression"
      aria-invalid={isBroken}
      title={isBroken ? "not a complete regular expression yet" : undefined}
      value={text}
      spellCheck={false}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === "Escape") setText("");
      }}
    />
  );
};

const Smoothing = ({ settings, onSettings }: PartProps) => (
  <label
    className={classes.field}
    title="A running mean whose past fades over this share of the x-axis. The values themselves stay faint behind it."
  >
    smooth
    <input
      type="range"
      min={0}
      max={SMOOTHINGS.length - 1}
      step={1}
      value={smoothingIndex(settings.smoothing)}
      aria-valuetext={smoothingWords(settings.smoothing)}
      onChange={(event) => onSettings({ smoothing: SMOOTHINGS[Number(event.currentTarget.value)]! })}
    />
    <output className={classes.output}>{smoothingWords(settings.smoothing)}</output>
  </label>
);
