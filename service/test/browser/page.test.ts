import { closeReceivers, openReceiver } from '../../../test/engine/http-receiver';
import { newKey } from '../../src/access/api-keys';
import { linkTo } from '../../web/src/router';
import { Services, type TestedService } from '../services';
import { openBrowser } from './open-browser';
import { Visitor } from './visitor';

let browser: Awaited<ReturnType<typeof openBrowser>>;
let services: Services;
let service: TestedService;
beforeAll(async () => {
  browser = await openBrowser();
  services = await Services.open();
  service = await services.start();
});
afterAll(async () => {
  await browser?.close();
  await closeReceivers();
  await services?.close();
});

const visit = (hash: string, options = {}) => Visitor.open(browser, service.url, hash, options);

/** A receiver that is to be waited for answers when the test says so. */
const FAR = '2030-01-31T12:00:00Z';
const NOBODY = 'https://receiver.example/';

const HOSTILE = `<img src=x onerror=alert(1)>"'><script>alert(2)</script>\${7*7}{{8*8}}`;

async function create(namespace: string, timers: readonly object[]): Promise<void> {
  const { body } = await service.post('timers/batch-create', {
    timers: timers.map((timer) => ({ namespace, executeAt: FAR, callbackUrl: NOBODY, ...timer })),
  });
  expect(body).toMatchObject({ failed: 0 });
}

/** Timers that were refused for good. */
async function createDead(namespace: string, ids: readonly string[]): Promise<void> {
  const receiver = await openReceiver((response) => response.writeHead(410).end());
  const executeAt = new Date().toISOString();
  await create(
    namespace,
    ids.map((id) => ({ id, executeAt, callbackUrl: receiver.origin })),
  );
  for (;;) {
    const { body } = await service.post('timers/list', { namespace, state: 'dead', limit: 1000 });
    if (body.timers.length === ids.length) return;
  }
}

test('a timer is created, found, changed and cancelled', async () => {
  const visitor = await visit('');
  const { page } = visitor;
  await page.getByRole('link', { name: 'New timer' }).first().click();
  await visitor.field('Namespace').fill('kitchen');
  await visitor.field('ID').fill('tea');
  await visitor.field('Due').fill('2030-01-31T12:00:00.250');
  await visitor.field('Callback URL').fill(NOBODY);
  await visitor.field('Payload').fill('{"cup": 1.50}');
  await page.getByText('Retries and time-out').click();
  await visitor.field('First wait').fill('1m30s');
  await visitor.field('Attempts at most').fill('3');
  await visitor.button('Create timer').click();
  await visitor.heading('tea').waitFor();
  const stored = async () =>
    (await service.post('timers/get', { namespace: 'kitchen', timerId: 'tea' })).body;
  expect(await stored()).toMatchObject({
    executeAt: new Date('2030-01-31T12:00:00.250').toISOString(),
    payload: { cup: 1.5 },
    retryPolicy: { initialInterval: '1m30s', maxAttempts: 3 },
  });

  await visitor.goTo('#/namespaces');
  await page.getByRole('link', { name: 'kitchen' }).click();
  await visitor.field('ID begins with').fill('te');
  await visitor.button('Filter').click();
  await visitor.row('tea').getByRole('link').click();
  await visitor.button('Change').click();
  await visitor.field('Due').fill('2031-01-31T12:00');
  await visitor.field('Payload').fill('[true]');
  await visitor.button('Save').click();
  await page.getByText('2031-01-31 12:00:00').waitFor();
  expect(await stored()).toMatchObject({
    executeAt: new Date('2031-01-31T12:00').toISOString(),
    payload: [true],
    callbackUrl: NOBODY,
    retryPolicy: { initialInterval: '1m30s', maxAttempts: 3 },
  });

  await visitor.button('Cancel timer').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel timer' }).click();
  await page.getByText('There is no such timer.').or(page.getByText('It is no longer there')).waitFor();
  expect(await stored()).toMatchObject({ error: 'TIMER_NOT_FOUND' });
  await visitor.leave();
});

