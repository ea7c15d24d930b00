import * as api from '../../src/index';

const classes = Object.entries<unknown>({ ...api }).filter(
  (entry): entry is [string, typeof api.TimerStoreError] =>
    typeof entry[1] === 'function' && entry[1].prototype instanceof api.TimerStoreError,
);

describe('each error', () => {
  // A name that is taken from the class is another one in a bundle that was minified.
  test.each(classes)('%s has its name written out', (name, errorClass) => {
    const spelled = Object.getOwnPropertyDescriptor(errorClass.prototype, 'name');
    expect(spelled?.value).toBe(name);
  });

  test('begins its stack trace with its name', () => {
    const error = new api.TimerNotFoundError(1, 'reminders', 'order-42');
    expect(error.stack).toMatch(/^TimerNotFoundError: No timer "order-42"/);
    expect(Object.keys(error)).not.toContain('name');
  });
});
