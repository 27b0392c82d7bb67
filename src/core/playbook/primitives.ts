import { z } from 'zod';

/* What every part of a playbook is made of. */

export const text = z.string().trim().min(1, 'must not be empty');
export const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of day such as "07:00"');
export const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be lower case letters, digits and hyphens, begin with a letter, at most 40');
export const minutes = z.int().min(1).max(1_440);
export const identifier = z
  .string()
  .regex(/^[a-zA-Z][a-zA-Z0-9]*$/, 'must be letters and digits, and begin with a letter');
export const query = text.describe('One SQL query. It is trusted: whoever writes the playbook decides what is run.');

export const percentage = z
  .string()
  .regex(/^(100|\d{1,2}(\.\d+)?)\s*%$/, 'must be a percentage, such as "99.5 %"')
  .transform((value) => /^[\d.]+/.exec(value)?.[0] ?? '100');
