/** What commands do, apart from what they are called: it brings the whole library along. */
export { deadDelete, deadRevive } from './commands/dead-change';
export { deadList } from './commands/dead-list';
export { doctor } from './commands/doctor';
export { dump } from './commands/dump';
export { load } from './commands/load';
export { migrate } from './commands/migrate';
export { migrateDump } from './commands/migrate-dump';
export { run } from './commands/run';
export { shards } from './commands/shards';
export { timersDelete, timersGet, timersReschedule } from './commands/timers';
export { timersList } from './commands/timers-list';
export { watch } from './commands/watch';
