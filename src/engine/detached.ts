import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Runs what an engine does by itself outside of the contexts of its callers: what a request keeps in an AsyncLocalStorage,
 * its trace among it, must not reach the deliveries of timers that its own wake up.
 */
export const detached = AsyncLocalStorage.snapshot();
