import { assayMime, type MimeBundle } from "../../protocol/mime.ts";
import { type GridSummary, type ImageItem, imagesOutput } from "../../protocol/outputs.ts";
import { checkOptions } from "../options.ts";
import { captionHtml } from "./caption.ts";
import { escapeHtml, frame, ink } from "./html.ts";
import { MediaBudget } from "./media-budget.ts";
import { encodePng, type Pixels } from "./png.ts";
import { recordShown } from "./record-shown.ts";
import { thumbnail } from "./thumbnail.ts";

/** A picture that brings its facts with it. */
export interface Picture extends Pixels {
  readonly facts: Partial<Omit<ImageItem, "media" | "width" | "height">>;
  /** Hashes of what it was made from, where that is known. */
  readonly from?: readonly string[];
  png(): Uint8Array;
}

/** A picture with other facts beside its own: `{ image, row: prompt, column: mode, group: model, badges: { CLIP: 0.271 } }`. */
export interface LabelledPicture extends Partial<Omit<Picture["facts"], "badges">> {
  readonly image: Picture;
  /** Values by name; numbers are shown with four significant digits. */
  readonly badges?: Badges;
}

type Badges = Readonly<Record<string, string | number>>;

/** What a gallery takes. */
export type GalleryItem = Picture | LabelledPicture;

/** The picture with all that is said of it. */
function pictureOf(item: GalleryItem): Picture {
  if (!("image" in item)) return item;
  const { image, badges, ...labels } = item;
  const facts = { ...labels, ...(badges && { badges: badgeTexts(badges) }) };
  const { width, height, channels, data, from = [] } = image;
  return { width, height, channels, data, from, facts: { ...image.facts, ...facts }, png: () => image.png() };
}

export interface GalleryOptions {
  readonly title?: string;
  /** Row labels in order; with `columns` they make a grid. Default: the `row` facts in order of appearance. */
  readonly rows?: readonly string[];
  /** Column labels in order. Default: the `column` facts in order of appearance. */
  readonly columns?: readonly string[];
  /** Labels that the columns stand under, in order: a third dimension (prompts × models × modes). Default: the `group` facts in order of appearance. */
  readonly groups?: readonly string[];
  /** Short facts of whole rows, columns or groups, shown in their headers: `{ column: "open_source_only", badges: { KID: 0.021 } }`. */
  readonly summaries?: readonly GallerySummary[];
}

/** Facts about what its labels name together: a row, a column (of one group where there are groups), a group. */
export interface GallerySummary extends Omit<GridSummary, "badges"> {
  /** Values by name; numbers are shown with four significant digits. */
  readonly badges: Badges;
}

/** The fallback embeds no more pictures than this; the rich output holds all. */
const fallbackPictures = 64;
/** The fallback embeds pictures no larger than this, in pixels. */
const fallbackSide = 256;

/** The labels of a grid, each kind in order; `groups` is empty where columns are not grouped. */
interface Axes {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly groups: readonly string[];
}

/** A gallery, or a grid where rows and columns are named: rich, as HTML with the pictures embedded, and as text. */
export function imagesBundle(items: readonly GalleryItem[], options: GalleryOptions = {}): MimeBundle {
  const pictures = items.map(pictureOf);
  const rows = options.rows ?? labels(pictures, "row");
  const columns = options.columns ?? labels(pictures, "column");
  const groups = options.groups ?? labels(pictures, "group");
  const summaries = options.summaries?.map(summaryOf) ?? [];
  const grid = rows.length > 0 && columns.length > 0;
  const budget = new MediaBudget();
  recordShown(pictures.map((picture) => ({ bytes: picture.png(), from: picture.from })));
  const shown = pictures.map((picture) => ({
    // Of what nobody knows the origin of, nobody knows the licence.
    licenceClass: "unknown",
    ...picture.facts,
    alt: altOf(picture),
    media: budget.place(picture.png(), "image/png"),
    width: picture.width,
    height: picture.height,
  }));
  const rich = checkOptions("display.images", imagesOutput, {
    ...(options.title === undefined ? {} : { title: options.title }),
    layout: grid ? "grid" : "gallery",
    ...(grid ? { rows, columns } : {}),
    ...(grid && groups.length > 0 ? { groups } : {}),
    ...(grid && summaries.length > 0 ? { summaries } : {}),
    items: shown,
  });
  const body = grid ? gridHtml(pictures, { rows, columns, groups }, summaries) : galleryHtml(pictures);
  return {
    [assayMime("images")]: rich,
    "text/html": frame(body, options.title),
    "text/plain": plainText(pictures, options.title),
  };
}

/** Pictures to look something over, as HTML: no output of their own that a record would name as shown. */
export function picturesHtml(pictures: readonly Picture[]): string {
  return pictures.length === 0 ? "" : frame(galleryHtml(pictures));
}

function labels(pictures: readonly Picture[], which: "row" | "column" | "group"): string[] {
  return [...new Set(pictures.flatMap(({ facts }) => facts[which] ?? []))];
}

function summaryOf({ badges, ...of }: GallerySummary): GridSummary {
  return { ...of, badges: badgeTexts(badges) };
}

