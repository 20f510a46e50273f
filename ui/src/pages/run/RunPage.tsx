/** One run: what it is and how it ended, beside its charts. */
import { useMemo, useState } from "react";

import { useFreshRun, useRun } from "../../api/queries";
import type { RunReply } from "../../api/shapes";
import { useLive } from "../../api/useLive";
import { runColour } from "../../lib/colour";
import type { KeyInfo, WallRun } from "../../panels/types";
import { Wall } from "../../panels/Wall";
import { type Command, useCommands } from "../../state/commands";
import { go } from "../../state/history";
import { layoutCommands } from "../../state/layoutCommands";
import { neighbours, tableAddress } from "../../state/order";
import { useRemembered } from "../../state/remember";
import { runPath } from "../../state/route";
import { useView } from "../../state/useView";
import type { Layout } from "../../state/view";
import { Divider } from "../shell/Divider";
import { Frame } from "../shell/Frame";
import { Late } from "../shell/Late";
import { Status } from "../shell/Status";
import { Trouble } from "../shell/Trouble";
import { Details } from "./Details";
import classes from "./RunPage.module.css";
import { trash } from "./useEdit";

export const RunPage = ({ run: id }: { run: string }) => {
  const query = useRun(id);
  if (query.data !== undefined) return <Loaded run={query.data} />;
  return (
    <Frame crumbs={[{ label: "Projects", href: "/" }, { label: id }]}>
      <div className={classes.waiting}>
        {query.error === null ? <Late>Reading the run…</Late> : <Trouble error={query.error} onRetry={() => void query.refetch()} />}
      </div>
    </Frame>
  );
};

const SHOWS = { 1: "left", 2: "both", 3: "right" } as const;

const Loaded = ({ run }: { run: RunReply }) => {
  const live = useLive(run.project);
  useFreshRun(run.id, live.listen);
  const { view, change, changeWall, link } = useView();
  const [share, setShare] = useRemembered("divider.run", 36);
  const [hovered, setHovered] = useState<string | null>(null);
  const { previous, next } = neighbours(run.id);
  useRunCommands(run, previous, next, (layout) => change({ layout }));

  const runs = useMemo(
    (): WallRun[] => [
      {
        id: run.id,
        name: run.name,
        colour: runColour(run.id, run.colour),
        dash: [],
        ...(run.created === null ? {} : { created: run.created }),
      },
    ],
    [run.id, run.name, run.colour, run.created],
  );
  const keyText = JSON.stringify(run.keys.map(({ key, goal, unit, clock, doc }): KeyInfo => ({ key, runs: 1, goal, unit, clock, doc })));
  const keys = useMemo(() => JSON.parse(keyText) as KeyInfo[], [keyText]);

  return (
    <Frame
      live={live.state}
      crumbs={[{ label: run.project, href: tableAddress(run.project) }, { label: run.name }]}
      middle={
        <span className={classes.middle}>
          <Status status={run.status} />
          <span className={classes.steps}>
            <Step to={previous} word="‹" label="Previous run ([)" />
            <Step to={next} word="›" label="Next run (])" />
          </span>
        </span>
      }
    >
      <Divider
        share={share}
        onShare={setShare}
        shows={SHOWS[view.layout]}
        left={<Details run={run} />}
        right={
          <Wall
            project={run.project}
            runs={runs}
            keys={keys}
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

/** The neighbour keeps what was chosen about the charts. */
const goToRun = (run: string): void => go(runPath(run) + window.location.search);

const Step = ({ to, word, label }: { to: string | null; word: string; label: string }) => (
  <button type="button" className="k-icon" disabled={to === null} aria-label={label} title={label} onClick={() => to !== null && goToRun(to)}>
    {word}
  </button>
);

const useRunCommands = (run: RunReply, previous: string | null, next: string | null, onLayout: (layout: Layout) => void): void => {
  const commands = useMemo((): Command[] => {
    return [
      { id: "previous", label: "Previous run", keys: ["["], group: "Go", run: () => previous !== null && goToRun(previous) },
      { id: "next", label: "Next run", keys: ["]"], group: "Go", run: () => next !== null && goToRun(next) },
      { id: "table", label: "Back to the table", keys: ["Backspace"], group: "Go", run: () => go(tableAddress(run.project)) },
      ...layoutCommands("facts", onLayout),
      { id: "trash", label: "Move this run to the trash", keys: [], group: "Edit", run: () => trash(run) },
    ];
    // eslint-disable-next-line react-hooks/exhaustive-deps -- onLayout changes nothing but the address
  }, [run, previous, next]);
  useCommands(commands);
};
