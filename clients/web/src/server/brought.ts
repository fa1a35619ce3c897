/** Pictures that people bring, made ready to be sent. */

/** As the server has it. */
const LARGEST = 8 * 1024 * 1024;
const MOST_PIXELS = 40_000_000;
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
  const picture = await createImageBitmap(file);
  try {
    const fits =
      TAKEN.includes(file.type) &&
      file.size <= LARGEST &&
      picture.width * picture.height <= MOST_PIXELS;
    const sent = fits ? file : await drawnAnew(picture);
    return { bytes: new Uint8Array(await sent.arrayBuffer()), url: URL.createObjectURL(sent) };
  } finally {
    picture.close();
  }
}

async function drawnAnew(picture: ImageBitmap): Promise<Blob> {
  const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("there is nothing to draw on");
  // What can be seen through is seen on paper.
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
}
