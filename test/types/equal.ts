/** Whether two types are the same, and not merely assignable to each other. */
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles if the type is `true`. Nothing of it runs: `tsc` is the test. */
export declare function assertType<T extends true>(): T;
