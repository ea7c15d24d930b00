import { variableOf } from '../src/config/load-settings';
import { Settings } from '../src/config/settings';

interface Property {
  readonly default?: unknown;
  readonly description?: string;
}

/** All that can be configured, with defaults, as the schema says it. */
export function settingsPage(): string {
  const properties = Object.entries(Settings.properties as Readonly<Record<string, Property>>);
  const rows = properties.map(([key, { default: fallback, description = '' }]) => {
    const shown = fallback === undefined ? '' : `\`${JSON.stringify(fallback)}\``;
    return `| \`${key}\` | \`${variableOf(key)}\` | ${shown} | ${description} |`;
  });
  const nested = (title: string, of: Readonly<Record<string, Property>>) =>
    `## ${title}\n\n| key | |\n|---|---|\n${Object.entries(of)
      .map(([key, { description = '' }]) => `| \`${key}\` | ${description} |`)
      .join('\n')}`;
  return `# Configuration

Generated of the schema that the configuration is checked by. A YAML or JSON file, \`--config FILE\`, and variables of the
environment over it. What is no text is written in a variable as in YAML: \`PG_TIMER_NAMESPACES='{orders: {}}'\`.

| key | variable | default | |
|---|---|---|---|
${rows.join('\n')}

${nested('Each of apiKeys', Settings.properties.apiKeys.items.properties)}

${nested('Each of namespaces', Object.values(Settings.properties.namespaces.patternProperties)[0]?.properties ?? {})}
`;
}
