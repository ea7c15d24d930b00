import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './find-chromium.cjs';

/**
 * A real Chromium.
 *
 * @throws Error there is none, and how to get one.
 */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error(
      'There is no Chromium: install it (Debian: apt-get install chromium), or say in CHROMIUM_PATH where it is',
    );
  }
  return await chromium.launch({
    executablePath,
    // Its own sandbox is not for root, and nothing but the page of the service is opened in it.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}
