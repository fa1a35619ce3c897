/** Where a view goes on under another address, as what it shows has been given a name. */
let same = "";

/** The view goes on at this address: whoever looks at it does not arrive there. */
export function goOnAt(url: string): void {
  same = url;
}

/** Another view begins at its top, for the eyes and for the keyboard. */
export function arrive(url: string): void {
  const goesOn = url === same;
  same = "";
  if (goesOn) return;
  scrollTo(0, 0);
  document.getElementById("main")?.focus({ preventScroll: true });
}
