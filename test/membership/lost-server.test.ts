/** A server that goes away, and one that is silent. */
import { PostgresTimerStore } from '../../src';
import { MembershipLostError, type PostgresMembershipOptions } from '../../src/engine';
import { errorOf } from '../support/error-of';
import { RestartableServer } from '../support/restartable-server';
import { TcpProxy } from '../support/tcp-proxy';
import { ObservedMember } from './observed-member';

/** A member of that pace takes itself for lost after 1.4 s: a machine that stops for a moment loses none. */
const QUICK = { beatMs: 250, missedBeats: 6 };

let server: RestartableServer;
let proxy: TcpProxy;
let store: PostgresTimerStore;
beforeAll(async () => {
  server = await RestartableServer.start();
  proxy = await TcpProxy.open(server.storeUrl);
  store = await PostgresTimerStore.connect(proxy.url(server.storeUrl));
});
afterAll(async () => {
  await store.close();
  await proxy.close();
  await server.delete();
});

async function join(address: string, options: PostgresMembershipOptions = QUICK): Promise<ObservedMember> {
  const member = new ObservedMember(store, options);
  await member.membership.join(address, member);
  await member.next();
  return member;
}

test('members are lost while the server is away, and all of them are back after its restart', async () => {
  const [a, b] = [await join('host-a:7000'), await join('host-b:7000')];
  expect(await a.next()).toEqual(['host-a:7000', 'host-b:7000']);
  await server.stop('immediate');
  expect(await a.next()).toBeInstanceOf(MembershipLostError);
  expect(await b.next()).toBeInstanceOf(MembershipLostError);
  await server.restart();
  // The first to be back may see the other a beat later, and a machine that stops for too long loses them once more.
  for (const member of [a, b]) {
    let told = await member.next();
    while (!Array.isArray(told) || told.length === 1) told = await member.next();
    expect(told).toEqual(['host-a:7000', 'host-b:7000']);
  }
  await a.membership.leave();
  await b.membership.leave();
});

// A connection that is silent is given up 2 seconds after the time-out of its statement.
test('a member whose connection falls silent is lost in time, and back as soon as the network is', async () => {
  const a = await join('host-a:7000');
  const before = performance.now();
  await proxy.loseAnswers();
  expect(await a.next()).toBeInstanceOf(MembershipLostError);
  expect(performance.now() - before).toBeLessThan(2250);
  proxy.heal();
  expect(await a.next()).toEqual(['host-a:7000']);
  await a.membership.leave();
});

// The beat on the dead connection ends after 2.2 s, when that is cut. Members of that pace are lost after 2 s.
test('connections that are dead in silence cost a member nothing, since no beat waits for another', async () => {
  const a = await join('host-a:7000', { beatMs: 200, missedBeats: 10 });
  proxy.forgetConnections();
  expect(await errorOf(a.membership.refresh())).toMatchObject({ code: 'CALL_TIMEOUT' });
  expect(a.events).toEqual([['host-a:7000']]);
  await a.membership.leave();
});
