/** Draws every chart from its test data. `?runs=400&x=…&smoothing=0.02&log=1&theme=dark&search=…` choose. */
import "@mantine/core/styles.css";
import "../theme.css";

import { MantineProvider } from "@mantine/core";
import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";

import { paintRuns } from "../lib/colour";
import { answer, galleryKeys } from "./galleryData";
import { PLAIN_SETTINGS, type WallRun, type WallSettings } from "./types";
import { Wall } from "./Wall";

const asked = new URLSearchParams(window.location.search);
const theme = asked.get("theme");
if (theme !== null) document.documentElement.dataset.theme = theme;

const count = Number(asked.get("runs") ?? 100);
const ids = Array.from({ length: count }, (_, index) => ({ id: `run${index}` }));
const paints = paintRuns(ids);
const runs: WallRun[] = ids.map(({ id }, index) => ({ id, name: `amber-heron-${index}`, ...paints.get(id)! }));
const keys = galleryKeys(count);

const first: WallSettings = {
  ...PLAIN_SETTINGS,
  x: asked.get("x") ?? "step",
  smoothing: Number(asked.get("smoothing") ?? 0),
  log: asked.get("log") === "1",
  search: asked.get("search") ?? "",
  full: asked.get("full"),
  bands: asked.get("bands") === "1",
};

const Gallery = () => {
  const [settings, setSettings] = useState(first);
  const [hovered, setHovered] = useState<string | null>(asked.get("hovered"));
  return (
    <Wall
      project="gallery"
      runs={runs}
      keys={keys}
      settings={settings}
      hovered={hovered}
      onHover={setHovered}
      onSettings={(change) => setSettings((before) => ({ ...before, ...change }))}
      live={null}
      ask={answer}
    />
  );
};

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <MantineProvider defaultColorScheme={theme === "dark" ? "dark" : "light"}>
      <Gallery />
    </MantineProvider>
  </StrictMode>,
);
