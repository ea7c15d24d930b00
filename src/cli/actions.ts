/** What commands do, apart from what they are called: it brings the whole library along. */
export { doctor } from './commands/doctor';
export { shards } from './commands/shards';
