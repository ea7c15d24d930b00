/**
 * Handed to `onLost` when no beat was acknowledged in time, so that others may take the process for dead; `cause` is why
 * the last one failed, if one did. The membership goes on trying.
 */
export class MembershipLostError extends Error {
  readonly code = 'MEMBERSHIP_LOST';

  static {
    MembershipLostError.prototype.name = 'MembershipLostError';
  }

  constructor(
    readonly address: string,
    options?: ErrorOptions,
  ) {
    super(
      `${JSON.stringify(address)} could not say in time that it lives: others may take its shards`,
      options,
    );
  }
}

/** Handed to `onLost` when another process has joined with the same address. The membership is over, without a fight. */
export class AddressTakenError extends Error {
  readonly code = 'ADDRESS_TAKEN';

  static {
    AddressTakenError.prototype.name = 'AddressTakenError';
  }

  constructor(readonly address: string) {
    super(`Another process has joined as ${JSON.stringify(address)}: its address has to be one of its own`);
  }
}
