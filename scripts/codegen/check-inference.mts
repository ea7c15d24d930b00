import fs from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import type { Problem } from './problem.mjs';

/**
 * That no function lets a call decide what the parameters of a query are: TypeScript would take the type that is common
 * to the query and to what is passed, and so accept a property that the query does not have.
 */
export function checkInference(root: string): Problem[] {
  return fs
    .readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.startsWith('generated'))
    .flatMap((file) => {
      const text = fs.readFileSync(path.join(root, 'src', file), 'utf8');
      // Most files have no query, and need not be parsed.
      if (!text.includes('PreparedQuery<')) return [];
      return checkFile(ts.createSourceFile(`src/${file}`, text, ts.ScriptTarget.Latest, true));
    });
}

function checkFile(source: ts.SourceFile): Problem[] {
  const problems: Problem[] = [];
  const look = (node: ts.Node) => {
    if (ts.isFunctionLike(node))
      problems.push(...checkTyped(source, node, node.typeParameters, node.parameters));
    if (ts.isInterfaceDeclaration(node) || ts.isTypeLiteralNode(node)) {
      const generic = ts.isInterfaceDeclaration(node) ? node.typeParameters : undefined;
      problems.push(...checkTyped(source, node, generic, node.members.filter(ts.isPropertySignature)));
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return problems;
}

function checkTyped(
  source: ts.SourceFile,
  owner: ts.Node,
  generic: readonly ts.TypeParameterDeclaration[] | undefined,
  parts: readonly (ts.ParameterDeclaration | ts.PropertySignature)[],
): Problem[] {
  const names = (generic ?? []).map(({ name }) => name.text);
  const decided = parts.flatMap(({ type }) => {
    if (type === undefined || !ts.isTypeReferenceNode(type) || type.typeName.getText() !== 'PreparedQuery')
      return [];
    const [params] = type.typeArguments ?? [];
    return params !== undefined && names.includes(params.getText()) ? [params.getText()] : [];
  });
  return parts
    .filter(
      ({ type }) => type !== undefined && ts.isTypeReferenceNode(type) && decided.includes(type.getText()),
    )
    .map((part) => {
      const { line } = source.getLineAndCharacterOfPosition(part.getStart());
      const name = (owner as { name?: ts.Node }).name?.getText();
      return {
        where: `${source.fileName}:${line + 1}${name === undefined ? '' : `, ${name}`}`,
        what: `${part.getText()} lets a call widen the parameters of the query`,
        remedy: `Write ${part.name.getText()}: NoInfer<${part.type?.getText()}>.`,
      };
    });
}
