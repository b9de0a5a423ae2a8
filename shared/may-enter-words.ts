/** The answer of {@link mayEnter} in words. */
import type { MayEnter, Missing, Power } from './may-enter.ts';
import type { NamespaceId } from './model.ts';
import { listed } from './sentence.ts';

export interface EnterWords {
  readonly answer: 'Yes' | 'No' | 'Not known';
  readonly sentence: string;
}

/** Who is spoken of: at the beginning of a sentence, that one's user, and `… own` in the middle of one. Hostile text. */
export interface EnterWho {
  readonly name: string;
  readonly user: string;
  readonly own: string;
}
const SESSION: EnterWho = { name: 'This session', user: 'This session’s user', own: 'this session’s own' };

/** `Yes`, `No` or `Not known`, and one or two sentences that say why. */
export const enterWords = (may: MayEnter, id: NamespaceId, who: EnterWho = SESSION): EnterWords => {
  switch (may.can) {
    case 'yes': {
      const right = rightIn(may.power, may.owner, id, who);
      if (may.via === null) return { answer: 'Yes', sentence: right };
      return {
        answer: 'Yes',
        sentence: `${right} It must enter ${may.via} first, where it then has every capability.`,
      };
    }
    case 'no':
      return { answer: 'No', sentence: refusal(may, who) };
    case 'unknown':
      return { answer: 'Not known', sentence: doubt(may, who) };
  }
};

const rightIn = (power: Power, owner: NamespaceId, id: NamespaceId, who: EnterWho): string => {
  const itself = owner === id;
  if (power.by === 'creator') {
    const made = power.made === owner ? (itself ? 'it' : `its owner, ${owner}`) : `${power.made}, above its owner`;
    return `${who.user} made ${made}, and so has every capability in it.`;
  }
  if (power.held === owner) return `${who.name} holds CAP_SYS_ADMIN in its owner, ${owner}.`;
  return `${who.name} holds CAP_SYS_ADMIN in ${power.held}, which is above ${itself ? 'it' : `its owner, ${owner}`}.`;
};

const refusal = (may: Extract<MayEnter, { can: 'no' }>, who: EnterWho): string => {
  switch (may.why) {
    case 'own-user-namespace':
      return `${who.name} is in it already; the kernel lets nobody enter its own user namespace (EINVAL).`;
    case 'not-below':
      return `It is not below ${who.own}, ${may.pid}; one can only go down (EINVAL).`;
    case 'missing':
      return `${who.name} lacks ${lacking(may.missing)} (EPERM).`;
  }
};

const lacking = (missing: readonly Missing[]): string => {
  const over = missing[0]?.over ?? null;
  const names = listed(missing.map(({ capability }) => capability));
  return over === null ? `${names} in its owner, a user namespace that it may not even see` : `${names} in ${over}`;
};

const doubt = ({ why, of }: Extract<MayEnter, { can: 'unknown' }>, who: EnterWho): string =>
  why === 'reader'
    ? `The namespaces of ${who === SESSION ? 'this session' : who.name} could not be read.`
    : `The ${why === 'creator' ? 'creator' : why} of ${of} could not be asked.`;
