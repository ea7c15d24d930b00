const { describeTimerStore, InMemoryTimerStore } = require('pg-timer-store/testing');

describeTimerStore(() => new InMemoryTimerStore());
