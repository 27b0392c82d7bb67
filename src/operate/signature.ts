import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far a request's time may be off, on either side: what was recorded is worth nothing later. */
const windowSeconds = 5 * 60;

export interface Signed {
  /** X-Parallel-Run-Timestamp: whole seconds since 1970. */
  readonly timestamp: string | undefined;
  /** X-Parallel-Run-Signature: "v1=" and the hexadecimal HMAC-SHA256 of "v1:<timestamp>:<body>". */
  readonly signature: string | undefined;
  readonly body: Buffer;
}

/** Whether one of the secrets signed it, just now. Takes the same time whichever digit is wrong. */
export function isSigned({ timestamp, signature, body }: Signed, secrets: readonly string[], now: Date): boolean {
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now.getTime() / 1_000 - Number(timestamp)) > windowSeconds) return false;
  const given = /^v1=([0-9a-f]{64})$/.exec(signature ?? '')?.[1];
  if (given === undefined) return false;
  // All of them, so that the time does not tell which one it was.
  return secrets
    .map((secret) => {
      const wanted = createHmac('sha256', secret).update(`v1:${timestamp}:`).update(body).digest();
      return timingSafeEqual(wanted, Buffer.from(given, 'hex'));
    })
    .includes(true);
}
