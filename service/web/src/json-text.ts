/**
 * An object of JSON, of texts that are JSON already. They stay as they are: what JavaScript would round, the service sees and
 * refuses.
 *
 * @param fields those that are undefined are left out.
 */
export function jsonObject(fields: Readonly<Record<string, string | undefined>>): string {
  const members = Object.entries(fields)
    .filter(([, json]) => json !== undefined)
    .map(([name, json]) => `${JSON.stringify(name)}:${json}`);
  return `{${members.join(',')}}`;
}

/** @returns why it is no JSON. */
export function faultOfJson(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return `is no JSON: ${(error as Error).message}`;
  }
}

/** A number as it was written; what is none goes as a string, and the service says what is wrong with it. */
export function numberJson(text: string): string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') {
    return undefined;
  }
  return /^-?\d+(\.\d+)?$/.test(trimmed) && faultOfJson(trimmed) === undefined
    ? trimmed
    : JSON.stringify(trimmed);
}

export function stringJson(text: string): string | undefined {
  return text === '' ? undefined : JSON.stringify(text);
}
