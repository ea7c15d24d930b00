export type { Membership, MembershipEvents } from './contract/membership';
export { AddressTakenError, MembershipLostError } from './contract/membership-errors';
export {
  type Deliver,
  type DeliveryContext,
  DeliveryPostponedError,
  type DeliveryResult,
  PermanentDeliveryError,
  RetryableDeliveryError,
} from './engine/delivery';
export type { EngineClock } from './engine/engine-clock';
export type { CheckedEngineOptions, TimerEngineOptions } from './engine/engine-options';
export { fixedMembership } from './engine/fixed-membership';
export { type HttpDelivery, httpDelivery } from './engine/http-delivery';
export type { HttpDeliveryOptions } from './engine/http-options';
export { parseRfc3339 } from './engine/rfc3339';
export { ScheduleFailedError } from './engine/schedule-failed-error';
export { type EngineStatus, TimerEngine } from './engine/timer-engine';
export type { PostgresMembershipOptions } from './membership/pace';
export { PostgresMembership } from './membership/postgres-membership';
export type { EngineEvent } from './telemetry/engine-channel';
