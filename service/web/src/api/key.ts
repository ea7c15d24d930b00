/** Of the tab, and gone with it. */
const NAME = 'pg-timer-service key';

export function storedKey(): string | null {
  return sessionStorage.getItem(NAME);
}

export function storeKey(key: string | null): void {
  if (key === null) {
    sessionStorage.removeItem(NAME);
  } else {
    sessionStorage.setItem(NAME, key);
  }
}
