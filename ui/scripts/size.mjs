/** Fails when the script of a first load is larger than its budget, gzipped. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGET = 350_000;
const page = new URL("../../src/kymograph/server/page/", import.meta.url);
const html = readFileSync(new URL("index.html", page), "utf8");
const scripts = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map((match) => match[1]);
if (scripts.length === 0) throw new Error("index.html names no script; run `npm run build` first");

let sum = 0;
for (const script of scripts) {
  const size = gzipSync(readFileSync(new URL(script, page)), { level: 9 }).length;
  sum += size;
  console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${script}`);
}
console.log(`${(sum / 1000).toFixed(1).padStart(8)} kB  of ${BUDGET / 1000} kB, gzipped, on first load`);
if (sum > BUDGET) {
  console.error(`the first load is ${((sum - BUDGET) / 1000).toFixed(1)} kB over its budget: load viewers with import()`);
  process.exit(1);
}
