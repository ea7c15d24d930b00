import type { StoreOptions } from '../../src';

/** What the pooler of TEST_POOLER, if there is one, asks of every store. */
export const STORE_OPTIONS: StoreOptions = {
  preparedStatements: process.env['TEST_POOLER'] !== 'transaction',
};
