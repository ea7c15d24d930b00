/** Where one reads on when what had the focus is no longer there. */
export function focusHeading(): void {
  document.querySelector('h1')?.focus();
}