test('what is wrong stands beside its field, as the service says it', async () => {
  const visitor = await visit('#/new?namespace=wrong');
  const described = async (label: string) => {
    const field = visitor.page
      .getByLabel(label, { exact: true })
      .and(visitor.page.locator('[aria-invalid=true]'));
    await field.waitFor();
    return await visitor.page
      .locator(`[id="${await field.getAttribute('aria-describedby')}"] [role=alert]`)
      .textContent();
  };
  await visitor.button('Create timer').click();
  expect(await described('ID')).toBe('id is missing');
  await visitor.field('ID').fill('wrong');
  await visitor.field('Callback URL').fill('ftp://a');
  await visitor.button('Create timer').click();
  expect(await described('Callback URL')).toMatch(/^callbackUrl must/);
  await visitor.field('Callback URL').fill(NOBODY);
  await visitor.field('Payload').fill('{"a": 1');
  await visitor.button('Create timer').click();
  expect(await described('Payload')).toMatch(/^payload is no JSON: /);
  // JavaScript would round it without a word; the service sees what was typed.
  await visitor.field('Payload').fill('{"a": 9007199254740993}');
  await visitor.button('Create timer').click();
  expect(await described('Payload')).toMatch(/9007199254740993/);
  await visitor.field('Payload').fill('1');
  await visitor.page.getByText('Retries and time-out').click();
  await visitor.field('Attempts at most').fill('many');
  await visitor.button('Create timer').click();
  expect(await described('Attempts at most')).toMatch(/^retryPolicy.maxAttempts must be integer/);
  await visitor.leave();
});

test('a timer comes into the list, fires and goes, without a reload', async () => {
  let end = () => {};
  const receiver = await openReceiver((response) => (end = () => response.end()));
  await create('oven', [{ id: 'other' }]);
  const visitor = await visit('#/timers?namespace=oven');
  await visitor.row('other').waitFor();
  await create('oven', [{ id: 'bread', executeAt: new Date().toISOString(), callbackUrl: receiver.origin }]);
  await visitor.row('bread').waitFor();
  while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  end();
  await visitor.row('bread').waitFor({ state: 'detached' });
  await visitor.row('other').waitFor();
  await visitor.goTo('#/charts');
  await visitor.page.getByRole('listitem').filter({ hasText: 'delivered oven / bread' }).waitFor();
  await visitor.leave();
});

test('a timer is seen to die, and is revived', async () => {
  const answers = [410];
  const receiver = await openReceiver((response) => response.writeHead(answers.shift() ?? 200).end());
  await create('clinic', [{ id: 'patient' }]);
  const visitor = await visit('#/timer?namespace=clinic&id=patient');
  await visitor.heading('patient').waitFor();
  const update = { namespace: 'clinic', timerId: 'patient', callbackUrl: receiver.origin };
  await service.post('timers/update', { ...update, executeAt: new Date().toISOString() });
  await visitor.page.getByText('answered 410').waitFor();
  await visitor.button('Revive now').click();
  await visitor.page.getByText('It is no longer there: it was delivered, or deleted.').waitFor();
  expect(receiver.received).toHaveLength(2);
  await visitor.leave();
});

test('dead timers are revived and deleted, those that are selected and all that match', async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `dead-${String(index).padStart(2, '0')}`);
  await createDead('many', ids);
  const visitor = await visit('#/timers?namespace=many&state=dead');
  const { page } = visitor;
  await page.getByRole('checkbox', { name: 'Select dead-00' }).check();
  await page.getByRole('checkbox', { name: 'Select dead-01' }).check();
  await visitor.button('Delete 2 timers').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back' }).click();
  await visitor.button('Delete 2 timers').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('2 timers deleted.').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('51–58').waitFor();
  await page.getByRole('button', { name: 'Previous' }).click();
  await page.getByText('1–50').waitFor();
  // Another one is quicker.
  await service.post('timers/delete-dead', { namespace: 'many', timerId: 'dead-59' });
  await page.getByRole('checkbox', { name: 'Select all on this page' }).check();
  await visitor.button('Select all that match, on other pages too').click();
  await visitor.button('Delete all timers that match').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText(/^57 timers deleted/).waitFor();
  await page.getByText('No timers match.').waitFor();
  expect((await service.post('timers/list', { namespace: 'many', state: 'dead' })).body.timers).toEqual([]);
  await visitor.leave();
});

