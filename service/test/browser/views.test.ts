import fs from 'node:fs';
import type axe from 'axe-core';
import { closeReceivers, openReceiver } from '../../../test/engine/http-receiver';
import { linkTo } from '../../web/src/router';
import { Services, type TestedService } from '../services';
import { openBrowser } from './open-browser';
import { Visitor } from './visitor';

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const SCHEMES = ['light', 'dark'] as const;
const DESKTOP = { width: 1120, height: 640 };
const PHONE = { width: 375, height: 720 };

const NAMESPACE = 'views-'.repeat(30);
const LONG = 'long'.repeat(60);

let browser: Awaited<ReturnType<typeof openBrowser>>;
let services: Services;
let service: TestedService;
beforeAll(async () => {
  browser = await openBrowser();
  services = await Services.open();
  service = await services.start();
  const receiver = await openReceiver((response, { url }) =>
    response.writeHead(url === '/refuses' ? 410 : 503).end(),
  );
  const fields = { namespace: NAMESPACE, executeAt: new Date().toISOString() };
  const timers = [
    {
      ...fields,
      id: LONG,
      executeAt: '2030-01-31T12:00:00Z',
      callbackUrl: `https://a.example/${LONG}`,
      payload: { LONG },
    },
    { ...fields, id: 'dead', callbackUrl: `${receiver.origin}/refuses` },
    {
      ...fields,
      id: 'retrying',
      callbackUrl: `${receiver.origin}/away`,
      retryPolicy: { initialInterval: '1h' },
    },
  ];
  await service.post('timers/batch-create', { timers });
});
afterAll(async () => {
  await browser?.close();
  await closeReceivers();
  await services?.close();
});

/** Each view, with what is to be there before it is looked at, and what is done to it first. */
const VIEWS: readonly (readonly [
  name: string,
  hash: string,
  prepare: (visitor: Visitor) => Promise<unknown>,
])[] = [
  ['namespaces', '', ({ page }) => page.getByRole('link', { name: `1 dead in ${NAMESPACE}` }).waitFor()],
  [
    'pending timers',
    linkTo('timers', { namespace: NAMESPACE }),
    (visitor) => visitor.page.getByText('answered 503').waitFor({ state: 'attached' }),
  ],
  [
    'dead timers, selected',
    linkTo('timers', { namespace: NAMESPACE, state: 'dead' }),
    async ({ page }) => {
      await page.getByRole('checkbox', { name: 'Select dead' }).check();
      await page.getByRole('button', { name: 'Revive 1 timer' }).waitFor();
    },
  ],
  [
    'a question',
    linkTo('timers', { namespace: NAMESPACE, state: 'dead' }),
    async ({ page }) => {
      await page.getByRole('checkbox', { name: 'Select dead' }).check();
      await page.getByRole('button', { name: 'Delete 1 timer' }).click();
      await page.getByRole('dialog').waitFor();
    },
  ],
  [
    'no timers',
    linkTo('timers', { namespace: 'none' }),
    ({ page }) => page.getByText('No timers match.').waitFor(),
  ],
  [
    'a refused list',
    linkTo('timers', { namespace: NAMESPACE, after: 'never' }),
    ({ page }) => page.getByText('executeAfter must').first().waitFor(),
  ],
  [
    'a timer',
    linkTo('timer', { namespace: NAMESPACE, id: LONG }),
    (visitor) => visitor.button('Change').waitFor(),
  ],
  [
    'a dead timer',
    linkTo('timer', { namespace: NAMESPACE, id: 'dead' }),
    (visitor) => visitor.button('Revive now').waitFor(),
  ],
  [
    'no such timer',
    linkTo('timer', { namespace: 'none', id: 'none' }),
    ({ page }) => page.getByText('no such timer').waitFor(),
  ],
  [
    'a change',
    linkTo('timer', { namespace: NAMESPACE, id: LONG }),
    async (visitor) => {
      await visitor.button('Change').click();
      await visitor.page.getByText('Retries and time-out').click();
    },
  ],
  [
    'a new timer that is wrong',
    linkTo('new'),
    async (visitor) => {
      await visitor.button('Create timer').click();
      await visitor.page.getByText('namespace is missing').waitFor();
    },
  ],
  ['charts', linkTo('charts'), ({ page }) => page.locator('canvas').nth(3).waitFor()],
  ['shards', linkTo('shards'), ({ page }) => page.getByRole('table', { name: 'Shards' }).waitFor()],
];

test.each(VIEWS)(
  'axe finds nothing in either scheme, and it fits a phone: %s',
  async (_name, hash, prepare) => {
    const visitor = await Visitor.open(browser, service.url, hash);
    const { page } = visitor;
    await prepare(visitor);
    await page.evaluate(AXE);
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme });
      for (const viewport of [DESKTOP, PHONE]) {
        await page.setViewportSize(viewport);
        const { violations } = (await page.evaluate(
          `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} })`,
        )) as axe.AxeResults;
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
      }
    }
    await visitor.leave();
  },
);

test('a scheme is more than another background', async () => {
  const colors = [];
  for (const colorScheme of SCHEMES) {
    const visitor = await Visitor.open(browser, service.url, '', { colorScheme });
    colors.push(
      await visitor.page.evaluate(
        `(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.body))`,
      ),
    );
    await visitor.leave();
  }
  expect(colors).toEqual([
    ['rgb(27, 31, 39)', 'rgb(255, 255, 255)'],
    ['rgb(227, 230, 235)', 'rgb(18, 21, 27)'],
  ]);
});
