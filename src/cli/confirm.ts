import { CommandError, ExitCode } from './exit-code';

/** Of every command that destroys, or sends off, what nobody brings back. */
export interface YesOption {
  readonly yes?: boolean;
}

/**
 * @param what would be done, with its count.
 * @throws CommandError unless `--yes` was given.
 */
export function confirm({ yes }: YesOption, what: string): void {
  if (!yes) {
    throw new CommandError(ExitCode.UNCONFIRMED, `would ${what}; nothing was done: --yes does it`);
  }
}
