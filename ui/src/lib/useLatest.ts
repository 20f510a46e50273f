/** The latest value for handlers that live longer than a render. */
import { type RefObject, useLayoutEffect, useRef } from "react";

export const useLatest = <T>(value: T): RefObject<T> => {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });
  return latest;
};