function badgeTexts(badges: Badges): Record<string, string> {
  const text = (value: string | number) => (typeof value === "number" ? String(Number(value.toPrecision(4))) : value);
  return Object.fromEntries(Object.entries(badges).map(([name, value]) => [name, text(value)]));
}

function altOf({ facts, width, height }: Picture): string {
  return facts.alt ?? facts.prompt ?? `image of ${width} by ${height} pixels`;
}

function galleryHtml(pictures: readonly Picture[]): string {
  const shown = pictures.slice(0, fallbackPictures);
  const figures = shown.map(
    (picture) =>
      `<figure style="margin:0;max-width:${shownWidth(picture)}px">${imgHtml(picture)}<figcaption style="font-size:.8em;overflow-wrap:anywhere">${captionHtml(picture.facts, true)}</figcaption></figure>`,
  );
  const rest = pictures.length - shown.length;
  const more = rest > 0 ? `<div style="color:${ink.muted};margin-top:.5em">… and ${rest} more</div>` : "";
  return `<div style="display:flex;flex-wrap:wrap;gap:12px;align-items:flex-start">${figures.join("")}</div>${more}`;
}

function gridHtml(pictures: readonly Picture[], axes: Axes, summaries: readonly GridSummary[]): string {
  const { rows } = axes;
  const grouped = axes.groups.length > 0;
  const leaves = grouped
    ? axes.groups.flatMap((group) =>
        axes.columns
          .filter((column) => pictures.some(({ facts }) => facts.group === group && facts.column === column))
          .map((column) => ({ group, column })),
      )
    : axes.columns.map((column) => ({ group: undefined, column }));
  const badges = (of: Omit<GridSummary, "badges">) =>
    summaries
      .filter((summary) => summary.row === of.row && summary.group === of.group && summary.column === of.column)
      .map((summary) => ` ${captionHtml({ badges: summary.badges }, false)}`)
      .join("");
  let left = fallbackPictures;
  const cell = "padding:4px 6px;vertical-align:top;text-align:left;border:0;background:none";
  const head = leaves.map(
    (leaf) =>
      `<th scope="col" style="${cell};font-weight:600">${escapeHtml(leaf.column)}${badges({ column: leaf.column, ...(leaf.group === undefined ? {} : { group: leaf.group }) })}</th>`,
  );
  const above = axes.groups.map((group) => {
    const span = leaves.filter((leaf) => leaf.group === group).length;
    return span === 0
      ? ""
      : `<th scope="colgroup" colspan="${span}" style="${cell};font-weight:600;border-bottom:1px solid ${ink.line}">${escapeHtml(group)}${badges({ group })}</th>`;
  });
  const top = grouped ? `<tr style="background:none"><th style="${cell}"></th>${above.join("")}</tr>` : "";
  const body = rows.map((row) => {
    const cells = leaves.map(({ group, column }) => {
      const here = pictures.filter(
        ({ facts }) => facts.row === row && facts.column === column && (!grouped || facts.group === group),
      );
      const shown = here.slice(0, Math.max(0, left));
      left -= shown.length;
      const images = shown.map(
        (picture) =>
          `<div style="display:inline-block;margin:0 4px 4px 0;vertical-align:top">${imgHtml(picture)}<div style="font-size:.75em">${captionHtml(picture.facts, false)}</div></div>`,
      );
      const more =
        here.length > shown.length ? `<span style="color:${ink.muted}">+${here.length - shown.length}</span>` : "";
      const line = here.length <= 4 ? ";white-space:nowrap" : "";
      return `<td style="${cell}${line}">${images.join("")}${more}</td>`;
    });
    return `<tr style="background:none"><th scope="row" style="${cell};font-weight:400;max-width:14em;white-space:normal">${escapeHtml(row)}${badges({ row })}</th>${cells.join("")}</tr>`;
  });
  return `<div style="overflow-x:auto"><table style="border-collapse:collapse;border:0;font-size:.9em"><thead>${top}<tr style="background:none"><th style="${cell}"></th>${head.join("")}</tr></thead><tbody>${body.join("")}</tbody></table></div>`;
}

/** Small pictures are shown at a whole multiple of their size, so that their pixels stay square and crisp. */
function shownWidth({ width }: Picture): number {
  return width >= 128 ? Math.min(width, fallbackSide) : width * Math.max(1, Math.floor(128 / width));
}

function imgHtml(picture: Picture): string {
  const small = thumbnail(picture, fallbackSide);
  const bytes = small === picture ? picture.png() : encodePng(small);
  const width = shownWidth(picture);
  const height = Math.round((width * picture.height) / picture.width);
  const crisp = width > picture.width ? ";image-rendering:pixelated" : "";
  return `<img src="data:image/png;base64,${Buffer.from(bytes).toString("base64")}" alt="${escapeHtml(altOf(picture))}" width="${width}" height="${height}" style="display:block;border-radius:4px;max-width:none${crisp}">`;
}

function plainText(pictures: readonly Picture[], title: string | undefined): string {
  const first = pictures[0];
  if (pictures.length === 1 && first) {
    const { prompt, seed } = first.facts;
    return [`image ${first.width}×${first.height}`, prompt && `“${prompt}”`, seed !== undefined && `seed ${seed}`]
      .filter(Boolean)
      .join(", ");
  }
  return `${title ? `${title}: ` : ""}${pictures.length} images`;
}
