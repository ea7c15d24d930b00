import fs from 'node:fs';
import { isIP } from 'node:net';
import { Value, type ValueError } from '@sinclair/typebox/value';
import { type Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import { ConfigError } from './config-error';
import { GO_DURATION, parseGoDuration } from './go-duration';
import { Settings } from './settings';

const PREFIX = 'PG_TIMER_';
/** Of the package's command line, and of a Service `pg-timer-service`, which Kubernetes tells each container of. */
const OF_OTHERS = /^PG_TIMER_(STORE|SERVICE)_/;

/** 24 days, a little less than Node's timers can count: beyond, they are over at once. */
const MAX_DURATION_MS = 24 * 86_400_000;

/** Values, and where each top-level key was said. */
interface Source {
  readonly values: Record<string, unknown>;
  /** Of a path such as `/apiKeys/0/name`. */
  readonly placeOf: (path: string) => string;
}

/**
 * The configuration of a file, under that of the environment, under that of `fixed`, over the defaults.
 *
 * @throws ConfigError names each key that is unknown or impossible, and its line or variable.
 */
export function loadSettings(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
  fixed: Partial<Settings> = {},
): Settings {
  const fromFile = file === undefined ? { values: {}, placeOf: () => 'the configuration' } : readFile(file);
  const fromEnvironment = readEnvironment(environment);
  const faults = [...faultsOf(fromFile), ...faultsOf(fromEnvironment)];
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
  const settings = Value.Default(Settings, {
    ...fromFile.values,
    ...fromEnvironment.values,
    ...fixed,
  }) as Settings;
  checkTogether(settings);
  return settings;
}

/** `someName` is `PG_TIMER_SOME_NAME`. */
export function variableOf(key: string): string {
  return PREFIX + key.replace(/[A-Z]/g, '_$&').toUpperCase();
}

function readFile(file: string): Source {
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError([`${file}: cannot be read: ${(error as NodeJS.ErrnoException).code}`]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong !== undefined) {
    throw new ConfigError([`${file}:${lines.linePos(wrong.pos[0]).line}: ${wrong.message}`]);
  }
  const values: unknown = document.toJS() ?? {};
  if (typeof values !== 'object' || values === null || Array.isArray(values)) {
    throw new ConfigError([`${file}:1: must be a mapping of keys to values`]);
  }
  return {
    values: values as Record<string, unknown>,
    placeOf: (path) => `${file}:${lineOf(document, lines, path)}`,
  };
}

function lineOf(document: Document, lines: LineCounter, path: string): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of stepsOf(path)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String((key as { value?: unknown }).value) === step);
      offset = (pair?.key as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
      node = pair?.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as { range?: [number, number, number] } | undefined)?.range?.[0] ?? offset;
    }
  }
  return lines.linePos(offset).line;
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>): Source {
  const values: Record<string, unknown> = {};
  const faults: string[] = [];
  const keys = new Map(Object.keys(Settings.properties).map((key) => [variableOf(key), key]));
  for (const [name, text] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || OF_OTHERS.test(name) || !text) {
      continue;
    }
    const key = keys.get(name);
    if (key === undefined) {
      faults.push(`${name}: is no variable of this program`);
    } else {
      values[key] = readVariable(key as keyof typeof Settings.properties, name, text);
    }
  }
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
  return { values, placeOf: (path) => variableOf(stepsOf(path)[0] ?? '') };
}

/** What is text stays so, even if it looks like a number. */
function readVariable(key: keyof typeof Settings.properties, name: string, text: string): unknown {
  const { type } = Settings.properties[key] as { type?: string };
  if (type === 'string' || type === undefined) {
    return text;
  }
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors[0] !== undefined) {
    throw new ConfigError([`${name}: ${document.errors[0].message}`]);
  }
  return document.toJS();
}

function faultsOf({ values, placeOf }: Source): string[] {
  const given = Object.fromEntries(Object.entries(Settings.properties).map(([key, schema]) => [key, schema]));
  const present = Value.Default(Settings, structuredClone(values)) as Record<string, unknown>;
  const faults = new Map<string, string>();
  for (const error of Value.Errors(Settings, present)) {
    const [key = ''] = stepsOf(error.path);
    if (key in values || !(key in given)) {
      faults.set(error.path, faults.get(error.path) ?? `${placeOf(error.path)}: ${describe(error)}`);
    }
  }
  for (const [key, value] of Object.entries(values)) {
    const fault =
      isDuration(key) && !faults.has(`/${key}`) ? faultOfDuration(key, value as string) : undefined;
    if (fault !== undefined) {
      faults.set(`/${key}`, `${placeOf(`/${key}`)}: ${key}: ${fault}`);
    }
  }
  return [...faults.values()];
}

function isDuration(key: string): boolean {
  // It may be no key that there is.
  const schema = Object.hasOwn(Settings.properties, key) ? Settings.properties[key as keyof Settings] : {};
  return 'pattern' in schema && schema.pattern === GO_DURATION;
}

function faultOfDuration(key: string, text: string): string | undefined {
  const ms = parseGoDuration(text) ?? Number.POSITIVE_INFINITY;
  if (ms > MAX_DURATION_MS) {
    return 'must be at most 576h';
  }
  return ms === 0 && key === 'databaseApiTimeout' ? 'must be more than 0s' : undefined;
}

/** Does not show the value, which may be a secret. */
function describe({ path, message, schema }: ValueError): string {
  const name = stepsOf(path).join('.');
  if (message === 'Unexpected property') {
    const known = Object.keys((schema as { properties?: object }).properties ?? Settings.properties);
    return `${name} is unknown${known.length > 0 ? `; there are ${known.join(', ')}` : ''}`;
  }
  return `${name}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

function stepsOf(path: string): string[] {
  return path
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function checkTogether({
  apiKeys,
  namespaces,
  maxTimerPayloadSizeInBytes,
  maxCallbackTimeoutSeconds,
}: Settings): void {
  const faults: string[] = [];
  const allowed = Object.keys(namespaces);
  for (const [index, { name, namespaces: of = [] }] of apiKeys.entries()) {
    const unknown = of.find((each) => allowed.length > 0 && !allowed.includes(each));
    if (unknown !== undefined) {
      faults.push(`apiKeys.${index} (${name}): ${JSON.stringify(unknown)} is none of the namespaces`);
    }
  }
  for (const [name, limits] of Object.entries(namespaces)) {
    if ((limits.maxTimerPayloadSizeInBytes ?? 0) > maxTimerPayloadSizeInBytes) {
      faults.push(`namespaces.${name}.maxTimerPayloadSizeInBytes: must not be more than that of all`);
    }
    if ((limits.maxCallbackTimeoutSeconds ?? 0) > maxCallbackTimeoutSeconds) {
      faults.push(`namespaces.${name}.maxCallbackTimeoutSeconds: must not be more than that of all`);
    }
  }
  if (faults.length > 0) {
    throw new ConfigError(faults);
  }
}

/** Whether only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
