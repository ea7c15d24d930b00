export type { Membership, MembershipEvents } from './contract/membership';
export {
  type Deliver,
  type DeliveryContext,
  DeliveryPostponedError,
  type DeliveryResult,
  PermanentDeliveryError,
  RetryableDeliveryError,
} from './engine/delivery';
export { type HttpDelivery, httpDelivery } from './engine/http-delivery';
export type { HttpDeliveryOptions } from './engine/http-options';
