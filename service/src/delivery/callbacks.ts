import type { LookupFunction } from 'node:net';
import type { Timer } from 'pg-timer-store';
import {
  type DeliveryContext,
  DeliveryPostponedError,
  type DeliveryResult,
  type HttpDelivery,
  httpDelivery,
  PermanentDeliveryError,
} from 'pg-timer-store/engine';
import type { Changes } from '../changes';
import type { Settings } from '../config/settings';
import type { Metrics } from '../metrics';
import { NamespacePlaces } from './namespace-places';

/** Posts timers to their callback URLs, within the limits of their namespaces, and counts what becomes of them. */
export class Callbacks {
  readonly #settings: Settings;
  readonly #metrics: Metrics;
  readonly #changes: Changes;
  readonly #lookup: LookupFunction | undefined;
  readonly #places = new Map<string, NamespacePlaces>();
  readonly #retired: HttpDelivery[] = [];
  #http: HttpDelivery;
  #webhookSecrets: readonly string[];

  /** @param lookup For tests, which have no names but their own. (Default: that of the operating system) */
  constructor(settings: Settings, metrics: Metrics, changes: Changes, lookup?: LookupFunction) {
    this.#settings = settings;
    this.#metrics = metrics;
    this.#changes = changes;
    this.#lookup = lookup;
    this.#http = this.#open(settings.webhookSecrets);
    this.#webhookSecrets = settings.webhookSecrets;
    for (const [namespace, { callbackConcurrency }] of Object.entries(settings.namespaces)) {
      if (callbackConcurrency !== undefined) {
        this.#places.set(namespace, new NamespacePlaces(callbackConcurrency));
      }
    }
  }

  /**
   * What begins from now on is signed with these.
   *
   * @throws InvalidArgumentError one of them is none, and nothing has changed.
   */
  replaceSecrets(webhookSecrets: readonly string[]): void {
    if (webhookSecrets.join() === this.#webhookSecrets.join()) {
      return;
    }
    const next = this.#open(webhookSecrets);
    this.#retired.push(this.#http);
    this.#http = next;
    this.#webhookSecrets = webhookSecrets;
  }

  readonly deliver = async (timer: Timer, context: DeliveryContext): Promise<DeliveryResult | undefined> => {
    const start = performance.now();
    const latenessMs = context.beganAt.getTime() - timer.executeAt.getTime();
    this.#metrics.lateness.observe(Math.max(0, latenessMs) / 1000);
    let outcome = 'delivered';
    try {
      const post = () => this.#http(timer, context);
      const places = this.#places.get(timer.namespace);
      const result = await (places === undefined ? post() : places.hold(post));
      outcome = result === undefined ? 'delivered' : 'again';
      return result;
    } catch (error) {
      outcome = outcomeOf(error, context);
      throw error;
    } finally {
      this.#metrics.deliveries.observe({ outcome }, (performance.now() - start) / 1000);
      if (outcome !== 'postponed' && outcome !== 'aborted') {
        const { namespace, id } = timer;
        const type = outcome === 'delivered' || outcome === 'again' ? 'delivered' : 'failed';
        this.#changes.publish({ type, namespace, id });
      }
    }
  };

  async close(): Promise<void> {
    await Promise.all([this.#http, ...this.#retired].map((each) => each.close()));
  }

  #open(webhookSecrets: readonly string[]): HttpDelivery {
    const { callbackConcurrencyPerOrigin, allowPrivateAddresses } = this.#settings;
    return httpDelivery({
      secrets: webhookSecrets.length > 0 ? webhookSecrets : undefined,
      maxPerOrigin: callbackConcurrencyPerOrigin,
      allowPrivateAddresses,
      lookup: this.#lookup,
    });
  }
}

function outcomeOf(error: unknown, { signal }: DeliveryContext): string {
  if (error instanceof DeliveryPostponedError) {
    return 'postponed';
  }
  if (signal.aborted) {
    return 'aborted';
  }
  return error instanceof PermanentDeliveryError ? 'refused' : 'failed';
}
