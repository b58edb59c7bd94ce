import type { ProgressOutput, ProgressPart } from "../../kernel/protocol/outputs.ts";
import { factChip, formatCount, formatDuration, formatShare, h, type IconName, icon, type Shown } from "../mount.ts";

const marks: Readonly<Record<ProgressPart["state"], { readonly icon?: IconName; readonly words: string }>> = {
  running: { words: "" },
  done: { icon: "check", words: "done" },
  failed: { icon: "warning", words: "stopped by an error" },
  interrupted: { icon: "minus", words: "interrupted" },
};

/** Parts that are drawn; the kernel sends fewer. */
const mostParts = 50;

/** Draws a piece of work and its parts as bars that are updated in place. */
export function renderProgress(root: HTMLElement, data: ProgressOutput): Shown<ProgressOutput> {
  const whole = progressBar();
  const list = h("div", { class: "parts" });
  const news = h("div", { class: "visually-hidden", role: "status" });
  const parts: Bar[] = [];
  let told = "";
  root.append(whole.element, list, news);

  const update = (now: ProgressOutput) => {
    whole.show(now);
    const shown = (now.parts ?? []).slice(-mostParts);
    for (const part of parts.splice(shown.length)) part.element.remove();
    for (const [index, state] of shown.entries()) {
      const bar = parts[index] ?? progressBar();
      if (!parts[index]) {
        parts.push(bar);
        list.append(bar.element);
      }
      bar.show(state);
    }
    // A screen reader hears of quarters and of the end, not of every step.
    const next = newsOf(now);
    if (next !== told) news.textContent = next;
    told = next;
    return true;
  };
  update(data);
  return { update };
}

interface Bar {
  readonly element: HTMLElement;
  show(now: ProgressPart): void;
}

/** One bar: what is done, how far it is, short facts; under it the bar itself. Nothing moves sideways while numbers change. */
function progressBar(): Bar {
  const mark = h("span", { class: "mark", "aria-hidden": "true" });
  const label = h("span", { class: "label" });
  const facts = h("span", { class: "facts" });
  const share = h("span", { class: "share" });
  const count = h("span", { class: "count" });
  const pace = h("span", { class: "pace" });
  const fill = h("div", { class: "fill" });
  const bar = h("div", { class: "bar", role: "progressbar", "aria-valuemin": 0 }, fill);
  const numbers = h("div", { class: "numbers" }, count, pace, facts);
  const element = h("div", { class: "work" }, h("div", { class: "line" }, label, mark, share), bar, numbers);
  let state: ProgressPart["state"] | undefined;
  const chips = new Map<string, HTMLElement>();

  const showFacts = (now: Readonly<Record<string, string>>) => {
    for (const [name, chip] of chips) {
      if (name in now) continue;
      chip.remove();
      chips.delete(name);
    }
    for (const [name, value] of Object.entries(now).slice(0, 12)) {
      const known = chips.get(name)?.querySelector(".value");
      if (known) known.textContent = value;
      else {
        const chip = factChip(name, value);
        chips.set(name, chip);
        facts.append(chip);
      }
    }
  };

  return {
    element,
    show(now) {
      const { total, done } = now;
      if (now.state !== state) {
        state = now.state;
        element.dataset.state = state;
        const name = marks[state].icon;
        mark.replaceChildren(...(name ? [icon(name)] : []));
      }
      const part = total === undefined ? undefined : Math.min(1, done / total);
      element.classList.toggle("open-ended", part === undefined && now.state === "running");
      put(label, now.label);
      label.title = now.label;
      put(share, total === undefined ? "" : formatShare(done, total));
      put(count, countText(now));
      put(pace, paceText(now));
      showFacts(now.facts ?? {});
      fill.style.width = `${100 * (part ?? 1)}%`;
      bar.setAttribute("aria-label", now.label);
      if (total === undefined) bar.removeAttribute("aria-valuenow");
      else {
        bar.setAttribute("aria-valuemax", String(total));
        bar.setAttribute("aria-valuenow", String(Math.min(done, total)));
      }
      const text = [total !== undefined && formatShare(done, total), countText(now), paceText(now)];
      bar.setAttribute("aria-valuetext", text.filter(Boolean).join(", "));
    },
  };
}

/** Leaves what is the same alone, so that a selection stays. */
function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

function countText({ done, total, unit, state }: ProgressPart): string {
  const units = (count: number) => (count === 1 ? unit : `${unit}s`);
  if (total === undefined) return `${formatCount(done)} ${units(done)}`;
  if (state === "done" && done >= total) return `${formatCount(total)} ${units(total)}`;
  return `${formatCount(done)} of ${formatCount(total)} ${units(total)}`;
}

function paceText({ done, unit, rate, remaining, state }: ProgressPart): string {
  const parts = [];
  if (state === "running" && remaining !== undefined) parts.push(`${formatDuration(remaining)} left`);
  if (state === "done" && rate) parts.push(`took ${formatDuration(done / rate)}`);
  if (state === "failed" || state === "interrupted") parts.push(marks[state].words);
  if (rate !== undefined && rate > 0 && Number.isFinite(rate)) parts.push(rateText(rate, unit));
  return parts.join(" · ");
}

function rateText(rate: number, unit: string): string {
  if (rate < 1) return `${formatDuration(1 / rate)} per ${unit}`;
  return `${rate >= 20 ? formatCount(rate) : rate.toFixed(1)} ${unit}s/s`;
}

function newsOf({ label, done, total, state }: ProgressOutput): string {
  if (state !== "running") return `${label}: ${marks[state].words}`;
  const quarter = total === undefined ? 0 : Math.floor((4 * Math.min(done, total)) / total);
  return quarter === 0 ? `${label}: running` : `${label}: ${25 * quarter}%`;
}
