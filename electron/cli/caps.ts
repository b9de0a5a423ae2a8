/** porthole caps: capability masks in words. */
import { parseArgs } from 'node:util';
import {
  againstDefault,
  CAPABILITIES,
  capabilityBits,
  decodeAsCapsh,
  differenceWords,
  parseMask,
  type CapabilityDifference,
} from '../../shared/capabilities.ts';
import type { Subject } from '../../shared/compare.ts';
import { engineKindOf } from '../../shared/container-engine.ts';
import type { Capabilities } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';
import { Failure, UsageFault } from './fault.ts';
import { lookFor, processByPid, subjectBy } from './find.ts';
import type { Look } from './look.ts';
import { print, printJson } from './print.ts';

export const usage = `porthole caps MASK|PID|--of CONTAINER [--json]

A mask decoded as capsh --decode does, or the five sets of a process; of one in a container also what was added to the
engine’s default set and what was dropped; --json adds no_new_privs, the label of the security module and the id maps. Up to seven digits without 0x are a PID; after --of everything is a PID or a
container, even what could be a mask.`;

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, of: { type: 'string' } },
    allowPositionals: true,
  });
  const [text, ...more] = positionals;
  if ((text === undefined) === (values.of === undefined) || more.length > 0)
    throw new UsageFault('give one mask or pid: porthole caps 00000000a80425fb, or porthole caps --of web');
  if (values.of !== undefined) return tellSubject(values.of, values.json === true);
  if (isPid(text!)) return tellSubject(text!, values.json === true);
  checkMask(text!);
  return values.json ? printJson(jsonOf(text!)) : print(`${decodeAsCapsh(text!)}\n`);
};

/** No pid has more digits: PID_MAX_LIMIT is 4194304. Nor does one begin with 0, as masks mostly do. */
const isPid = (text: string): boolean => /^[1-9]\d{0,6}$/.test(text);

const checkMask = (text: string): void => {
  try {
    parseMask(text);
  } catch {
    throw new UsageFault(
      `${JSON.stringify(text)} is no mask of up to 16 hex digits, nor a pid; porthole caps --of ${visible(text)} asks for a container`,
    );
  }
};

const tellSubject = async (text: string, json: boolean): Promise<void> => {
  const look = await lookFor([text]);
  if (
    isPid(text) &&
    processByPid(look.world, text) === null &&
    look.world.containers.every(({ name }) => name !== text)
  )
    throw new Failure(`there is no process ${text}; if it is a mask, write 0x${text}`);
  const subject = subjectBy(look, text);
  const { process, detail } = subject;
  if (process === null || detail === null || !detail.status.ok)
    throw new Failure(`process ${process?.pid ?? visible(text)} is closed to this user; run as root`);
  const { capabilities } = detail.status.value;
  const sets = setsOf(capabilities);
  const difference = differenceOf(look, subject, capabilities);
  if (json) {
    return printJson({
      pid: process.pid,
      sets: Object.fromEntries(sets.map(([name, mask]) => [name, jsonOf(mask)])),
      container: subject.container?.id ?? null,
      comparedWithDefault: difference,
      noNewPrivs: detail.status.value.noNewPrivs,
      lsm: detail.lsm,
      uidMap: detail.uidMap,
      gidMap: detail.gidMap,
    });
  }
  const compared = difference === null ? '' : `CapBnd is ${differenceWords(difference)}\n${listed(difference)}`;
  return print(sets.map(([name, mask]) => `${name}: ${decodeAsCapsh(mask)}\n`).join('') + compared);
};

const differenceOf = (
  { world }: Look,
  { container }: Subject,
  { bounding }: Capabilities,
): CapabilityDifference | null => {
  const engine = container === null ? null : engineKindOf(container, world.engines);
  return engine === null ? null : againstDefault(bounding, engine);
};

const listed = ({ added, dropped }: CapabilityDifference): string =>
  [...added.map((name) => ['added', name] as const), ...dropped.map((name) => ['dropped', name] as const)]
    .map(([how, name]) => {
      const known = CAPABILITIES.find((capability) => capability.name === name);
      return `  ${how.padEnd(8)}cap_${name.toLowerCase()}${known === undefined ? '' : `: ${known.meaning}`}\n`;
    })
    .join('');

/** Under the names and in the order of /proc/PID/status. */
const setsOf = ({ inheritable, permitted, effective, bounding, ambient }: Capabilities): [string, string][] => {
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
