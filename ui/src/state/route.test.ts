/** Addresses lead where they say. */
import { expect, test } from "vitest";

import { comparePath, projectPath, readRoute, runPath } from "./route";

const NAME = "team/größe 50%";

test("every place has an address that leads back to it", () => {
  expect(readRoute("/")).toEqual({ place: "projects" });
  expect(readRoute(projectPath(NAME))).toEqual({ place: "project", project: NAME });
  expect(readRoute(comparePath(NAME))).toEqual({ place: "compare", project: NAME });
  expect(readRoute(runPath("k3x9m2ab"))).toEqual({ place: "run", run: "k3x9m2ab" });
});

test("an address that leads nowhere says so", () => {
  expect(readRoute("/x/y")).toEqual({ place: "nowhere", path: "/x/y" });
  expect(readRoute("/p/%E0%A4%A")).toEqual({ place: "project", project: "%E0%A4%A" });
});
