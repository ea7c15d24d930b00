import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { closeReceivers, openReceiver } from '../../test/engine/http-receiver';
import { Services, type TestedService } from './services';

const PAGES = path.join(__dirname, '../../docs/service');
const CLIENT = path.join(__dirname, '../src/client/index.ts');

/** How a block of each language is run: its file, and the command. */
const LANGUAGES: Readonly<Record<string, readonly [file: string, ...command: [string, ...string[]]]>> = {
  ts: ['block.mts', process.execPath, '--import', require.resolve('tsx')],
  sh: ['block.sh', 'bash', '-euo', 'pipefail'],
  python: ['block.py', 'python3'],
  go: ['block.go', 'go', 'run'],
};
/** Those that this machine has. */
const HERE = Object.keys(LANGUAGES).filter((language) => {
  const [, program] = LANGUAGES[language] as readonly [string, string];
  return spawnSync(program, [language === 'go' ? 'version' : '--version']).status === 0;
});

interface Block {
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

const blocks = fs
  .readdirSync(PAGES)
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) => {
    const content = fs.readFileSync(path.join(PAGES, page), 'utf8');
    return [...content.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(
      ({ index, 1: language = '', 2: code = '' }): Block => ({
        place: `${page}:${content.slice(0, index).split('\n').length + 1}`,
        language,
        code,
      }),
    );
  })
  // What an operator types, and what comes of it, is marked `console`.
  .filter(({ language }) => HERE.includes(language));

let services: Services;
let service: TestedService;
let receiver: Awaited<ReturnType<typeof openReceiver>>;
let folder: string;
beforeAll(async () => {
  services = await Services.open();
  service = await services.start();
  receiver = await openReceiver((response) => response.end());
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'documents-'));
});
afterAll(async () => {
  fs.rmSync(folder, { recursive: true });
  await closeReceivers();
  await services.close();
});

test.each(blocks)(`the block at $place runs, of ${HERE.join(', ')}`, async ({ place, language, code }) => {
  const [name, program, ...args] = LANGUAGES[language] as readonly [string, string, ...string[]];
  const file = path.join(folder, name);
  fs.writeFileSync(
    file,
    code
      .replaceAll('http://127.0.0.1:8080', service.url)
      .replaceAll('http://127.0.0.1:9000', receiver.origin)
      .replaceAll('listen(9000)', 'listen(0, () => receiver.close())')
      .replaceAll("'pg-timer-service/client'", JSON.stringify(CLIENT)),
  );
  const child = spawn(program, [...args, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [[exitCode], output, errors] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
  ]);
  expect({ place, exitCode, errors: exitCode === 0 ? '' : errors }).toEqual({
    place,
    exitCode: 0,
    errors: '',
  });
  if (language !== 'ts') {
    expect(output).toMatch(/pending|"state"/);
  }
});
