import fs from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

/** More than a step takes where the machine does much besides. */
const PATIENCE_MS = 30_000;

/** One who looks at the page, in a browser context of their own, and writes down what goes wrong in it. */
export class Visitor {
  readonly #faults: string[] = [];

  private constructor(readonly page: Page) {}

  /** @param hash of the view to begin with. */
  static async open(
    browser: Browser,
    url: string,
    hash: string,
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({ acceptDownloads: true, ...options });
    context.setDefaultTimeout(PATIENCE_MS);
    // Whatever the page is made to load or run and may not, it says so here, before anything of its own.
    await context.addInitScript(
      `addEventListener('securitypolicyviolation', (event) =>
        console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))`,
    );
    const page = await context.newPage();
    const visitor = new Visitor(page);
    page.on('pageerror', (error) => visitor.#faults.push(`error: ${error.message}`));
    page.on('dialog', (dialog) => {
      visitor.#faults.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('console', (message) => {
      // An answer that is an error is none of the page.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        visitor.#faults.push(message.text());
      }
    });
    await page.goto(`${url}/${hash}`);
    await page.evaluate('window.isWhereItWas = true');
    return visitor;
  }

  async goTo(hash: string): Promise<void> {
    await this.page.evaluate(`location.hash = ${JSON.stringify(hash)}`);
  }

  /** Ends the visit. What appeared has to have appeared by itself. */
  async leave(): Promise<void> {
    const isWhereItWas = await this.page.evaluate('window.isWhereItWas === true');
    await this.page.context().close();
    expect(this.#faults).toEqual([]);
    expect(isWhereItWas).toBe(true);
  }

  row(id: string) {
    return this.page.getByRole('row', { name: id });
  }

  button(name: string) {
    return this.page.getByRole('button', { name, exact: true });
  }

  field(label: string) {
    return this.page.locator('form').getByLabel(label, { exact: true });
  }

  heading(name: string) {
    return this.page.getByRole('heading', { name, exact: true, level: 1 });
  }

  /** As browsers do it that cannot write to a file as its content comes. */
  async save(button: string): Promise<string> {
    await this.page.evaluate('Object.defineProperty(window, "showSaveFilePicker", { value: undefined })');
    const [download] = await Promise.all([this.page.waitForEvent('download'), this.button(button).click()]);
    return await fs.readFile(await download.path(), 'utf8');
  }
}
