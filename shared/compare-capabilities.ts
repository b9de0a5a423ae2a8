import { capabilitiesBeyond, parseMask } from './capabilities.ts';
import type { Capabilities, ProcessDetail } from './model.ts';

export interface CapabilityRow {
  readonly set: keyof Capabilities;
  /** 16 hex digits; `null`: could not be read, or the kernel has no such set. */
  readonly a: string | null;
  readonly b: string | null;
  readonly same: boolean | null;
  /** Names that only one side has. */
  readonly onlyA: readonly string[];
  readonly onlyB: readonly string[];
}

const SETS = ['effective', 'permitted', 'inheritable', 'bounding', 'ambient'] as const;

/** One row a set; none if a detail is missing. */
export const compareCapabilities = (a: ProcessDetail | null, b: ProcessDetail | null): readonly CapabilityRow[] =>
  a === null || b === null ? [] : SETS.map((set) => capabilityRow(set, maskOf(a, set), maskOf(b, set)));

const maskOf = ({ status }: ProcessDetail, set: keyof Capabilities): string | null =>
  status.ok ? status.value.capabilities[set] : null;

const capabilityRow = (set: keyof Capabilities, a: string | null, b: string | null): CapabilityRow => {
  if (a === null || b === null) return { set, a, b, same: null, onlyA: [], onlyB: [] };
  const same = parseMask(a) === parseMask(b);
  return { set, a, b, same, onlyA: capabilitiesBeyond(a, b), onlyB: capabilitiesBeyond(b, a) };
};
