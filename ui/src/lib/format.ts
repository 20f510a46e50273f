/** Turns numbers, durations and moments into the short exact words that the page shows. */

const MISSING = "–";
const DIGITS = 4;

const trimZeros = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

const minus = (text: string): string => text.replaceAll("-", "−");

/** Four significant digits; scientific below 1e-3 and from 1e6. `short` drops trailing zeros (for axes). */
export const formatNumber = (value: number | null | undefined, options: { short?: boolean } = {}): string => {
  if (value === null || value === undefined) return MISSING;
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "+∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return minus(value.toString());
  if (size < 1e-3 || Number(size.toPrecision(DIGITS)) >= 1e6) return minus(scientific(value));
  // A whole part longer than the digits is shown in full: 123457 is shorter than 1.235e5, and truer.
  const text = size >= 10 ** DIGITS ? Math.round(value).toString() : value.toPrecision(DIGITS);
  return minus(options.short === true ? trimZeros(text) : text);
};

const scientific = (value: number): string => {
  const [mantissa = "0", exponent = "0"] = value.toExponential(DIGITS - 1).split("e");
  return `${trimZeros(mantissa)}e${exponent.replace("+", "")}`;
};

/** The whole value, as it should be copied. */
export const exactNumber = (value: number): string =>
  Number.isNaN(value) ? "NaN" : Number.isFinite(value) ? value.toString() : value > 0 ? "Infinity" : "-Infinity";

/** 1,204: counts of things, in full. */
export const formatCount = (value: number): string => minus(Math.round(value).toLocaleString("en-US"));

/** 1.2k, 3.4M: counts where space is short. */
export const formatShortCount = (value: number): string => {
  const units: [number, string][] = [
    [1e9, "G"],
    [1e6, "M"],
    [1e3, "k"],
  ];
  for (const [size, unit] of units) {
    if (Math.abs(value) >= size) return `${trimZeros((value / size).toFixed(Math.abs(value) >= 100 * size ? 0 : 1))}${unit}`;
  }
  return Math.round(value).toString();
};

/** Seconds as 3m 12s: the two largest units that matter. */
export const formatDuration = (seconds: number | null | undefined): string => {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return MISSING;
  if (seconds < 0) return `−${formatDuration(-seconds)}`;
  if (seconds < 1) return `${Math.round(seconds * 1000)}ms`;
  if (seconds < 10) return `${trimZeros((Math.floor(seconds * 10) / 10).toFixed(1))}s`;
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / 86400);
  const hours = Math.floor(whole / 3600) % 24;
  const minutes = Math.floor(whole / 60) % 60;
  const pad = (value: number): string => value.toString().padStart(2, "0");
  if (days > 0) return `${days}d ${pad(hours)}h`;
  if (hours > 0) return `${hours}h ${pad(minutes)}m`;
  if (minutes > 0) return `${minutes}m ${pad(whole % 60)}s`;
  return `${whole}s`;
};

/** A moment (seconds since the epoch) as the distance from now: 5m ago. */
export const formatAgo = (moment: number | null | undefined, now: number = Date.now() / 1000): string => {
  if (moment === null || moment === undefined || !Number.isFinite(moment)) return MISSING;
  const gone = now - moment;
  if (gone < -5) return `in ${coarse(-gone)}`;
  return gone < 5 ? "now" : `${coarse(gone)} ago`;
};

const coarse = (seconds: number): string => {
  const steps: [number, string][] = [
    [365.25 * 86400, "y"],
    [30.44 * 86400, "mo"],
    [7 * 86400, "w"],
    [86400, "d"],
    [3600, "h"],
    [60, "m"],
  ];
  for (const [size, unit] of steps) if (seconds >= size) return `${Math.floor(seconds / size)}${unit}`;
  return `${Math.floor(seconds)}s`;
};

/** A moment (seconds since the epoch) in full, in the reader's own time zone: 2026-11-22 15:46:03. */
export const formatMoment = (moment: number | null | undefined): string => {
  if (moment === null || moment === undefined || !Number.isFinite(moment)) return MISSING;
  const date = new Date(moment * 1000);
  const two = (value: number): string => value.toString().padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
};

/** Bytes as 3.2 MB, in powers of ten as disks count. */
export const formatBytes = (bytes: number): string => {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size.toString() : size.toFixed(size < 10 ? 1 : 0)} ${units[unit] ?? ""}`;
};

/** Any value of a cell in words. Objects are compact JSON. */
export const formatValue = (value: unknown): string => {
  if (value === null || value === undefined) return MISSING;
  if (typeof value === "number") return formatNumber(value);
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "true" : "false";
  return JSON.stringify(value);
};
