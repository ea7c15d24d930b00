import { workerFailureOf } from '../../src/driver/worker-failure';

/** As Citus 13.2 words them, of PostgreSQL 15. */
const BEFORE = 'connection to the remote node postgres@127.0.0.1:9711 failed with the following error: ';

test.each([
  [
    'unreached',
    '08006',
    `${BEFORE}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
  ],
  ['unreached', '08006', `${BEFORE}FATAL:  the database system is starting up`],
  ['unreached', '08006', `${BEFORE}FATAL:  sorry, too many clients already`],
  ['unreached', '08006', 'could not establish any connections to the node 127.0.0.1:9711 after 30000 ms'],
  [
    'lost',
    '08006',
    `${BEFORE}server closed the connection unexpectedly\n\tThis probably means the server terminated`,
  ],
  ['lost', '08006', `${BEFORE}FATAL:  terminating connection due to administrator command`],
  ['lost', '08006', `${BEFORE}Verbindungsaufbau abgelehnt`],
  ['lost', '57P01', 'terminating connection due to administrator command'],
  [undefined, '40P01', 'deadlock detected'],
])('%s: %s %j', (failure, code, message) => {
  expect(workerFailureOf(Object.assign(new Error(message), { code, severity: 'ERROR' }))).toBe(failure);
});