test('a list is saved whole, as CSV and as JSON Lines', async () => {
  await create(
    'saved',
    [...Array(60).keys()].map((index) => ({ id: `s-${index}`, payload: { index } })),
  );
  const visitor = await visit('#/timers?namespace=saved');
  const lines = (await visitor.save('JSON Lines')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).payload.index).sort((a, b) => a - b)).toEqual([
    ...Array(60).keys(),
  ]);
  const csv = (await visitor.save('CSV')).trimEnd().split('\r\n');
  expect(csv).toHaveLength(61);
  expect(csv[0]).toMatch(/^id,namespace,state,/);
  await visitor.leave();
});

/** A file of the page's own takes the place of one that is chosen in a dialog of the browser, which no test can use. */
const CHOOSE_FILE = `window.showSaveFilePicker = async ({ suggestedName }) => {
  const folder = await navigator.storage.getDirectory();
  window.chosen = await folder.getFileHandle(suggestedName, { create: true });
  return window.chosen;
}`;
const CHOSEN = 'window.chosen.getFile().then((file) => file.text())';

test('a list of 100,000 timers is written into a file as it comes', async () => {
  for (let from = 0; from < 100_000; from += 10_000) {
    await create(
      'saved-many',
      Array.from({ length: 10_000 }, (_, index) => ({ id: `s-${from + index}`, payload: from + index })),
    );
  }
  const visitor = await visit('#/timers?namespace=saved-many');
  const { page } = visitor;
  await page.evaluate(CHOOSE_FILE);
  await page.evaluate(`window.Blob = Response.prototype.blob = () => { throw new Error('held') }`);
  await visitor.button('JSON Lines').click();
  await page.getByText('Exporting').waitFor();
  await page.getByText('Export all as').waitFor();
  const lines = ((await page.evaluate(CHOSEN)) as string).trimEnd().split('\n');
  const saved = new Set(lines.map((line) => JSON.parse(line).payload));
  expect([lines.length, saved.size]).toEqual([100_000, 100_000]);
  await visitor.leave();
}, 120_000);

test('a file is not written if its content is cut off, nor if none is chosen', async () => {
  await create('cut-off', [{ id: 'a' }]);
  const visitor = await visit('#/timers?namespace=cut-off');
  const { page } = visitor;
  await page.evaluate(CHOOSE_FILE);
  await page.evaluate(`{
    const real = window.fetch;
    window.fetch = async (url, options) => url.endsWith('/export')
      ? new Response(new ReadableStream({
          start: (controller) => controller.enqueue(new Uint8Array(10)),
          pull: (controller) => controller.error(new TypeError('network error')),
        }, { highWaterMark: 0 }))
      : await real(url, options);
  }`);
  await visitor.button('CSV').click();
  await page.getByText('network error').waitFor();
  expect(await page.evaluate(CHOSEN)).toBe('');
  await page.evaluate(
    `window.showSaveFilePicker = async () => { throw new DOMException('dismissed', 'AbortError') }`,
  );
  await visitor.button('JSON Lines').click();
  await page.getByText('network error').waitFor({ state: 'detached' });
  await visitor.leave();
});

test('where no file can be chosen, what is too much to hold is refused, and what to do is said', async () => {
  await create('endless', [{ id: 'a' }]);
  const visitor = await visit('#/timers?namespace=endless');
  const { page } = visitor;
  await page.evaluate(`{
    Object.defineProperty(window, 'showSaveFilePicker', { value: undefined });
    const real = window.fetch;
    window.fetch = async (url, options) => url.endsWith('/export')
      ? new Response(new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1e6)) }))
      : await real(url, options);
  }`);
  await visitor.button('CSV').click();
  await page.getByText('choose fewer, or call /api/v1/timers/export').waitFor();
  await visitor.leave();
});

