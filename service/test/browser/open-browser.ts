import fs from 'node:fs';
import path from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/**
 * A real Chromium.
 *
 * @throws Error there is none, and how to get one.
 */
export async function openBrowser(): Promise<Browser> {
  return await chromium.launch({
    executablePath: findChromium(),
    // Its own sandbox is not for root, and nothing but the page of the service is opened in it.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

function findChromium(): string {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const found =
    CHROMIUM_PATH ??
    PATH.split(path.delimiter)
      .flatMap((folder) => NAMES.map((name) => path.join(folder, name)))
      .find((file) => fs.existsSync(file));
  if (found === undefined) {
    throw new Error(
      'There is no Chromium: install it (Debian: apt-get install chromium), or say in CHROMIUM_PATH where it is',
    );
  }
  return found;
}
