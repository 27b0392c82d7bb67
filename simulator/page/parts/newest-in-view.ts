import { type RefObject, useEffect, useRef } from 'react';

/**
 * Scrolls to the newest message whenever there is one: to its beginning, where it is taller than the window. Stays there
 * while things change their height, until the reader scrolls away.
 * @param newest of what comes last, its id
 * @param selector finds what comes last within the list
 */
export function useNewestInView(newest: string | undefined, selector: string): RefObject<HTMLDivElement | null> {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = list.current;
    const last = box?.querySelector(selector);
    if (box === null || !(last instanceof HTMLElement)) return undefined;
    let left = false;
    const show = (): void => {
      if (left) return;
      if (last.offsetHeight > box.clientHeight) last.scrollIntoView({ block: 'start' });
      else box.scrollTop = box.scrollHeight;
    };
    const leave = (): void => {
      left = true;
    };
    const heights = new ResizeObserver(show);
    for (const element of [box, ...box.children]) heights.observe(element);
    const gestures = ['wheel', 'touchmove', 'keydown', 'pointerdown'];
    for (const gesture of gestures) box.addEventListener(gesture, leave, { passive: true });
    return () => {
      heights.disconnect();
      for (const gesture of gestures) box.removeEventListener(gesture, leave);
    };
  }, [newest, selector]);
  return list;
}
