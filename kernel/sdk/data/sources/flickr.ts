import { about, claim, type Fields, fields, own, type Source, text } from "./source.ts";

/** Flickr's API: `photos.getInfo` (inside `photo`) and the flat rows of `photos.search`. The licence is a number. */
export const flickr: Source = {
  id: "flickr",
  fits: (record) => {
    const photo = photoOf(record);
    const numbered = /^\d{1,2}$/.test(text(photo, "license") ?? "");
    return (
      numbered &&
      ["owner", "ownername", "secret", "farm", "dates", "flickr"].some(
        (name) => own(photo, name) !== undefined || /flickr/i.test(text(photo, "provider", "source") ?? ""),
      )
    );
  },
  claims: (record) => claim(photoOf(record), "flickr", "license", photoOf(record) === record ? "" : "photo."),
  about: (record) => {
    const photo = photoOf(record);
    const owner = fields(own(photo, "owner"));
    const id = text(photo, "id");
    const ownerId = text(owner, "nsid") ?? text(photo, "owner");
    return about({
      title: content(photo, "title"),
      author: text(owner, "realname", "username") ?? text(photo, "ownername"),
      authorUrl: ownerId && `https://www.flickr.com/people/${encodeURIComponent(ownerId)}/`,
      page: ownerId && id && `https://www.flickr.com/photos/${encodeURIComponent(ownerId)}/${encodeURIComponent(id)}/`,
      caption: text(record, "caption") ?? content(photo, "description"),
    });
  },
};

function photoOf(record: Fields): Fields {
  return fields(own(record, "photo")) ?? record;
}

/** `{ _content: "…" }`, or the text itself. */
function content(photo: Fields, name: string): string | undefined {
  return text(fields(own(photo, name)), "_content") ?? text(photo, name);
}
