/** A link within the page: no load, but a new tab where the reader asks for one. */
import type { AnchorHTMLAttributes } from "react";

import { go } from "../../state/history";

export const Link = ({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) => (
  <a
    {...rest}
    href={href}
    onClick={(event) => {
      if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(href);
    }}
  />
);
