/**
 * Runs `onOver` after so many milliseconds, once what had arrived by then is read: a process that was busy, or frozen,
 * finds both at the same moment.
 *
 * @returns what stops the waiting.
 */
export function afterWaiting(milliseconds: number, onOver: () => void): () => void {
  let reading: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    reading = setImmediate(onOver);
  }, milliseconds);
  return () => {
    clearTimeout(timer);
    clearImmediate(reading);
  };
}
