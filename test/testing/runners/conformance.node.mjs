import * as runner from 'node:test';
import { describeTimerStore, InMemoryTimerStore } from 'pg-timer-store/testing';

describeTimerStore(() => new InMemoryTimerStore(), runner);
