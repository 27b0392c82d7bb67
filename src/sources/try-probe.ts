import type { Services } from '../core/services.ts';
import { checksumOf } from './checksum.ts';
import { probeClosed } from './closed-address.ts';
import { probeRefusal } from './refused-statement.ts';

/** Tries a probe in the way of its kind. */
export const tryProbe: Services['probe'] = (probe, signal) => {
  switch (probe.kind) {
    case 'refused':
      return probeRefusal(probe, signal);
    case 'closed':
      return probeClosed(probe, signal);
    case 'checksum':
      return checksumOf(probe, signal);
  }
};
