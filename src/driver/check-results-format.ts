import type { Client } from 'pg';
import { InvalidArgumentError } from '../contract/errors';
import { type OtherFormat, otherFormatOfClient, otherFormatOfPool } from './pg-internals';

const REASONS: Readonly<Record<OtherFormat, string>> = {
  binary: 'gives results in binary, in which other types arrive than this library reads: leave `binary` out',
  native:
    'is one of pg.native, which counts rows otherwise than this library reads: take the one of JavaScript',
};

/**
 * Refuses a pool whose connections would give wrong answers. Its connections are checked again when they are there:
 * a pool can come from another copy of `pg`, with defaults of its own.
 *
 * @throws InvalidArgumentError
 */
export function checkResultsFormat(argument: string, pool: unknown): void {
  refuse(argument, otherFormatOfPool(pool));
}

/** @throws InvalidArgumentError */
export function checkClientFormat(argument: string, client: Pick<Client, 'query'>): void {
  refuse(argument, otherFormatOfClient(client));
}

function refuse(argument: string, format: OtherFormat | undefined): void {
  if (format !== undefined) {
    throw new InvalidArgumentError(argument, REASONS[format]);
  }
}
