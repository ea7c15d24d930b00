import { fixedMembership, type MembershipEvents } from '../../src/engine';
import { errorOf } from '../support/error-of';

test('tells each process of the whole list, in order, once', async () => {
  const events = { onMembers: jest.fn(), onLost: jest.fn() } satisfies MembershipEvents;
  const list = ['host-b:7000', 'host-a:7000'];
  const membership = fixedMembership(list);
  list.push('host-c:7000');
  await membership.join('host-a:7000', events);
  await membership.refresh();
  await membership.leave();
  await membership.leave();
  expect(events.onMembers.mock.calls).toEqual([[['host-a:7000', 'host-b:7000']]]);
  expect(events.onLost).not.toHaveBeenCalled();
});

test('refuses a process that is not in the list', async () => {
  const events = { onMembers: jest.fn(), onLost: jest.fn() };
  expect(await errorOf(fixedMembership(['host-a:7000']).join('host-b:7000', events))).toMatchObject({
    code: 'INVALID_ARGUMENT',
    argument: 'address',
  });
  expect(events.onMembers).not.toHaveBeenCalled();
});

test.each<[unknown, string]>([
  ['host-a:7000', 'addresses'],
  [['host-a:7000', ''], 'addresses[1]'],
  [[7000], 'addresses[0]'],
  [['host-a:7000', 'host-b:7000', 'host-a:7000'], 'addresses'],
])('refuses the list %j', (list, argument) => {
  expect(() => fixedMembership(list as string[])).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }),
  );
});
