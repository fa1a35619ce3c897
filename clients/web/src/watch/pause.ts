/** Waits, unless it is woken up by a function that it leaves in `waiting`, or stopped. */
export async function pause(
  milliseconds: number,
  waiting: Set<() => void>,
  stopped?: AbortSignal,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const now = () => {
      clearTimeout(timer);
      waiting.delete(now);
      stopped?.removeEventListener("abort", now);
      resolve();
    };
    const timer = setTimeout(now, milliseconds);
    waiting.add(now);
    stopped?.addEventListener("abort", now);
  });
}
