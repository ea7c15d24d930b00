import type { Static } from '@sinclair/typebox';
import type * as schemas from '../../../src/http/schemas';

/** What the service answers and is told: by the schemas that it checks calls with. */
export type Timer = Static<typeof schemas.Timer>;
export type RetryPolicy = Static<typeof schemas.RetryPolicy>;
export type TimerKey = Static<typeof schemas.TimerKey>;
export type ListTimers = Static<typeof schemas.ListTimers>;
export type TimerPage = Static<typeof schemas.ListAnswer>;
export type Namespaces = Static<typeof schemas.NamespacesAnswer>;
export type Shards = Static<typeof schemas.ShardsAnswer>;
export type ErrorAnswer = Static<typeof schemas.ErrorAnswer>;

export type { Change, Status } from '../../../src/watched';

/** Which timers: the filters of a list and of an export. */
export type Filter = Omit<ListTimers, 'limit' | 'pageToken'>;
