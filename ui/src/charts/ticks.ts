/** Chooses few and round places for axis numbers, and writes them. */
import type { Scale } from "./scale";
import type { Span, XKind } from "./types";

export interface Ticks {
  readonly at: readonly number[];
  readonly labels: readonly string[];
  /** What applies to every label where the numbers are too long to be written out, "× 1e−9" or "1,000,000 +"; else empty. */
  readonly note: string;
}

const DAY = 86400;
/** Round steps of time in seconds. */
const TIME_STEPS = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
  30 * DAY, 91 * DAY, 365 * DAY, 730 * DAY, 3650 * DAY,
];

/** Ticks of an axis that has room for about `room` numbers. */
export const ticks = (scale: Pick<Scale, "log" | "span">, room: number, kind: XKind | "value" = "value"): Ticks => {
  const { span } = scale;
  if (scale.log) return logTicks(span, room);
  if (kind === "time") return clockTicks(span, room);
  if (kind === "relative") return durationTicks(span, room);
  return plainTicks(span, room, kind === "step");
};

/** 1, 2, 2.5 or 5 times a power of ten: the one that comes nearest to `room` steps. */
export const roundStep = (width: number, room: number, whole = false): number => {
  const rough = width / Math.max(1, room);
  if (!(rough > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const off = (factor: number): number => Math.abs(Math.log((factor * power) / rough));
  const factor = [1, 2, 2.5, 5, 10].reduce((best, one) => (off(one) < off(best) ? one : best));
  if (!whole) return factor * power;
  return Math.max(1, Math.floor(factor * power));
};

const multiples = ([low, high]: Span, step: number): number[] => {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const count = Math.min(last - first + 1, 100);
  // Dividing by a whole inverse keeps 0.3 from becoming 0.30000000000000004.
  const inverse = 1 / step;
  const round = step < 1 && Math.abs(inverse - Math.round(inverse)) < 1e-6 * inverse;
  return Array.from({ length: Math.max(0, count) }, (_, index) => {
    const value = round ? (first + index) / Math.round(inverse) : (first + index) * step;
    return value === 0 ? 0 : value;
  });
};

const plainTicks = (span: Span, room: number, whole: boolean): Ticks => {
  const step = roundStep(span[1] - span[0], room, whole && span[1] - span[0] >= 1);
  const at = multiples(span, step);
  return write(at, step);
};

/** Writes numbers that lie `step` apart with just as many digits as tell them apart. */
const write = (at: readonly number[], step: number): Ticks => {
  const largest = Math.max(...at.map(Math.abs), 0);
  const digits = largest > 0 ? Math.log10(largest / step) : 0;
  if (digits > 5) {
    const base = at[0]!;
    return { at, labels: at.map((value) => (value === base ? "+0" : `+${compact(value - base, step, 0)}`)), note: `${longNumber(base)} +` };
  }
  if (largest >= 1e15 || (largest > 0 && largest < 1e-3)) return writePower(at, step, largest);
  return { at, labels: at.map((value) => compact(value, step, largest)), note: "" };
};

/** Very large and very small numbers share their power of ten. */
const writePower = (at: readonly number[], step: number, largest: number): Ticks => {
  const power = Math.floor(Math.log10(largest) + 1e-9);
  const unit = Number(`1e${power}`);
  const labels = at.map((value) => (value === 0 ? "0" : minus((value / unit).toFixed(decimals(step / unit)))));
  return { at, labels, note: minus(`× 1e${power}`) };
};

const UNITS: readonly (readonly [number, string])[] = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e3, "k"],
];

const compact = (value: number, step: number, largest: number): string => {
  if (value === 0) return "0";
  const size = Math.max(largest, Math.abs(value));
  if (size >= 1e15 || size < 1e-3) return minus(Number(value.toPrecision(3)).toExponential().replace("e+", "e"));
  const [unit, letter] = size >= 1e4 ? UNITS.find(([least]) => size >= least)! : [1, ""];
  return minus((value / unit).toFixed(decimals(step / unit))) + letter;
};

/** How many decimals a step needs: 2.5 needs one, 0.25 two. */
const decimals = (step: number): number => {
  const shown = Number(step.toPrecision(2));
  return Math.max(0, Math.min(12, (shown.toString().split(".")[1] ?? "").length || (shown < 1 ? -Math.floor(Math.log10(shown)) : 0)));
};

