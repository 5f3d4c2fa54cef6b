// The only place that makes randomness; everything else is handed a Random.
import { randomBytes } from 'node:crypto';

export interface Random {
  /** A number in [0, 1). */
  number(): number;
  /** `bytes` random bytes, in base64url. */
  token(bytes: number): string;
}

export const systemRandom: Random = {
  number: () => Math.random(),
  token: (bytes) => randomBytes(bytes).toString('base64url'),
};
