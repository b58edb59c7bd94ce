import type { MimeBundle } from "../../protocol/mime.ts";
import type { ComplianceOutput } from "../../protocol/outputs.ts";
import { cellContext } from "../host.ts";
import { bundleOf as bundleIn } from "../values/bundle.ts";
import { type Displayable, isDisplayable, View } from "../values/displayable.ts";
import { type DisplayHandle, live as liveIn, show as showIn } from "../values/show.ts";
import type { AudioFacts, AudioOptions } from "./audio.ts";
import { type Estimate, intervalChart, type LineChartOptions, lineChart, type Series } from "./chart.ts";
import { complianceView } from "./compliance-view.ts";
import { type GalleryItem, type GalleryOptions, imagesBundle } from "./gallery.ts";
import { liveChart } from "./live-chart.ts";
import { html, json, latex, markdown, svg } from "./markup.ts";
import type { MeshFacts, MeshOptions } from "./mesh.ts";
import { progress } from "./progress.ts";
import { showRich } from "./rich.ts";
import {
  type AudioLike,
  audioView,
  type MeshLike,
  meshView,
  type OneOrMore,
  type Soon,
  type VideoLike,
  videoView,
} from "./show-media.ts";
import { type TableOptions, type TableRows, table } from "./table.ts";
import type { VideoFacts, VideoOptions } from "./video.ts";

/** The content by which a value is shown, as a promise where it has to be made first. */
export function bundleOf(value: unknown): MimeBundle | Promise<MimeBundle> {
  return bundleIn(value, () => showRich);
}

function show(value: unknown): void {
  showIn(value, { context: cellContext(), showRich: () => showRich });
}

/** Shows a value that later calls of the handle replace. `transient` output is left out of the record's comparison. */
function live(value: unknown, options: { readonly transient?: boolean } = {}): DisplayHandle {
  return liveIn(value, options, { context: cellContext(), showRich: () => showRich });
}

/** Shows media at once where they are read already; else resolves when they were read and shown. */
function showSoon(view: Soon): Promise<void> {
  if (view instanceof View) show(view);
  return view instanceof View ? Promise.resolve() : view.then(show);
}

/** A gallery of pictures, or a grid where they name rows and columns. */
export function gallery(pictures: readonly GalleryItem[], options: GalleryOptions = {}): View {
  return new View(imagesBundle(pictures, options));
}

/**
 * Shows a value in the running cell's output, now. Its members show the usual things: `display.images(images, { title })`,
 * `display.table(rows)`, `await display.video("walk.webm")`, `display.lineChart(series)`, `display.liveChart({ title })`,
 * `display.progress({ label, total })`.
 */
export const display = Object.assign(show, {
  live,
  liveChart,
  images: (pictures: readonly GalleryItem[], options: GalleryOptions = {}) => show(gallery(pictures, options)),
  video: (videos: OneOrMore<VideoLike>, options: VideoOptions & VideoFacts = {}) =>
    showSoon(videoView(videos, options)),
  audio: (recordings: OneOrMore<AudioLike>, options: AudioOptions & AudioFacts = {}) =>
    showSoon(audioView(recordings, options)),
  mesh: (meshes: OneOrMore<MeshLike>, options: MeshOptions & MeshFacts = {}) => showSoon(meshView(meshes, options)),
  table: (rows: TableRows, options: TableOptions = {}) => show(table(rows, options)),
  lineChart: (series: readonly Series[], options: LineChartOptions = {}) => show(lineChart(series, options)),
  intervals: (estimates: readonly Estimate[], options: Pick<LineChartOptions, "title" | "yLabel"> = {}) =>
    show(intervalChart(estimates, options)),
  compliance: (subject: ComplianceOutput | Displayable) =>
    show(isDisplayable(subject) ? subject : complianceView(subject)),
  progress,
  markdown: (text: string) => show(markdown(text)),
  html: (source: string) => show(html(source)),
  svg: (source: string) => show(svg(source)),
  latex: (source: string) => show(latex(source)),
  json: (value: unknown) => show(json(value)),
});
