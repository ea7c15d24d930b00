/** What a call is rejected with; a call that is fulfilled fails the test. */
export async function errorOf(calling: Promise<unknown>): Promise<unknown> {
  const result = await calling.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('value' in result) {
    throw new Error(`The call should have failed, but returned ${JSON.stringify(result.value)}`);
  }
  return result.error;
}
