/** Pictures that people bring, made ready to be sent. */

/** As the server has it. */
const LARGEST = 8 * 1024 * 1024;
const TAKEN = ["image/png", "image/jpeg", "image/webp"];
/** What the server would not take is drawn anew with sides of at most so many pixels. */
const SIDE = 2048;

/** A picture as it is sent. */
export interface Brought {
  /** The file's bytes. */
  bytes: Uint8Array;
  /** Where an `<img>` finds it; to be revoked. */
  url: string;
}

/** Reads a picture; one that the server would not take as it is, is drawn anew. Throws if it is none. */
export async function bring(file: Blob): Promise<Brought> {
  const fits = TAKEN.includes(file.type) && file.size <= LARGEST;
  const sent = fits ? file : await drawnAnew(file);
  return { bytes: new Uint8Array(await sent.arrayBuffer()), url: URL.createObjectURL(sent) };
}

async function drawnAnew(file: Blob): Promise<Blob> {
  const picture = await createImageBitmap(file);
  try {
    const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
    const width = Math.max(1, Math.round(picture.width * scale));
    const height = Math.max(1, Math.round(picture.height * scale));
    const canvas = new OffscreenCanvas(width, height);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, width, height);
    return await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  } finally {
    picture.close();
  }
}
