/** One run. */
export const RunPage = ({ run }: { run: string }) => <p>{run}</p>;
