import { type Licence, unknownLicence } from "../../compliance/index.ts";
import { creativeCommons, publicDomainTool } from "./creative-commons.ts";
import { reading } from "./reading.ts";

/** The licence numbers of Flickr's API (`flickr.photos.licenses.getInfo`): 1–6 are version 2.0, 11–16 version 4.0. */
const types: Readonly<Record<string, readonly [string, string]>> = {
  1: ["by-nc-sa", "2.0"],
  2: ["by-nc", "2.0"],
  3: ["by-nc-nd", "2.0"],
  4: ["by", "2.0"],
  5: ["by-sa", "2.0"],
  6: ["by-nd", "2.0"],
  11: ["by", "4.0"],
  12: ["by-sa", "4.0"],
  13: ["by-nd", "4.0"],
  14: ["by-nc", "4.0"],
  15: ["by-nc-sa", "4.0"],
  16: ["by-nc-nd", "4.0"],
};

/** Reads a licence number of Flickr's; null for one that is not in the list. */
export function readFlickrId(text: string): Licence | null {
  const id = text.trim();
  if (Object.hasOwn(types, id)) return creativeCommons(...types[id]!, null);
  switch (id) {
    case "0":
      return reading({ licenceClass: "copyrighted", id: "LicenseRef-AllRightsReserved", name: "All rights reserved" });
    case "7":
      return {
        ...unknownLicence("Flickr says: no known copyright restrictions, which is no statement of its status"),
        id: "LicenseRef-Flickr-NoKnownRestrictions",
        name: "No known copyright restrictions",
        url: "https://www.flickr.com/commons/usage/",
      };
    case "8":
      return unitedStatesGovernmentWork();
    case "9":
      return publicDomainTool("zero", "1.0", null);
    case "10":
      return publicDomainTool("mark", "1.0", null);
    default:
      return null;
  }
}

/** Works of the United States government: no copyright there. */
export function unitedStatesGovernmentWork(): Licence {
  return reading({
    licenceClass: "public_domain",
    id: "LicenseRef-US-Government-Work",
    name: "United States Government Work",
    url: "https://www.usa.gov/government-works",
    jurisdiction: "us",
    reason: "a work of the United States government: no copyright there, perhaps elsewhere",
  });
}
