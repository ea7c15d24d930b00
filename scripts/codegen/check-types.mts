import { type IQueryTypes, isEnum, isEnumArray, type MappableType } from '@pgtyped/query';
import pg from 'pg';
import type { TypeMapping } from '../../node_modules/@pgtyped/cli/lib/types.js';
import { columnParsers } from '../../src/driver/column-parsers.js';
import { isEncodable } from '../../src/driver/encode-array.js';
import type { Problem } from './problem.mjs';
import { locate, type Query } from './query-files.mjs';
import { findAll } from './syntax-tree.mjs';

type Mapping = ReturnType<typeof TypeMapping>;

/** That what pgtyped promises of a query's values is what the driver gives and takes. */
export function checkTypes(query: Query, types: IQueryTypes, mapping: Mapping): Problem[] {
  const { returnTypes, paramMetadata } = types;
  return [
    ...returnTypes.flatMap(({ returnName, type }) => checkColumn(query, returnName, type, mapping)),
    ...paramMetadata.params.flatMap((type, index) => checkParameter(query, index + 1, type, mapping)),
  ];
}

function checkColumn(query: Query, name: string, type: MappableType, mapping: Mapping): Problem[] {
  const where = locateColumn(query, name);
  if (name === '?column?') {
    return [{ where, what: 'a result column has no name', remedy: 'Name it: … AS "name!".' }];
  }
  const unusable = checkType(where, type, mapping);
  if (unusable !== undefined) return [unusable];
  const declared = declare(type, mapping);
  const arrives = typeof columnParsers.getTypeParser(oidOf(type))('1');
  if (arrives === declared || (declared === 'Json' && arrives !== 'string')) return [];
  const what = `"${name}" is ${declared} to TypeScript, and arrives as a ${arrives}: src/driver/column-parsers.ts does not parse ${nameOf(type)}`;
  const remedy =
    'Cast it: a time to milliseconds as in sql/range-select.sql, an array by to_jsonb, a fraction to text.';
  return [{ where, what, remedy }];
}

function checkParameter(query: Query, number: number, type: MappableType, mapping: Mapping): Problem[] {
  const where = locateParameter(query, number);
  const unusable = checkType(where, type, mapping);
  if (unusable !== undefined) return [unusable];
  if (!nameOf(type).startsWith('_')) return [];
  const [, elementType = ''] = new RegExp(`\\$${number}::(\\w+)\\[\\]`).exec(query.text) ?? [];
  if (isEncodable(elementType)) return [];
  const what = `${query.parameters[number - 1]} is an array, and the driver cannot tell of what`;
  const remedy = 'Cast it where it stands, to a type that src/driver/encode-array.ts knows: :ids!::text[].';
  return [{ where, what, remedy }];
}

/** What pgtyped itself would say of a type, or fail to say. */
function checkType(where: string, type: MappableType, mapping: Mapping): Problem | undefined {
  const enumType = isEnum(type) ? type : isEnumArray(type) ? type.elementType : undefined;
  const label = enumType?.enumValues.find((each) => /['\\\n]/.test(each));
  if (label !== undefined) {
    const what = `pgtyped cannot write the label ${JSON.stringify(label)} of the enum ${enumType?.name}: its quote ends the string`;
    const remedy = `Rename it (ALTER TYPE ${enumType?.name} RENAME VALUE), or cast the enum to text.`;
    return { where, what, remedy };
  }
  const name = nameOf(type).replace(/^_/, '');
  if (typeof type !== 'string' || name in mapping) return undefined;
  const what = `Postgres type '${name}' is not supported by mapping`;
  return { where, what, remedy: 'Cast it to a type that pgtyped maps, or map it in pgtyped.config.json.' };
}

function declare(type: MappableType, mapping: Mapping): string {
  if (typeof type !== 'string') return isEnum(type) ? 'string' : 'an array';
  if (type.startsWith('_')) return 'an array';
  return mapping[type as keyof Mapping]?.return.name ?? 'unknown';
}

function nameOf(type: MappableType): string {
  return typeof type === 'string' ? type : type.name;
}

function oidOf(type: MappableType): number {
  const builtins: Readonly<Record<string, number>> = { ...pg.types.builtins };
  return builtins[nameOf(type).toUpperCase()] ?? 0;
}

function locateColumn(query: Query, name: string): string {
  const outermost = query.scopes.find(({ isOutermost }) => isOutermost);
  const target = outermost?.result.find((each) => each.name === name);
  return locate(query, target?.location ?? outermost?.location);
}

function locateParameter(query: Query, number: number): string {
  const found = findAll<{ number?: number; location?: number }>(query.statement, 'ParamRef');
  return locate(query, found.find((each) => each.number === number)?.location);
}
