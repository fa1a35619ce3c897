import type { Client } from "@connectrpc/connect";
import type { AssetService } from "../gen/hatchery/gateway/v1/asset_service_pb";
import { heard } from "./silence";

/** So many pictures stay in memory; those that were asked for longest ago go first. */
const KEPT = 200;

/** Pictures that were downloaded, as addresses that an `<img>` can show. */
export class Pictures {
  readonly #kept = new Map<string, Promise<string>>();

  constructor(private readonly assets: Client<typeof AssetService>) {}

  /** The address of an asset, `assets/{sha256}`. */
  address(asset: string): Promise<string> {
    const kept = this.#kept.get(asset) ?? this.#download(asset);
    this.#kept.delete(asset);
    this.#kept.set(asset, kept);
    this.#prune();
    return kept;
  }

  async #download(name: string): Promise<string> {
    try {
      const chunks: BlobPart[] = [];
      let type = "";
      for await (const chunk of heard((call) => this.assets.downloadAsset({ name }, call))) {
        type ||= chunk.mediaType;
        chunks.push(chunk.data as Uint8Array<ArrayBuffer>);
      }
      return URL.createObjectURL(new Blob(chunks, { type }));
    } catch (error) {
      this.#kept.delete(name);
      throw error;
    }
  }

  #prune(): void {
    for (const [name, kept] of this.#kept) {
      if (this.#kept.size <= KEPT) return;
      this.#kept.delete(name);
      void kept.then(URL.revokeObjectURL, () => undefined);
    }
  }
}
