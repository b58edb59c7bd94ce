import type { RendererContext } from "vscode-notebook-renderer";
import type { Media } from "../../kernel/protocol/media.ts";
import { type RendererRequest, rendererReply } from "../../kernel/protocol/renderer-messages.ts";

/** Seconds until a request for bytes is given up. */
const patience = 20;

/** Fetches the bytes of media, inline or by reference, and asks the extension for what a renderer may not do itself. */
export class MediaSource {
  readonly #context: RendererContext<unknown>;
  readonly #waiting = new Map<string, { resolve: (base64: string) => void; reject: (reason: Error) => void }[]>();
  #listening = false;

  constructor(context: RendererContext<unknown>) {
    this.#context = context;
  }

  /** Whether the extension can be asked to save a file. */
  get canSave(): boolean {
    return this.#context.postMessage !== undefined;
  }

  /** The content of media. Rejects with the reason when referenced bytes cannot be had. */
  async bytes(media: Media): Promise<Uint8Array> {
    return fromBase64("base64" in media ? media.base64 : await this.#request(media.sha256));
  }

  /** An object URL for media; the caller revokes it. Only image, audio and video types are shown, anything else is refused. */
  async objectUrl(media: Media): Promise<string> {
    return URL.createObjectURL(await this.blob(media));
  }

  /** The content of media with its type. Only image, audio and video types are shown, anything else is refused. */
  async blob(media: Media): Promise<Blob> {
    const content = fromBase64(await this.base64(media));
    return new Blob([content as Uint8Array<ArrayBuffer>], { type: media.mime });
  }

  /** The content of media in base64, as it came; types are refused as {@link blob} does. */
  async base64(media: Media): Promise<string> {
    if (!/^(image|audio|video)\/[\w.+-]+$/.test(media.mime))
      throw new Error(`its type "${media.mime.slice(0, 60)}" is not a media type`);
    return "base64" in media ? media.base64 : this.#request(media.sha256);
  }

  /** Has the extension ask the person where to save the bytes. */
  async save(name: string, media: Media): Promise<void> {
    await this.saveBytes(name, await this.bytes(media));
  }

  /** Has the extension ask the person where to save bytes that were made here. */
  async saveBytes(name: string, content: Uint8Array): Promise<void> {
    this.#post({ type: "save", name: name.slice(0, 200), base64: await toBase64(content) });
  }

  #request(sha256: string): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!this.#context.postMessage || !this.#context.onDidReceiveMessage) {
        reject(
          new Error(
            "its content lies in the notebook's store, which only the Assay extension can read; run the cell again here",
          ),
        );
        return;
      }
      this.#listen();
      const asked = this.#waiting.get(sha256);
      if (asked) {
        asked.push({ resolve, reject });
        return;
      }
      this.#waiting.set(sha256, [{ resolve, reject }]);
      this.#post({ type: "artifact", sha256 });
      setTimeout(
        () => this.#settle(sha256, (w) => w.reject(new Error("the Assay extension did not answer"))),
        patience * 1000,
      );
    });
  }

  #listen(): void {
    if (this.#listening) return;
    this.#listening = true;
    this.#context.onDidReceiveMessage?.((message: unknown) => {
      const reply = rendererReply.safeParse(message);
      if (!reply.success) return;
      const answer = reply.data;
      if (answer.type === "artifact") {
        this.#settle(answer.sha256, (waiting) => waiting.resolve(answer.base64));
      } else this.#settle(answer.sha256, (waiting) => waiting.reject(new Error(answer.reason)));
    });
  }

  #settle(
    sha256: string,
    how: (waiting: { resolve: (base64: string) => void; reject: (e: Error) => void }) => void,
  ): void {
    const waiting = this.#waiting.get(sha256) ?? [];
    this.#waiting.delete(sha256);
    waiting.forEach(how);
  }

  #post(request: RendererRequest): void {
    this.#context.postMessage?.(request);
  }
}

/** Bytes from base64. */
export function fromBase64(text: string): Uint8Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw new Error("its content is not valid base64");
  }
  const content = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) content[i] = binary.charCodeAt(i);
  return content;
}

/** The browser's own encoder works beside the page: a hundred megabytes do not hold it up. */
function toBase64(content: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = String(reader.result);
      resolve(url.slice(url.indexOf(",") + 1));
    };
    reader.onerror = () => reject(reader.error ?? new Error("its bytes cannot be read"));
    reader.readAsDataURL(new Blob([content as Uint8Array<ArrayBuffer>]));
  });
}
