// Faults on demand: the next calls of a method fail, hang, crawl, or lose their connection before or after they count.
import type { ResponseParameters } from './errors.ts';

interface FaultAnswer {
  status: number;
  description?: string;
  parameters?: ResponseParameters;
  /** Sent as it is instead of a JSON answer, such as a proxy's HTML page. */
  body?: string;
}

export type Fault = FaultAnswer | 'reset-before' | 'reset-after' | 'hang' | 'slow' | { slowMs: number };

export interface FaultRule {
  method?: string;
  chatId?: number | string;
  times: number;
  fault: Fault;
}

export class Faults {
  readonly #rules: FaultRule[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ ...rule });
  }

  clear(): void {
    this.#rules.length = 0;
  }

  /** The fault that strikes this call, if any; it is used up. */
  strike(method: string, chatIds: readonly string[]): Fault | undefined {
    const rule = this.#rules.find(
      (candidate) =>
        candidate.times > 0 &&
        (candidate.method === undefined || candidate.method.toLowerCase() === method.toLowerCase()) &&
        (candidate.chatId === undefined || chatIds.includes(String(candidate.chatId))),
    );
    if (!rule) return undefined;
    rule.times--;
    return rule.fault;
  }
}