test('the keyboard is enough', async () => {
  const visitor = await visit('');
  const { keyboard } = visitor.page;
  /** By Tab alone. What is reached is seen to be. */
  const reach = async (name: string) => {
    for (let steps = 0; steps < 60; steps++) {
      await keyboard.press('Tab');
      const reached = await visitor.page.evaluate(`(() => {
        const element = document.activeElement;
        const name = element.labels?.[0]?.textContent || element.getAttribute('aria-label') || element.textContent;
        return element.matches(':focus-visible') ? name.trim() : '';
      })()`);
      if (reached === name) return;
    }
    throw new Error(`${name} is not reached`);
  };
  await keyboard.press('Tab');
  await keyboard.press('Enter');
  await reach('New timer');
  await keyboard.press('Enter');
  await visitor.heading('New timer').waitFor();
  await reach('Namespace');
  await keyboard.type('keys');
  await keyboard.press('Escape');
  await reach('ID');
  await keyboard.type('typed');
  await reach('Callback URL');
  await keyboard.type(NOBODY);
  await reach('Payload');
  await keyboard.type('"by hand"');
  await reach('Create timer');
  await keyboard.press('Enter');
  await visitor.heading('typed').waitFor();
  await reach('Payload');
  await visitor.goTo('#/timers?namespace=keys');
  await visitor.row('typed').waitFor();
  await reach('Select typed');
  await keyboard.press('Space');
  await visitor.button('Cancel 1 timer').waitFor();
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Enter');
  await visitor.page.getByRole('dialog').waitFor();
  // Escape is no yes.
  await keyboard.press('Escape');
  // Not by its role, which a dialog that is closed has no longer: that it was closed is told a moment later.
  await visitor.page.locator('dialog').waitFor({ state: 'detached' });
  // Where it came from.
  await visitor.page.locator('button:focus', { hasText: 'Cancel 1 timer' }).waitFor();
  await keyboard.press('Enter');
  await visitor.page.getByRole('dialog').waitFor();
  await reach('Cancel');
  await keyboard.press('Enter');
  await visitor.page.getByText('1 timer cancelled.').waitFor();
  await visitor.page.locator('h1:focus').waitFor();
  await visitor.leave();
});

test('what hostile hands have written is text', async () => {
  const id = HOSTILE;
  const payload = { [HOSTILE]: [HOSTILE, '\u202e\u0007'], deep: 'x'.repeat(20_000) };
  await create(HOSTILE, [{ id, payload, callbackUrl: `https://a.example/${'long'.repeat(400)}?<script>` }]);
  const receiver = await openReceiver((response) =>
    response.writeHead(410, HOSTILE.slice(0, 20)).end(HOSTILE),
  );
  await create(HOSTILE, [
    { id: `${id}-dead`, executeAt: new Date().toISOString(), callbackUrl: receiver.origin },
  ]);
  const visitor = await visit('');
  await visitor.page.getByRole('link', { name: HOSTILE, exact: true }).click();
  await visitor.row(id).getByRole('link').click();
  await visitor.heading(id).waitFor();
  expect(await visitor.page.getByRole('region', { name: 'Payload' }).textContent()).toContain(
    JSON.stringify(HOSTILE),
  );
  await visitor.button('Change').click();
  await visitor.button('Leave as it is').click();
  await visitor.goTo(linkTo('timers', { namespace: HOSTILE, state: 'dead', prefix: HOSTILE }));
  await visitor.row(`${id}-dead`).waitFor();
  await visitor.goTo(linkTo('new', { namespace: HOSTILE }));
  expect(await visitor.field('Namespace').inputValue()).toBe(HOSTILE);
  for (const scheme of ['javascript:alert(3)', `data:text/html,${HOSTILE}`]) {
    await visitor.field('ID').fill('scheme');
    await visitor.field('Callback URL').fill(scheme);
    await visitor.button('Create timer').click();
    await visitor.page.getByText(/^callbackUrl must/).waitFor();
  }
  expect(await visitor.page.locator('main script, main img, main iframe').count()).toBe(0);
  await visitor.leave();
});

