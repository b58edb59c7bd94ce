const locale = "en-US";
const integer = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });

/** A whole number with thousands separators. */
export function formatCount(value: number): string {
  return integer.format(value);
}

/** "1 image", "1,200 images". */
export function formatItems(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** Seconds as people say them: "0.4 s", "48 s", "3 min 05 s", "2 h 10 min". */
export function formatDuration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, "0")} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} min`;
}

/** Date and time of day where the reader is: "21 Nov 2026, 04:44:06". */
export function formatTime(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime())
    ? iso
    : date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "medium" });
}

/** A share of one: "0%", "<1%", "12%", "100%" only when it is all. */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return "0%";
  if (part >= whole) return "100%";
  const percent = (100 * part) / whole;
  if (percent < 1) return "<1%";
  return `${Math.min(99, Math.round(percent))}%`;
}

/**
 * Makes one format for a column of numbers: as many decimals as the column needs to show three significant digits of a typical value, at most
 * six, none when all are whole; powers of ten for what is very large or very small.
 */
export function numberFormat(values: readonly number[]): (value: number) => string {
  const finite = values.filter((value) => Number.isFinite(value));
  const whole = finite.every((value) => Number.isInteger(value));
  const sizes = finite.filter((value) => value !== 0).map((value) => Math.abs(value));
  const largest = sizes.length > 0 ? sizes.reduce((a, b) => Math.max(a, b)) : 0;
  const smallest = sizes.length > 0 ? sizes.reduce((a, b) => Math.min(a, b)) : 0;
  if (whole && largest < 1e15) return (value) => special(value) ?? integer.format(value);
  if (largest >= 1e9 || (largest < 1e-4 && largest > 0)) return (value) => special(value) ?? value.toExponential(3);
  const typical = Math.sqrt(largest * Math.max(smallest, largest * 1e-3));
  const decimals = Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(typical || 1))));
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (value) => special(value) ?? format.format(value);
}

function special(value: number): string | undefined {
  if (Number.isNaN(value)) return "NaN";
  if (value === Number.POSITIVE_INFINITY) return "∞";
  if (value === Number.NEGATIVE_INFINITY) return "−∞";
  return undefined;
}
