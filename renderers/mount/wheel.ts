/** Milliseconds for which a box that has just been scrolled keeps the wheel at its end, so that the notebook does not jump on. */
const lasting = 300;

/**
 * Keeps the wheel for the boxes of an output that scroll. The notebook listens on the window and cannot see into a shadow root: without this it
 * would scroll as well as the box.
 */
export function keepWheel(root: HTMLElement, signal: AbortSignal): void {
  let last: { readonly box: Element; readonly time: number } | undefined;
  root.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey) return;
      const path = event.composedPath();
      const boxes = path.slice(0, path.indexOf(root)).filter((one): one is HTMLElement => one instanceof HTMLElement);
      const box = boxes.find((one) => canScroll(one, event.deltaX, event.deltaY));
      const still = last && boxes.includes(last.box as HTMLElement) && event.timeStamp - last.time < lasting;
      if (box) last = { box, time: event.timeStamp };
      if (box || still) event.stopPropagation();
    },
    { passive: true, signal },
  );
}

function canScroll(box: HTMLElement, x: number, y: number): boolean {
  const { overflowX, overflowY } = getComputedStyle(box);
  const scrolls = (overflow: string) => overflow === "auto" || overflow === "scroll";
  const room = (by: number, at: number, most: number) => (by < 0 ? at > 0 : by > 0 && at < most - 1);
  return (
    (scrolls(overflowY) && room(y, box.scrollTop, box.scrollHeight - box.clientHeight)) ||
    (Math.abs(x) > Math.abs(y) && scrolls(overflowX) && room(x, box.scrollLeft, box.scrollWidth - box.clientWidth))
  );
}
