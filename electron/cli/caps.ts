/** porthole caps: capability masks in words. */
import { parseArgs } from 'node:util';
import {
  againstDefault,
  CAPABILITIES,
  CAPABILITY_SETS,
  capabilityBits,
  capabilityMeaning,
  capshName,
  decodeAsCapsh,
  differenceWords,
  hasCapability,
  parseMask,
  type CapabilityDifference,
} from '../../shared/capabilities.ts';
import type { Subject } from '../../shared/compare.ts';
import { engineKindOf } from '../../shared/container-engine.ts';
import { lsmMeaning } from '../../shared/lsm.ts';
import type { Capabilities, ProcessDetail } from '../../shared/model.ts';
import { visible } from '../../shared/text.ts';
import { Failure, UsageFault } from './fault.ts';
import { lookFor, processByPid, subjectBy } from './find.ts';
import type { Look } from './look.ts';
import { print, printJson } from './print.ts';

export const usage = `porthole caps MASK|PID|--of CONTAINER [--json]

A mask decoded as capsh --decode does, or the five sets of a process, what each capability in them allows, no_new_privs and
the label of the security module; of one in a container also what was added to the engine’s default set and what was
dropped; --json adds the id maps. Up to seven digits without 0x are a PID; after --of everything is a PID or a container, even
what could be a mask.`;

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
  const { capabilities, noNewPrivs } = detail.status.value;
  const sets = setsOf(capabilities);
  const difference = differenceOf(look, subject, capabilities);
  if (json) {
    return printJson({
      pid: process.pid,
      sets: Object.fromEntries(sets.map(([name, mask]) => [name, jsonOf(mask)])),
      container: subject.container?.id ?? null,
      comparedWithDefault: difference,
      noNewPrivs,
      lsm: detail.lsm,
      uidMap: detail.uidMap,
      gidMap: detail.gidMap,
    });
  }
  const compared = difference === null ? '' : `CapBnd is ${differenceWords(difference)}\n${listed(difference)}`;
  const decoded = sets.map(([name, mask]) => `${name}: ${decodeAsCapsh(mask)}\n`).join('');
  const rest = `NoNewPrivs: ${noNewPrivs === null ? 'not told by this kernel' : Number(noNewPrivs)}\nLSM: ${lsmLine(detail.lsm)}\n`;
  return print(decoded + rest + compared + meanings(sets));
};

const lsmLine = (lsm: ProcessDetail['lsm']): string => {
  const meaning = lsmMeaning(lsm);
  if (!lsm.ok) return meaning ?? `${lsm.why}: ${lsm.call}`;
  return [visible(lsm.value) || 'no label', ...(meaning === null ? [] : [meaning])].join('; ');
};

/** Each capability of any set once: in which sets it is, by their first letters in the order of /proc/PID/status, and its sentence. */
const meanings = (sets: readonly (readonly [string, string])[]): string => {
  const letters = CAPABILITY_SETS.filter(({ field }) => sets.some(([name]) => name === field));
  const legend = letters.map(({ set }) => `${set[0]} ${set}`).join(', ');
  const bits = [...new Set(sets.flatMap(([, mask]) => capabilityBits(mask)))].sort((a, b) => a - b);
  if (bits.length === 0) return '';
  const masks = new Map(sets);
  const lines = bits.map((bit) => {
    const within = letters.map(({ field, set }) => (hasCapability(masks.get(field) ?? null, bit) ? set[0] : '-'));
    return `  ${within.join('')}  ${capshName(bit).padEnd(22)} ${capabilityMeaning(bit)}\n`;
  });
  return `What they allow (${legend}):\n${lines.join('')}`;
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

/** Under the names and in the order of /proc/PID/status; without those that this kernel has not. */
const setsOf = (capabilities: Capabilities): (readonly [string, string])[] =>
  CAPABILITY_SETS.flatMap(({ set, field }) => {
    const mask = capabilities[set];
    return mask === null ? [] : [[field, mask] as const];
  });

const jsonOf = (mask: string) => ({
  mask: parseMask(mask).toString(16).padStart(16, '0'),
  text: decodeAsCapsh(mask),
  capabilities: capabilityBits(mask).map((bit) => {
    const known = CAPABILITIES[bit];
    return {
      bit,
      name: known === undefined ? null : capshName(bit),
      meaning: known?.meaning ?? null,
    };
  }),
});
