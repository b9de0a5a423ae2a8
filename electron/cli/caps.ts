/** porthole caps: capability masks in words. */
import { parseArgs } from 'node:util';
import { CAPABILITIES, capabilityBits, decodeAsCapsh, parseMask } from '../../shared/capabilities.ts';
import { parsed } from '../host/parse/format-error.ts';
import { parseStatus } from '../host/parse/status.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { Failure, UsageFault } from './fault.ts';
import { print, printJson } from './print.ts';

export const usage = `porthole caps MASK|PID [--json]

A mask decoded as capsh --decode does, or the five sets of a process. Up to seven digits without 0x are a PID.`;

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0)
    throw new UsageFault('give one mask or pid: porthole caps 00000000a80425fb');
  if (isPid(text)) {
    const sets = setsOf(Number(text));
    if (values.json)
      return printJson({
        pid: Number(text),
        sets: Object.fromEntries(sets.map(([name, mask]) => [name, jsonOf(mask)])),
      });
    return print(sets.map(([name, mask]) => `${name}: ${decodeAsCapsh(mask)}\n`).join(''));
  }
  checkMask(text);
  return values.json ? printJson(jsonOf(text)) : print(`${decodeAsCapsh(text)}\n`);
};

/** No pid has more digits: PID_MAX_LIMIT is 4194304. Nor does one begin with 0, as masks mostly do. */
const isPid = (text: string): boolean => /^[1-9]\d{0,6}$/.test(text);

const checkMask = (text: string): void => {
  try {
    parseMask(text);
  } catch {
    throw new UsageFault(`${JSON.stringify(text)} is no mask of up to 16 hex digits, nor a pid`);
  }
};

/** Under the names and in the order of /proc/PID/status. */
const setsOf = (pid: number): [name: string, mask: string][] => {
  const status = parsed(new LinuxKernel().text(`/proc/${pid}/status`), parseStatus);
  if (!status.ok) {
    if (status.why === 'denied') throw new Failure(`process ${pid} is closed to this user; run as root`);
    throw new Failure(`there is no process ${pid}; if it is a mask, write 0x${pid}`);
  }
  const { inheritable, permitted, effective, bounding, ambient } = status.value.capabilities;
  const all: [string, string | null][] = [
    ['CapInh', inheritable],
    ['CapPrm', permitted],
    ['CapEff', effective],
    ['CapBnd', bounding],
    ['CapAmb', ambient],
  ];
  return all.filter((set): set is [string, string] => set[1] !== null);
};

const jsonOf = (mask: string) => ({
  mask: parseMask(mask).toString(16).padStart(16, '0'),
  text: decodeAsCapsh(mask),
  capabilities: capabilityBits(mask).map((bit) => {
    const known = CAPABILITIES[bit];
    return {
      bit,
      name: known === undefined ? null : `cap_${known.name.toLowerCase()}`,
      meaning: known?.meaning ?? null,
    };
  }),
});
