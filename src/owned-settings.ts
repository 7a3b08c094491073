import type { Site } from './site.ts';
import type { Settings } from './supabase/auth-settings.ts';

/** The Auth settings that windlass.yaml states for the environment; no other is ever touched. */
export function ownedSettings(site: Site): Settings {
  const stated = Object.entries(site.environment.supabase.settings);
  return Object.fromEntries(
    stated.flatMap(([field, value]) => {
      if (value === undefined) return [];
      return [[field, field === 'smtp_port' ? String(value) : value]]; // a text in the API
    }),
  );
}
