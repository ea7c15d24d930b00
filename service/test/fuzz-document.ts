import Ajv2020 from 'ajv/dist/2020';
import fc from 'fast-check';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
}

interface Operation {
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

/** A call is answered within that, or hangs. */
const HANG_MS = 20_000;

/**
 * Sends calls that the document describes, and calls that are nearly so: whatever comes, each answer has a status that the
 * document names for the call and a body that fits it, and none is a 500.
 *
 * @returns how many answers had which status.
 */
export async function fuzzDocument(
  url: string,
  document: Document,
  { numRuns, seed }: { numRuns: number; seed?: number },
): Promise<Record<number, number>> {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema(document, 'document');
  const statuses: Record<number, number> = {};
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations)
      // It does not end.
      .filter(() => !path.endsWith('/events'))
      .map(([method, operation]) => callOf(document, path, method, operation)),
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof(...calls), async ({ path, method, body, operation }) => {
      const response = await fetch(url + path, {
        method,
        ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body }),
        signal: AbortSignal.timeout(HANG_MS),
      });
      const text = await response.text();
      const { status } = response;
      statuses[status] = (statuses[status] ?? 0) + 1;
      const described = operation.responses[status];
      if (described === undefined || status === 500) {
        throw new Error(`answered ${status}: ${text.slice(0, 500)}`);
      }
      const { $ref } = described.content?.['application/json']?.schema ?? {};
      if ($ref !== undefined) {
        const check = ajv.compile({ $ref: `document${$ref}` });
        if (!check(JSON.parse(text))) {
          throw new Error(`answered ${text.slice(0, 500)}: ${ajv.errorsText(check.errors)}`);
        }
      }
    }),
    {
      numRuns,
      ...(seed !== undefined && { seed }),
      interruptAfterTimeLimit: 1_800_000,
      markInterruptAsFailure: true,
    },
  );
  return statuses;
}

function callOf(document: Document, path: string, method: string, operation: Operation) {
  const schema = operation.requestBody?.content['application/json']?.schema;
  const body =
    schema === undefined
      ? fc.constant(undefined)
      : fc.oneof(
          { weight: 5, arbitrary: arbitraryOf(document, schema).map(asJson) },
          { weight: 4, arbitrary: mutated(arbitraryOf(document, schema)).map(asJson) },
          { weight: 1, arbitrary: fc.json() },
          { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
        );
  return body.map((text) => ({ path, method: method.toUpperCase(), operation, body: text }));
}

function asJson(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

const ODD = fc.oneof(
  fc.constantFrom<unknown[]>(
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    -0,
    2 ** 31,
    '',
    ' ',
    '0',
    '\0',
    '\ud800',
    'NaN',
    '__proto__',
    [],
    {},
    [[]],
    '9999-12-31T23:59:59.999Z',
    '10000-01-01T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2030-02-30T00:00:00Z',
    '2030-01-01',
    'http://',
    'http://user:secret@a.example/',
    'javascript:alert(1)',
    'http://a.example/\r\nx: y',
    'file:///etc/passwd',
    '1h',
    '-1h',
    '99999999h',
    '1ns',
    'x'.repeat(255),
    'x'.repeat(256),
    '😀'.repeat(256),
  ),
  fc.jsonValue(),
);

/** One that has a field too many, too few, or of another kind. */
function mutated(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc
    .tuple(value, fc.nat(), ODD, fc.constantFrom('replace', 'remove', 'add', 'all'))
    .map(([of, at, odd, how]) => {
      if (typeof of !== 'object' || of === null || how === 'all') return odd;
      const fields = Object.entries(of);
      const place = fields.length === 0 ? 0 : at % fields.length;
      if (how === 'remove') fields.splice(place, 1);
      else if (how === 'add') fields.push([String(odd), odd]);
      else if (fields[place] !== undefined) fields[place] = [fields[place][0], odd];
      return Object.fromEntries(fields);
    });
}

/** Values as the schema has them; ids and namespaces are few, so that calls meet timers. */
function arbitraryOf(document: Document, schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, anyOf, type, properties, required = [], items } = schema;
  if ($ref !== undefined) {
    return arbitraryOf(document, document.components.schemas[$ref.split('/').at(-1) as string] as Schema);
  }
  if (anyOf !== undefined) return fc.oneof(...anyOf.map((each) => arbitraryOf(document, each)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (properties !== undefined) {
    return fc.record(
      Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, fieldOf(document, name, of)])),
      { requiredKeys: [...required] },
    );
  }
  if (type === 'array') return fc.array(arbitraryOf(document, items ?? {}), { maxLength: 5 });
  if (type === 'integer') {
    return fc.oneof(fc.integer({ min: schema.minimum ?? -10, max: 20 }), fc.constant(schema.maximum ?? 7));
  }
  if (type === 'number') return fc.double({ min: schema.minimum ?? -10, max: 100, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (schema.format === 'date-time') {
    return fc
      .date({
        min: new Date('2100-01-01T00:00:00Z'),
        max: new Date('9999-12-31T00:00:00Z'),
        noInvalidDate: true,
      })
      .map((date) => date.toISOString());
  }
  if (schema.format === 'http-url') return fc.webUrl();
  if (schema.pattern !== undefined) return fc.constantFrom('1h30m', '250ms', '0', '1.5s', '2562047h');
  if (type === 'string')
    return fc.string({ maxLength: Math.min(schema.maxLength ?? 20, 20), unit: 'grapheme' });
  return fc.jsonValue();
}

function fieldOf(document: Document, name: string, schema: Schema): fc.Arbitrary<unknown> {
  if (name === 'namespace') return fc.constantFrom('a', 'b', 'ä"\\😀');
  if (name === 'id' || name === 'timerId') return fc.constantFrom('1', '2', '3', 'x'.repeat(255), '=1');
  return arbitraryOf(document, schema);
}
