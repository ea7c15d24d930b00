import { stringify } from 'yaml';
import type { Settings } from './settings';

const HIDDEN = '(hidden)';

/** As a file would say it, without secrets. */
export function printSettings(settings: Settings): string {
  return stringify({
    ...settings,
    ...(settings.databaseUrl !== undefined && { databaseUrl: withoutPassword(settings.databaseUrl) }),
    webhookSecrets: settings.webhookSecrets.map(() => HIDDEN),
    apiKeys: settings.apiKeys.map((key) => ({ ...key, hash: HIDDEN })),
  });
}

/** What cannot be read as a URL may have its password anywhere. */
function withoutPassword(databaseUrl: string): string {
  try {
    const url = new URL(databaseUrl);
    if (url.password !== '') {
      url.password = 'hidden';
    }
    for (const name of [...url.searchParams.keys()]) {
      if (/password|key/i.test(name)) {
        url.searchParams.set(name, 'hidden');
      }
    }
    return url.href;
  } catch {
    return HIDDEN;
  }
}
