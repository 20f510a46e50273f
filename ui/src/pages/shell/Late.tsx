/** Words for a wait, shown only when it is felt: after 200 ms. */
import { type ReactNode, useEffect, useState } from "react";

const FELT_AFTER = 200;

export const Late = ({ children }: { children: ReactNode }) => {
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), FELT_AFTER);
    return () => clearTimeout(timer);
  }, []);
  return <p style={{ color: "var(--text-3)", margin: 0 }}>{isLate ? children : null}</p>;
};
