/** Addresses of the page's places, both ways. */

export type Route =
  | { place: "projects" }
  | { place: "project"; project: string }
  | { place: "compare"; project: string }
  | { place: "run"; run: string }
  | { place: "nowhere"; path: string };

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

export const readRoute = (path: string): Route => {
  if (path === "/" || path === "") return { place: "projects" };
  const compare = /^\/p\/([^/]+)\/compare\/?$/.exec(path);
  if (compare !== null) return { place: "compare", project: decode(compare[1] ?? "") };
  const match = /^\/(p|r)\/([^/]+)\/?$/.exec(path);
  if (match === null) return { place: "nowhere", path };
  const name = decode(match[2] ?? "");
  return match[1] === "p" ? { place: "project", project: name } : { place: "run", run: name };
};

export const projectPath = (project: string): string => `/p/${encodeURIComponent(project)}`;

/** The same choices, with the runs side by side. */
export const comparePath = (project: string): string => `${projectPath(project)}/compare`;

export const runPath = (run: string): string => `/r/${encodeURIComponent(run)}`;
