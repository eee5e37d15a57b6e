import { asAdmin, templateName } from './test-database';
import './global-setup';

export default async function globalTeardown(): Promise<void> {
  await asAdmin(`drop database if exists ${templateName()} with (force)`);
  await globalThis.stopTestPostgres?.();
}
