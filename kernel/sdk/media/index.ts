export { type Displayable, displaySymbol, isDisplayable, View } from "../values/displayable.ts";
export type { DisplayHandle } from "../values/show.ts";
export { Audio, type AudioFacts, type AudioOptions, audioBundle } from "./audio.ts";
export { type Estimate, intervalChart, type LineChartOptions, lineChart, type Series } from "./chart.ts";
export { complianceBundle, complianceView } from "./compliance-view.ts";
export { bundleOf, display, gallery } from "./display.ts";
export {
  type GalleryItem,
  type GalleryOptions,
  type GallerySummary,
  imagesBundle,
  type Picture,
  picturesHtml,
} from "./gallery.ts";
export type { MeshArrays } from "./geometry.ts";
export type { MeshStatistics } from "./glb.ts";
export { escapeHtml } from "./html.ts";
export { Image, type ImageFacts, image, type PixelSource } from "./image.ts";
export { keepArtifact } from "./keep-artifact.ts";
export { type LiveChart, type LiveChartOptions, liveChart } from "./live-chart.ts";
export { html, json, latex, markdown, svg } from "./markup.ts";
export { Mesh, type MeshFacts, type MeshOptions, meshBundle } from "./mesh.ts";
export { encodePng, type Pixels } from "./png.ts";
export { type Progress, type ProgressOptions, progress } from "./progress.ts";
export { type MediaOrigin, readBytes } from "./read-bytes.ts";
export { formatNumber, type TableOptions, type TableRows, table } from "./table.ts";
export { Video, type VideoFacts, type VideoOptions, videoBundle } from "./video.ts";
export type { SampleDepth, Samples } from "./wav.ts";
