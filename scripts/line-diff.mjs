/**
 * @param {string[]} before
 * @param {string[]} after
 * @returns {string[]} The lines from the first that differs to the last that does; none, if they are the same.
 */
export function diffLines(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  const common = Math.min(before.length, after.length) - start;
  while (end < common && before.at(-1 - end) === after.at(-1 - end)) end++;
  return [
    ...before.slice(start, before.length - end).map((line) => `- ${line}`),
    ...after.slice(start, after.length - end).map((line) => `+ ${line}`),
  ];
}
