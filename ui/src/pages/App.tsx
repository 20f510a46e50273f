/** The whole page: theme, data, and the place that the address names. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { useEffect } from "react";

import { makeQueryClient } from "../api/queries";
import { listenToKeys } from "../state/commands";
import { useAddress } from "../state/history";
import { readRoute } from "../state/route";
import { ComparePage } from "./compare/ComparePage";
import { ProjectPage } from "./project/ProjectPage";
import { ProjectsPage } from "./projects/ProjectsPage";
import { RunPage } from "./run/RunPage";
import { Frame } from "./shell/Frame";
import { NoteBar } from "./shell/NoteBar";
import { Palette } from "./shell/Palette";

const client = makeQueryClient();
/** data-theme decides; Mantine must not write its own. */
const keepScheme = { get: () => "light" as const, set: () => undefined, subscribe: () => undefined, unsubscribe: () => undefined, clear: () => undefined };

export const App = () => {
  useEffect(() => listenToKeys(), []);
  return (
    <QueryClientProvider client={client}>
      <MantineProvider colorSchemeManager={keepScheme} getRootElement={() => undefined}>
        <Place />
        <Palette />
        <NoteBar />
      </MantineProvider>
    </QueryClientProvider>
  );
};

const Place = () => {
  const { path } = useAddress();
  const route = readRoute(path);
  switch (route.place) {
    case "projects":
      return <ProjectsPage />;
    case "project":
      return <ProjectPage key={route.project} project={route.project} />;
    case "compare":
      return <ComparePage key={route.project} project={route.project} />;
    case "run":
      return <RunPage key={route.run} run={route.run} />;
    case "nowhere":
      return (
        <Frame crumbs={[{ label: "Projects", href: "/" }, { label: "Nothing here" }]}>
          <p style={{ padding: 24 }}>There is no place called {route.path}. The projects are one step up.</p>
        </Frame>
      );
  }
};
