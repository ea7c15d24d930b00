/** What the store keeps of the last error. */
const MAX_LENGTH = 1000;

/**
 * The text of an error that a timer is kept with: its name and message, cut to what the store keeps. Whatever was thrown
 * has one. Stacks and causes are left out, which may hold more than is to be kept.
 */
export function errorText(error: unknown): string {
  const text = describe(error).replaceAll('\0', '\ufffd').toWellFormed() || 'an error without a text';
  const characters = Array.from(text.slice(0, 2 * MAX_LENGTH + 2));
  return characters.length > MAX_LENGTH ? `${characters.slice(0, MAX_LENGTH - 1).join('')}…` : text;
}

function describe(error: unknown): string {
  try {
    if (error instanceof Error) {
      const { name, message } = error;
      return String(message) === '' ? String(name) : `${name}: ${message}`;
    }
    return `what was thrown is no error, but of type ${typeof error}`;
  } catch {
    return 'an error that cannot be read';
  }
}
