export { type MissedRuns, nextRun, type Recurrence } from './recurring/next-run';
export { recurring } from './recurring/recurring';
