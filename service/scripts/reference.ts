import type { OpenAPI3 } from 'openapi-typescript';

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: unknown;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly format?: string;
  readonly [limit: string]: unknown;
}

interface Media {
  readonly schema: Schema;
}

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, Media>> }>
  >;
}

const LIMITS = {
  minLength: 'at least ',
  maxLength: 'at most ',
  minimum: '≥ ',
  maximum: '≤ ',
  minItems: 'at least ',
  maxItems: 'at most ',
} as const;

/** A page of the document: each call with its example and its answers, and each object with its fields. */
export function referenceOf(document: OpenAPI3): string {
  const schemas = document.components?.schemas as unknown as Readonly<Record<string, Schema>>;
  const calls = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods as Readonly<Record<string, Operation>>).map(
      ([method, operation]) => `### ${method.toUpperCase()} ${path}\n\n${callText(operation, schemas)}`,
    ),
  );
  const objects = Object.entries(schemas).map(([name, schema]) => `### ${name}\n\n${objectText(schema)}`);
  return `# API reference

Generated of [the OpenAPI document](../../service/openapi.json), which a process serves at \`/api/v1/openapi.json\`. What the calls are
for, and what the codes of errors mean: [the service](README.md).

## Calls

${calls.join('\n\n')}

## Objects

${objects.join('\n\n')}
`;
}

function callText(
  { summary, requestBody, responses }: Operation,
  schemas: Readonly<Record<string, Schema>>,
): string {
  const schema = Object.values(requestBody?.content ?? {})[0]?.schema;
  const name = nameOf(schema);
  const example = name === undefined ? undefined : schemas[name]?.examples?.[0];
  const request = name === undefined ? '' : `\n\nBody: [${name}](#${name.toLowerCase()})`;
  const shown =
    example === undefined ? '' : `, such as\n\n\`\`\`json\n${JSON.stringify(example, null, 2)}\n\`\`\``;
  const answers = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const medias = Object.entries(content).map(([type, media]) => {
      const of = nameOf(media.schema);
      return of === undefined ? `\`${type}\`` : `[${of}](#${of.toLowerCase()})`;
    });
    return `| ${status} | ${medias.join(', ')} | ${cell(description === 'Default Response' ? '' : description)} |`;
  });
  return `${summary}.${request}${shown}\n\n| status | answer | |\n|---|---|---|\n${answers.join('\n')}`;
}

function objectText({ description, properties, required = [] }: Schema): string {
  const fields = Object.entries(properties ?? {}).map(
    ([name, schema]) =>
      `| \`${name}\` | ${typeText(schema)} | ${required.includes(name) ? 'yes' : ''} | ${cell(noteOf(schema))} |`,
  );
  const table = `| field | type | always | |\n|---|---|---|---|\n${fields.join('\n')}`;
  return description === undefined ? table : `${description}\n\n${table}`;
}

function typeText(schema: Schema): string {
  const name = nameOf(schema);
  if (name !== undefined) {
    return `[${name}](#${name.toLowerCase()})`;
  }
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map(typeText).join(' or ');
  }
  if (schema.enum !== undefined) {
    return schema.enum.map((value) => `\`${value}\``).join(', ');
  }
  if (schema.const !== undefined) {
    return `\`${schema.const}\``;
  }
  if (schema.items !== undefined) {
    return `array of ${typeText(schema.items)}`;
  }
  if (schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([field, of]) => `\`${field}\`: ${typeText(of)}`);
    return `object of ${fields.join('; ')}`;
  }
  return schema.format === 'date-time' ? 'time' : (schema.type?.toString() ?? 'any JSON');
}

function noteOf(schema: Schema): string {
  const limits = Object.entries(LIMITS).flatMap(([limit, sign]) =>
    schema[limit] === undefined ? [] : [`${sign}${schema[limit]}`],
  );
  const fallback = schema.default === undefined ? [] : [`default \`${schema.default}\``];
  const facts = [...limits, ...fallback].join(', ');
  return [schema.description ?? '', facts === '' ? '' : `(${facts})`].filter(Boolean).join(' ');
}

function nameOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.replace('#/components/schemas/', '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
