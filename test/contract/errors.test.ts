import * as engine from '../../src/engine';
import * as store from '../../src/index';

// All but the base of those of the store, which is never thrown itself.
const classes = Object.entries<unknown>({ ...store, ...engine }).filter(
  (entry): entry is [string, typeof Error] =>
    typeof entry[1] === 'function' &&
    entry[1].prototype instanceof Error &&
    entry[1] !== store.TimerStoreError,
);

describe('each error', () => {
  // A name that is taken from the class is another one in a bundle that was minified.
  test.each(classes)('%s has its name written out', (name, errorClass) => {
    const spelled = Object.getOwnPropertyDescriptor(errorClass.prototype, 'name');
    expect(spelled?.value).toBe(name);
  });

  test.each([
    new store.TimerNotFoundError(1, 'reminders', 'order-42'),
    new engine.PermanentDeliveryError('gone'),
    new engine.RetryableDeliveryError('later'),
    new engine.DeliveryPostponedError('full', 1000),
  ])('begins its stack trace with its name: %p', (error) => {
    expect(error.stack?.startsWith(`${error.name}: ${error.message}`)).toBe(true);
    expect(Object.keys(error)).not.toContain('name');
  });
});
