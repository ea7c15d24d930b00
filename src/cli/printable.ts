/** Control characters, ends of lines of all kinds, and what turns the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** One line that does nothing to a terminal: ids and error texts come from anywhere. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (each) => {
    const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
    return escapes[each] ?? `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
