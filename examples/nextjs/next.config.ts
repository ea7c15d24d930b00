/** Not bundled: there is one engine, and each error has one class, for routes and instrumentation alike. */
export default { serverExternalPackages: ['pg-timer-store'] };