test('a script that is written into the page does not run, and what comes from elsewhere is not loaded', async () => {
  const visitor = await visit('');
  for (const written of [
    `document.createElement('img').setAttribute('onerror', 'window.ran = true')`,
    `document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.ran = true">')`,
    `document.createElement('script').text = 'window.ran = true'`,
    `document.createElement('script').src = '/main.js'`,
    `setTimeout('window.ran = true')`,
  ]) {
    await expect(visitor.page.evaluate(written)).rejects.toThrow(
      /requires 'Trusted\w+' assignment|unsafe-eval/,
    );
  }
  expect(await visitor.page.evaluate('window.ran')).toBeUndefined();
  await visitor.page.evaluate(
    `document.body.append(Object.assign(new Image(), { src: 'https://elsewhere.example/' }))`,
  );
  await expect(visitor.leave()).rejects.toThrow(/policy: img-src https:\/\/elsewhere.example\//);
});

test('the key is asked for, kept in the tab only, and may be forgotten', async () => {
  const { key, hash } = newKey();
  const apiKeys = [{ name: 'reader', hash, rights: ['read' as const] }];
  const closed = await services.start({ address: 'closed', apiKeys });
  await create('secret', [{ id: 'seen' }]);
  const visitor = await Visitor.open(browser, closed.url, '#/timers?namespace=secret');
  const { page } = visitor;
  await visitor.field('Key').fill('wrong');
  await visitor.button('Go on').click();
  await page.getByText('The call needs a key that is good').waitFor();
  await visitor.field('Key').fill(key);
  await visitor.button('Go on').click();
  await visitor.row('seen').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const kept = await page.evaluate('JSON.stringify([localStorage, sessionStorage, document.cookie])');
  expect(JSON.parse(kept as string)).toEqual([{}, { 'pg-timer-service key': key }, '']);
  // It says what the key may not.
  await visitor.goTo('#/shards');
  await page.getByText('The key does not have the right to admin').waitFor();
  await visitor.goTo('#/timer?namespace=secret&id=seen');
  await visitor.button('Cancel timer').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel timer' }).click();
  await page.getByText('The key does not have the right to write').waitFor();
  await visitor.button('Forget key').click();
  await visitor.field('Key').waitFor();
  expect(await page.evaluate('sessionStorage.length')).toBe(0);
  await visitor.leave();
});

// It takes the seconds after which silence is no longer believed.
test('a connection on which nothing comes is not taken for one', async () => {
  const visitor = await visit('#/charts');
  const { page } = visitor;
  let calls = 0;
  await page.route('**/api/v1/events', (route) => (calls++ === 0 ? undefined : route.continue()));
  await page.reload();
  await page.evaluate('window.isWhereItWas = true');
  await page.getByText('Not live').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  expect(calls).toBe(2);
  await visitor.leave();
});

test('it says when the service is away, and goes on when it is back', async () => {
  const first = await services.start({ address: 'first', databaseConnections: 2 });
  const port = Number(new URL(first.url).port);
  await create('away', [{ id: 'before' }]);
  const visitor = await Visitor.open(browser, first.url, '#/timers?namespace=away');
  await visitor.row('before').waitFor();
  await first.service.stop();
  await visitor.page.getByText('Not live').waitFor();
  await create('away', [{ id: 'meanwhile' }]);
  await services.start({ address: 'second', databaseConnections: 2, port });
  await visitor.row('meanwhile').waitFor();
  await visitor.page.getByText('Live', { exact: true }).waitFor();
  await visitor.leave();
});
