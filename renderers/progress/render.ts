import type { ProgressOutput } from "../../kernel/protocol/outputs.ts";
import { factChip, formatCount, formatDuration, formatShare, h, icon, type Shown } from "../mount.ts";

/** Draws a progress bar that is updated in place. */
export function renderProgress(root: HTMLElement, data: ProgressOutput): Shown<ProgressOutput> {
  const mark = h("span", { class: "mark" });
  const label = h("span", { class: "label" });
  const numbers = h("span", { class: "numbers" });
  const fill = h("div", { class: "fill" });
  const bar = h("div", { class: "bar", role: "progressbar", "aria-valuemin": 0 }, fill);
  const facts = h("div", { class: "facts" });
  root.append(h("div", { class: "line" }, mark, label, facts, numbers), bar);

  const update = (now: ProgressOutput) => {
    root.dataset.state = now.state;
    label.textContent = now.label;
    mark.replaceChildren(...(now.state === "done" ? [icon("check")] : now.state === "failed" ? [icon("warning")] : []));
    const share = now.total === undefined ? undefined : Math.min(1, now.done / now.total);
    root.classList.toggle("open-ended", share === undefined && now.state === "running");
    fill.style.width = `${100 * (share ?? 1)}%`;
    bar.setAttribute("aria-label", now.label);
    if (now.total === undefined) bar.removeAttribute("aria-valuenow");
    else {
      bar.setAttribute("aria-valuemax", String(now.total));
      bar.setAttribute("aria-valuenow", String(Math.min(now.done, now.total)));
    }
    const text = numbersText(now);
    bar.setAttribute("aria-valuetext", text);
    numbers.textContent = text;
    facts.replaceChildren(...Object.entries(now.facts ?? {}).map(([name, value]) => factChip(name, value)));
    return true;
  };
  update(data);
  return { update };
}

function numbersText({ done, total, unit, rate, remaining, state }: ProgressOutput): string {
  const parts = [];
  if (total === undefined) parts.push(`${formatCount(done)} ${unit}${done === 1 ? "" : "s"}`);
  else if (state === "done" && done >= total) parts.push(`${formatCount(total)} ${unit}${total === 1 ? "" : "s"}`);
  else parts.push(`${formatShare(done, total)} · ${formatCount(done)} / ${formatCount(total)} ${unit}s`);
  if (rate !== undefined && rate > 0) {
    parts.push(
      rate >= 1
        ? `${rate >= 20 ? formatCount(rate) : rate.toFixed(1)} ${unit}s/s`
        : `${(1 / rate).toFixed(1)} s/${unit}`,
    );
  }
  if (state === "running" && remaining !== undefined) parts.push(`${formatDuration(remaining)} left`);
  if (state === "done" && rate) parts.push(`took ${formatDuration(done / rate)}`);
  if (state === "failed") parts.push("stopped");
  return parts.join(" · ");
}
