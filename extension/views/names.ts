import type { LicenceClass } from "../../kernel/protocol/compliance.ts";

/** What people call the licence classes. */
export const licenceClassNames: Readonly<Record<LicenceClass, string>> = {
  public_domain: "Public domain",
  creative_commons: "Creative Commons",
  fair_use_research: "Fair use, research",
  copyrighted: "Copyrighted",
  unknown: "Unknown licence",
};

/** Theme colours that go with the classes, as in the outputs. */
export const licenceClassColours: Readonly<Record<LicenceClass, string>> = {
  public_domain: "charts.green",
  creative_commons: "charts.blue",
  fair_use_research: "charts.yellow",
  copyrighted: "charts.red",
  unknown: "disabledForeground",
};

/** Bytes in decimal units. */
export function bytesText(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${value.toFixed(power === 0 || value >= 100 ? 0 : 1)} ${units[power]}`;
}
