import { describeTimerStore, InMemoryTimerStore } from 'pg-timer-store/testing';
import * as runner from 'vitest';

describeTimerStore(() => new InMemoryTimerStore(), runner);