const longNumber = (value: number): string =>
  Math.abs(value) >= 1e15 || (value !== 0 && Math.abs(value) < 1e-3)
    ? minus(value.toPrecision(8).replace(/\.?0+e/, "e"))
    : minus(value.toLocaleString("en-US", { maximumFractionDigits: 12 }));

const minus = (text: string): string => text.replaceAll("-", "−");

const logTicks = (span: Span, room: number): Ticks => {
  const low = Math.floor(Math.log10(span[0]) + 1e-9);
  const high = Math.ceil(Math.log10(span[1]) - 1e-9);
  const inside = (value: number): boolean => value >= span[0] * (1 - 1e-9) && value <= span[1] * (1 + 1e-9);
  const powers = Array.from({ length: high - low + 1 }, (_, index) => low + index);
  const decades = powers.map((power) => Number(`1e${power}`)).filter(inside);
  if (decades.length > 2) {
    const skip = Math.ceil(decades.length / Math.max(2, room));
    const at = decades.filter((value) => Math.round(Math.log10(value)) % skip === 0);
    return { at, labels: at.map(power10), note: "" };
  }
  const finer = powers.flatMap((power) => [1, 2, 5].map((factor) => Number(`${factor}e${power}`))).filter(inside);
  if (finer.length >= 3 || finer.length >= room) {
    return { at: finer, labels: finer.map((value) => compact(value, value, value)), note: "" };
  }
  return plainTicks(span, room, false);
};

const power10 = (value: number): string =>
  value >= 1e-3 && value < 1e6 ? compact(value, value, value) : minus(`1e${Math.round(Math.log10(value))}`);

const timeStep = (width: number, room: number): number => {
  const rough = width / Math.max(1, room);
  return TIME_STEPS.find((step) => step >= rough) ?? roundStep(width / (3650 * DAY), room) * 3650 * DAY;
};

const durationTicks = (span: Span, room: number): Ticks => {
  const width = span[1] - span[0];
  if (width / room < 1) {
    const { at, labels, note } = plainTicks(span, room, false);
    return { at, labels: labels.map((label) => (label === "0" ? label : `${label}s`)), note };
  }
  const step = timeStep(width, room);
  const at = multiples(span, step);
  return { at, labels: at.map((value) => duration(value, step)), note: "" };
};

const duration = (seconds: number, step: number): string => {
  if (seconds === 0) return "0";
  if (seconds < 0) return `−${duration(-seconds, step)}`;
  const parts: string[] = [];
  let rest = Math.round(seconds);
  for (const [size, letter] of [[DAY, "d"], [3600, "h"], [60, "m"], [1, "s"]] as const) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0) parts.push(`${whole}${letter}`);
    if (size <= step && rest === 0) break;
  }
  return parts.slice(0, 2).join(" ");
};

const clockTicks = (span: Span, room: number): Ticks => {
  const width = span[1] - span[0];
  const step = width / room < 1 ? roundStep(width, room) : timeStep(width, room);
  // Steps of hours and days begin at the reader's midnight, not at Greenwich's.
  const shift = new Date(span[0] * 1000).getTimezoneOffset() * 60;
  const at = multiples([span[0] - shift, span[1] - shift], step).map((value) => value + shift);
  return { at, labels: at.map((value, index) => moment(value, step, at[index - 1])), note: "" };
};

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (value: number): string => value.toString().padStart(2, "0");

/** A clock's reading; the day is named where it changes. */
const moment = (seconds: number, step: number, before: number | undefined): string => {
  const date = new Date(seconds * 1000);
  const day = `${date.getDate()} ${MONTHS[date.getMonth()]!}`;
  if (step >= 300 * DAY) return date.getFullYear().toString();
  if (step >= DAY) return day;
  const newDay = before !== undefined && new Date(before * 1000).getDate() !== date.getDate();
  if (newDay && date.getHours() === 0 && date.getMinutes() === 0) return day;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  if (step >= 60) return clock;
  if (step >= 1) return `${clock}:${two(date.getSeconds())}`;
  return `${two(date.getMinutes())}:${(date.getSeconds() + date.getMilliseconds() / 1000).toFixed(decimals(step)).padStart(3 + decimals(step), "0")}`;
};
