import { checkInteger } from '../contract/scalars';
import { parseOptions } from '../validation/objects';

/** How soon a process that died is noticed. Members of unlike settings may stand side by side. */
export interface PostgresMembershipOptions {
  /** Milliseconds from one beat to the next, 10 to 60,000. (Default: 1,000) */
  readonly beatMs?: number | undefined;
  /** Beats in a row that are missing from a process that counts as dead, 2 to 100. (Default: 3) */
  readonly missedBeats?: number | undefined;
}

const OPTION_FIELDS = [
  'beatMs',
  'missedBeats',
] as const satisfies readonly (keyof PostgresMembershipOptions)[];

/** The times by which a member lives, in milliseconds. */
export interface Pace {
  readonly beatMs: number;
  /** Without a beat for so long, by the server's clock, it is dead to the others. */
  readonly allowanceMs: number;
  /**
   * Without an acknowledged beat for so long, by its own clock, it takes itself for lost: half a beat before the others
   * may, and half a beat after the last but one of the missing beats was sent.
   */
  readonly lossMs: number;
  /** From a beat that failed to the next. */
  readonly retryMs: number;
}

/** @throws InvalidArgumentError */
export function parsePace(options: unknown): Pace {
  const { beatMs = 1000, missedBeats = 3 } = parseOptions('options', options, OPTION_FIELDS);
  checkInteger('options.beatMs', beatMs, 10, 60_000);
  checkInteger('options.missedBeats', missedBeats, 2, 100);
  return {
    beatMs,
    allowanceMs: beatMs * missedBeats,
    lossMs: beatMs * (missedBeats - 0.5),
    retryMs: beatMs / 4,
  };
}
