/** Where a box is scrolled to and how large it is, read once a frame. */
import { type RefObject, useEffect, useState } from "react";

export interface ScrollPlace {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

export const useScroll = (box: RefObject<HTMLElement | null>): ScrollPlace => {
  const [place, setPlace] = useState<ScrollPlace>({ top: 0, left: 0, width: 600, height: 800 });
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    let frame = 0;
    const read = (): void => {
      frame = 0;
      setPlace({ top: element.scrollTop, left: element.scrollLeft, width: element.clientWidth, height: element.clientHeight });
    };
    const soon = (): void => {
      if (frame === 0) frame = requestAnimationFrame(read);
    };
    read();
    element.addEventListener("scroll", soon, { passive: true });
    const observer = new ResizeObserver(soon);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", soon);
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [box]);
  return place;
};
