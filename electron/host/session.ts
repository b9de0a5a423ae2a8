/** One connected page: its calls answered, its view of the world kept current, its terminals fed. */
import * as v from 'valibot';
import {
  METHODS,
  ToHostSchema,
  type EventName,
  type Events,
  type Handlers,
  type MethodName,
} from '../../shared/contract.ts';
import { PortholeError, type CallError, type Frame, type ToHost } from '../../shared/frames.ts';
import { LogFollowers } from './engines/log-followers.ts';
import { createHandlers, type SessionOptions } from './handlers.ts';
import { errorText } from '../../shared/text.ts';

/** What is done to many containers at once makes a line each; the list is told whole. */
const CHANGES_TELL_MILLIS = 50;

/** What was thrown, as the page may read it. */
const asCallError = (error: unknown): CallError =>
  error instanceof PortholeError
    ? { code: error.code, message: error.message }
    : { code: 'failed', message: errorText(error) };

const checked = (method: string, args: unknown): { method: MethodName; args: unknown } => {
  if (!Object.hasOwn(METHODS, method)) throw new PortholeError('bad-request', 'There is no such method.');
  const name = method as MethodName;
  const parsed = v.safeParse(METHODS[name].args, args);
  if (parsed.success) return { method: name, args: parsed.output };
  const [issue] = parsed.issues;
  throw new PortholeError('bad-request', `${name}: ${v.getDotPath(issue) ?? 'arguments'}: ${issue.message}`);
};

/** Answers the page until its transport closes. */
export const openSession = (options: SessionOptions): void => {
  const { viewer, transport, sampler, terminals, audience, changes } = options;
  const event = <E extends EventName>(name: E, value: Events[E]): void =>
    transport.send({ header: { k: 'event', name, value } });
  const logs = new LogFollowers(options.engines, {
    bytes: (log, bytes) => transport.send({ header: { k: 'log-out', log }, bytes }),
    ended: (end) => event('logEnd', end),
  });
  const handlers: Handlers = createHandlers(options, { logs });
  const forgetTerminals = terminals.onChange((list) => event('terminals', list));
  const forgetClears = terminals.onClear((terminal) => event('terminalCleared', { terminal }));
  let telling: NodeJS.Timeout | undefined;
  const forgetChanges = changes.made.onChange(() => {
    telling ??= setTimeout(() => {
      telling = undefined;
      event('changes', changes.list());
    }, CHANGES_TELL_MILLIS);
  });

  const answer = async (id: number, method: string, args: unknown): Promise<void> => {
    try {
      const call = checked(method, args);
      const handler = handlers[call.method] as (args: unknown) => unknown;
      transport.send({ header: { k: 'answer', id, value: await handler(call.args) } });
    } catch (error) {
      transport.send({ header: { k: 'error', id, error: asCallError(error) } });
    }
  };

  const type = (terminal: string, typed: Uint8Array): void => {
    const took = (): void => transport.send({ header: { k: 'term-took', terminal, bytes: typed.length } });
    try {
      terminals.input(terminal, typed, took);
    } catch (error) {
      if (!(error instanceof PortholeError)) throw error;
      took();
      // Keystrokes race with a terminal's end; then there is nobody to tell.
      if (error.code !== 'not-found') event('terminalRefused', { terminal, bytes: typed.length });
    }
  };

  const receive = ({ header, bytes }: Frame<unknown>): void => {
    const parsed = v.safeParse(ToHostSchema, header);
    if (!parsed.success) return transport.close('a frame was not of the contract');
    const frame = parsed.output;
    switch (frame.k) {
      case 'call':
        void answer(frame.id, frame.method, frame.args);
        break;
      case 'world-ack':
        sampler.ready(viewer, frame.seq);
        break;
      case 'term-in':
        type(frame.terminal, bytes ?? new Uint8Array(0));
        break;
      case 'term-ack':
        quietly(() => terminals.acknowledge(viewer, frame.terminal, frame.bytes));
        break;
      case 'log-ack':
        logs.acknowledge(frame.log, frame.bytes);
        break;
    }
  };

  transport.onFrame(receive as (frame: Frame<ToHost>) => void);
  transport.onClose(() => {
    forgetTerminals();
    forgetClears();
    forgetChanges();
    clearTimeout(telling);
    logs.close();
    sampler.detach(viewer);
    terminals.detachAll(viewer);
    audience.leave(viewer);
  });
};

/** Acknowledgements race with a terminal's end; there is nobody to tell. */
const quietly = (action: () => void): void => {
  try {
    action();
  } catch (error) {
    if (!(error instanceof PortholeError)) throw error;
  }
};
