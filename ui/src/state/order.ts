/** The runs of the table that was last looked at, so that a run's page knows the previous and the next. */
let ids: readonly string[] = [];
let address = "";

export const rememberOrder = (order: readonly string[], from: string): void => {
  ids = order;
  address = from;
};

export const neighbours = (run: string): { previous: string | null; next: string | null } => {
  const at = ids.indexOf(run);
  return at < 0 ? { previous: null, next: null } : { previous: ids[at - 1] ?? null, next: ids[at + 1] ?? null };
};

/** Where the table was, with all that was chosen there. */
export const tableAddress = (project: string): string =>
  address.startsWith(`/p/${encodeURIComponent(project)}`) ? address : `/p/${encodeURIComponent(project)}`;
