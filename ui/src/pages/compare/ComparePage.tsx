/** Runs side by side: where they differ, and their curves over each other. */
import { useMemo, useState } from "react";

import { useKeys, useRuns } from "../../api/queries";
import { useLive } from "../../api/useLive";
import { paintRuns } from "../../lib/colour";
import type { WallRun } from "../../panels/types";
import { Wall } from "../../panels/Wall";
import { useCommands } from "../../state/commands";
import { layoutCommands } from "../../state/layoutCommands";
import { useRemembered } from "../../state/remember";
import { projectPath } from "../../state/route";
import { useView } from "../../state/useView";
import { Divider } from "../shell/Divider";
import { Frame } from "../shell/Frame";
import { Late } from "../shell/Late";
import { Trouble } from "../shell/Trouble";
import classes from "./ComparePage.module.css";
import { Differences } from "./Differences";

/** More columns than this are no comparison any more; the table of runs is. */
const MOST_RUNS = 12;
const SHOWS = { 1: "left", 2: "both", 3: "right" } as const;

export const ComparePage = ({ project }: { project: string }) => {
  const { view, change, changeWall, link } = useView();
  const live = useLive(project);
  const keys = useKeys(project);
  const { runs, error, isWaiting } = useRuns(view.selected.slice(0, MOST_RUNS));
  const [share, setShare] = useRemembered("divider.compare", 50);
  const [hovered, setHovered] = useState<string | null>(null);
  const commands = useMemo(() => layoutCommands("differences", (layout) => change({ layout })), [change]);
  useCommands(commands);
  const drawn = useMemo((): WallRun[] => {
    const paints = paintRuns(runs);
    return runs.map((run) => ({
      id: run.id,
      name: run.name,
      ...paints.get(run.id)!,
      ...(run.created === null ? {} : { created: run.created }),
    }));
  }, [runs]);
  return (
    <Frame
      live={live.state}
      crumbs={[{ label: project, href: projectPath(project) + window.location.search }, { label: `${runs.length} runs compared` }]}
    >
      <Divider
        share={share}
        onShare={setShare}
        shows={SHOWS[view.layout]}
        left={
          <section className={classes.scroll} aria-label="Differences">
            {error !== null && <Trouble error={error} />}
            {isWaiting && runs.length === 0 && <Late>Reading the runs…</Late>}
            {!isWaiting && runs.length === 0 && error === null && <p>Select two runs or more in the table, then compare them.</p>}
            {view.selected.length > MOST_RUNS && (
              <p className={classes.quiet}>
                The first {MOST_RUNS} of {view.selected.length} selected runs are compared.
              </p>
            )}
            {runs.length > 0 && <Differences runs={runs} pens={drawn} hovered={hovered} onHover={setHovered} />}
          </section>
        }
        right={
          <Wall
            project={project}
            runs={drawn}
            keys={keys.keys}
            settings={view.wall}
            hovered={hovered}
            onHover={setHovered}
            onSettings={changeWall}
            live={live.listen}
            epoch={live.epoch}
            link={link}
          />
        }
      />
    </Frame>
  );
};
