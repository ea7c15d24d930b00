import path from 'node:path';
import { parseConnectConfig } from '../../connection/parse-connect-config';
import type { PostgresTimerStore } from '../../postgres/postgres-timer-store';
import { type BadLinePolicy, BadLines } from '../bad-lines';
import { type ConnectionOptions, connectConfig, withStore } from '../connect';
import { CommandError, ExitCode, mayBeDone } from '../exit-code';
import { countText } from '../format';
import type { Line } from '../lines';
import { findSource, type LoadSource, linesOf } from '../load-source';
import { type LoadPlace, LoadProgressFile } from '../load-state';
import { Loader, type TimerLine } from '../loader';
import { prepareShards } from '../prepare-shards';
import { Progress } from '../progress';
import { requireWrites } from '../require-writes';
import { readShardCount, type ShardsOption } from '../shard-count';
import type { Terminal } from '../terminal';
import { BadLineError, checkTimer, parseTimerLine } from '../timer-line';

export interface LoadOptions extends ConnectionOptions, ShardsOption {
  /** Where lines go that cannot be taken. Undefined: a file with one is refused. */
  readonly badLines?: string;
  /** What keeps how far it has come. */
  readonly resume?: string;
  readonly maxPayloadBytes: number;
  readonly json?: boolean;
}

/** How often it is written down how far it has come. */
const KEEP_EVERY_MS = 250;

const START: LoadPlace = { number: 0, offset: 0, badBytes: 0 };

/**
 * Creates the timers of a file. One with a bad line is refused as a whole, unless these go to a file of their own; so it is
 * read twice. What comes only once ends at its first bad line.
 */
export async function load(terminal: Terminal, file: string, options: LoadOptions): Promise<void> {
  const source = findSource(file);
  if (options.resume !== undefined && isOneFile(options.resume, options.badLines)) {
    throw new CommandError(ExitCode.USAGE, '--resume and --bad-lines must be two files');
  }
  const config = { ...connectConfig(options), maxPayloadBytes: options.maxPayloadBytes };
  const progressFile = progressFileOf(source, options, config);
  const from = progressFile?.read() ?? START;
  if (source.size !== undefined && options.badLines === undefined) {
    await checkAll(terminal, source, options, from);
  }
  await withStore(terminal, config, async (store) => {
    const shardCount = await readShardCount(store, options, terminal.signal);
    await requireWrites(store, terminal.signal);
    await prepareShards(store, shardCount, terminal.signal);
    const badLines = new BadLines(terminal, policyOf(options, from));
    const startedAt = performance.now();
    try {
      const loaded = await loadAll(terminal, source, options, {
        store,
        shardCount,
        badLines,
        progressFile,
        from,
      });
      const seconds = (performance.now() - startedAt) / 1000;
      await report(terminal, options, loaded, badLines.count, seconds);
    } finally {
      badLines.end();
    }
  });
}

/** @throws CommandError how far it has come cannot be kept of what comes only once. */
function progressFileOf(
  { file, size }: LoadSource,
  { resume }: LoadOptions,
  config: Parameters<typeof parseConnectConfig>[0],
): LoadProgressFile | undefined {
  if (resume === undefined) {
    return undefined;
  }
  if (size === undefined) {
    throw new CommandError(ExitCode.USAGE, '--resume is for a file, which can be read from its middle on');
  }
  const { poolConfig, endpoints } = parseConnectConfig(config);
  const { host, port } = endpoints.current;
  return new LoadProgressFile(resume, path.resolve(file), `${host}:${port}/${poolConfig.database}`);
}

/** @throws CommandError a line cannot be taken: nothing is loaded. */
async function checkAll(
  terminal: Terminal,
  source: LoadSource,
  options: LoadOptions,
  from: LoadPlace,
): Promise<void> {
  const badLines = new BadLines(terminal, 'count');
  const progress = new Progress(terminal, 'lines checked', source.size ?? 0);
  let count = 0;
  let place = from.offset;
  try {
    for await (const lines of linesOf(source, from, maxLineBytes(options), false, terminal.signal)) {
      for (const line of lines) {
        const timer = parse(line, options, badLines);
        if (timer !== undefined) {
          check(timer, options, badLines);
        }
      }
      count += lines.length;
      // In the middle of a long line, there is none.
      place = lines.at(-1)?.end ?? place;
      progress.reach(count, place);
    }
  } catch (error) {
    throw terminal.failure(error, 'nothing was loaded');
  } finally {
    progress.end();
    badLines.end();
  }
  if (badLines.count > 0) {
    const message =
      `${countText(badLines.count, false)} of ${countText(count, false)} lines cannot be taken; nothing was loaded: ` +
      'mend them, or leave them out by --bad-lines FILE';
    throw new CommandError(ExitCode.FAILED, message);
  }
}

