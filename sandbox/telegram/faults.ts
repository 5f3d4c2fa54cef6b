// Faults on demand: the next calls of a method fail, hang, crawl, lose their connection before or after they count, or
// count and are answered with rubbish.
import type { Damage } from './damage.ts';
import type { ResponseParameters } from './errors.ts';

interface FaultAnswer {
  status: number;
  description?: string;
  parameters?: ResponseParameters;
  /** Sent as it is instead of a JSON answer, such as a proxy's HTML page. */
  body?: string;
}

/** The call counts in those after `reset-before` and before `slow`: only its answer is lost, late or spoilt. */
export type Fault =
  FaultAnswer | 'hang' | 'reset-before' | 'reset-after' | 'hang-after' | Damage | 'slow' | { slowMs: number };

export interface FaultRule {
  method?: string;
  chatId?: number | string;
  times: number;
  /** So many matching calls pass unharmed before. */
  after?: number;
  fault: Fault;
}

export class Faults {
  #rules: (FaultRule & { after: number })[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ after: 0, ...rule });
  }

  clear(): void {
    this.#rules = [];
  }

  /** The fault that strikes this call, if any; it is used up. */
  strike(method: string, chatIds: readonly string[]): Fault | undefined {
    for (const rule of this.#rules) {
      if (rule.method !== undefined && rule.method.toLowerCase() !== method.toLowerCase()) continue;
      if (rule.chatId !== undefined && !chatIds.includes(String(rule.chatId))) continue;
      if (rule.after > 0) {
        rule.after--;
        continue;
      }
      rule.times--;
      if (rule.times <= 0) this.#rules = this.#rules.filter((other) => other !== rule);
      return rule.fault;
    }
    return undefined;
  }
}