/** @returns how many timers were created. */
async function loadAll(
  terminal: Terminal,
  source: LoadSource,
  options: LoadOptions,
  run: {
    readonly store: PostgresTimerStore;
    readonly shardCount: number;
    readonly badLines: BadLines;
    readonly progressFile: LoadProgressFile | undefined;
    readonly from: LoadPlace;
  },
): Promise<number> {
  const { store, shardCount, badLines, progressFile, from } = run;
  // Where that cannot be, nothing is loaded.
  progressFile?.write(from);
  let kept = from;
  const progress = new Progress(terminal, 'timers loaded', source.size ?? 0);
  let done = from;
  let keptAt = performance.now();
  const keep = () => {
    progressFile?.write(done);
    kept = done;
    keptAt = performance.now();
  };
  const loader = new Loader({
    store,
    shardCount,
    maxPayloadBytes: options.maxPayloadBytes,
    signal: terminal.signal,
    onBadLine: (line, reason) => badLines.add(line, reason),
    onDone: ({ number, end }) => {
      // Of bad lines further on, which are read again then, some may be there twice; none is lost.
      done = { number, offset: end, badBytes: badLines.bytes };
      progress.reach(loader.loaded, end);
      if (performance.now() - keptAt >= KEEP_EVERY_MS) {
        keep();
      }
    },
  });
  const endsAtTooLong = options.badLines === undefined;
  try {
    let last: Line | undefined;
    for await (const lines of linesOf(source, from, maxLineBytes(options), endsAtTooLong, terminal.signal)) {
      for (const line of lines) {
        const timerLine = parse(line, options, badLines);
        const sending = timerLine && loader.add(timerLine);
        if (sending !== undefined) {
          await sending;
        }
        last = line;
      }
    }
    await loader.finish();
    done = last === undefined ? done : { number: last.number, offset: last.end, badBytes: badLines.bytes };
    keep();
  } catch (error) {
    await loader.settle();
    try {
      keep();
    } catch {
      // It is said from where on the same command goes on then.
    }
    const some = `${countText(loader.loaded, false)} timers are loaded, all of those up to line ${done.number}`;
    const place = kept === done ? 'from there' : `after line ${kept.number}`;
    throw terminal.failure(
      mayBeDone(loader.failure) ? loader.failure : error,
      progressFile === undefined ? some : `${some}; the same command goes on ${place}`,
    );
  } finally {
    progress.end();
  }
  return loader.loaded;
}

function isOneFile(one: string, other: string | undefined): boolean {
  return other !== undefined && path.resolve(one) === path.resolve(other);
}

function policyOf({ badLines }: LoadOptions, { badBytes }: LoadPlace): BadLinePolicy {
  return badLines === undefined ? 'refuse' : { file: badLines, bytes: badBytes };
}

/** Undefined: the line cannot be taken, and was put aside. */
function parse(line: Line, options: LoadOptions, badLines: BadLines): TimerLine | undefined {
  try {
    if (line.isTooLong) {
      throw new BadLineError(
        `is longer than ${countText(maxLineBytes(options), false)} bytes, and is kept nowhere`,
      );
    }
    const { text } = line;
    if (text === undefined) {
      throw new BadLineError('is not UTF-8');
    }
    return { line, timer: parseTimerLine(text) };
  } catch (error) {
    badLines.addError(line, error);
    return undefined;
  }
}

function check({ line, timer }: TimerLine, { maxPayloadBytes }: LoadOptions, badLines: BadLines): void {
  try {
    checkTimer(timer, maxPayloadBytes);
  } catch (error) {
    badLines.addError(line, error);
  }
}

/** As much text as a payload can be in, with every character escaped, and the other fields. */
function maxLineBytes({ maxPayloadBytes }: LoadOptions): number {
  return 6 * maxPayloadBytes + 64 * 1024;
}

async function report(
  terminal: Terminal,
  { json, badLines }: LoadOptions,
  loaded: number,
  badCount: number,
  seconds: number,
): Promise<void> {
  const rate = countText(Math.round(loaded / seconds), false);
  const bad =
    badCount === 0
      ? ''
      : `; ${countText(badCount, false)} bad line${badCount === 1 ? ' is' : 's are'} in ${badLines}`;
  const done = `loaded ${countText(loaded, false)} timers in ${seconds.toFixed(1)} s, ${rate}/s${bad}`;
  const text = json ? JSON.stringify({ loaded, badLines: badCount, seconds }) : done;
  await terminal.writeDone(`${text}\n`, done);
}
