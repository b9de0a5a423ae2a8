/** porthole seccomp: what a process may call, by its own filters. */
import { parseArgs } from 'node:util';
import { disassemble, disassembly } from '../../shared/bpf-text.ts';
import { PortholeError } from '../../shared/frames.ts';
import { actionMeaning, actionWord } from '../../shared/seccomp-action.ts';
import { answerOf, answerSentence, callsIn, deniedByAction, type SeccompAnswer } from '../../shared/seccomp-answer.ts';
import { strictAnswer, seccompMeaning, seccompWords } from '../../shared/seccomp.ts';
import type { SeccompFilters } from '../../shared/seccomp-model.ts';
import { caseTexts, verdictSentence, verdictText } from '../../shared/seccomp-verdict.ts';
import { architecture } from '../../shared/syscalls.ts';
import { visible } from '../../shared/text.ts';
import { seccompThreadLines } from '../../shared/seccomp-threads.ts';
import { LinuxKernel } from '../host/read/kernel.ts';
import { readFilters } from '../host/seccomp/read-filters.ts';
import { Failure, UsageFault } from './fault.ts';
import { lookFor, subjectBy } from './find.ts';
import { note, print, printJson } from './print.ts';

export const usage = `porthole seccomp PID|TID|CONTAINER [--json] [--disassemble]

Which system calls a process may make: its seccomp filters, read from the kernel and answered call by call. Needs root.
The process is stopped for it, for less than a millisecond as a rule, and goes on as before; a wait that it is in may
return early (EINTR). A container stands for its first process, a process for its first thread;
filters belong to threads, and those that have others are named.

  --disassemble  the filters themselves, instruction by instruction`;

export const run = async (args: readonly string[]): Promise<void> => {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean' }, disassemble: { type: 'boolean' } },
    allowPositionals: true,
  });
  const [text, ...more] = positionals;
  if (text === undefined || more.length > 0)
    throw new UsageFault('give one process or container: porthole seccomp web');
  const tid = threadOf(text);
  const whose = tid === null ? text : String(tid.process);
  const { process: subject, label } = subjectBy(await lookFor([whose]), whose);
  if (subject === null) throw new Failure(`there is no process of ${visible(text)} to ask`);
  const who = tid === null ? `process ${subject.pid}` : `thread ${tid.thread} of process ${subject.pid}`;
  if (hasFilters(tid?.thread ?? subject.pid)) note(`stopping ${who} for a moment, to read its filters`);
  const told = await filtersOf(subject.key, tid?.thread ?? null);
  const audit = told.architecture === null ? 0 : architecture(told.architecture).audit;
  const answer = answerFor(told);
  if (told.stoppedMillis !== null) {
    note(`${who} was stopped for ${told.stoppedMillis.toFixed(1)} ms`);
  }
  if (values.json) return printJson(jsonOf(told, answer, audit, values.disassemble === true));
  const title = `${visible(label)}, ${who}: ${seccompWords({ seccomp: told.mode, seccompFilters: told.filters.length })}\n`;
  if (values.disassemble) {
    const programs = told.filters.map(
      ({ program }, i) => `\n${filterTitle(told, i)}\n${disassembly(program, audit)}\n`,
    );
    return print(title + programs.join(''));
  }
  if (told.mode === 0) return print(`${title}${threadsText(told)}${seccompMeaning(told.mode)}\n`);
  return print(title + threadsText(told) + (answer === null ? noAnswer(told) : answerText(answer)));
};

/** A number of a thread that is not its process's first: man 5 proc_pid_status, Tgid. The kernel hides it among processes. */
const threadOf = (text: string): { readonly thread: number; readonly process: number } | null => {
  if (!/^[1-9]\d{0,9}$/.test(text)) return null;
  const status = new LinuxKernel().text(`/proc/${text}/status`);
  const process = status.ok ? /^Tgid:\t(\d+)$/m.exec(status.value)?.[1] : undefined;
  return process === undefined || process === text ? null : { thread: Number(text), process: Number(process) };
};

/** SECCOMP_MODE_FILTER; man 5 proc_pid_status. Nothing else is stopped to be read. */
const hasFilters = (thread: number): boolean => {
  const status = new LinuxKernel().text(`/proc/${thread}/status`);
  return status.ok && /^Seccomp:\t2$/m.test(status.value);
};

const filtersOf = async (...[key, tid]: Parameters<typeof readFilters>): Promise<SeccompFilters> => {
  try {
    return await readFilters(key, tid);
  } catch (error) {
    throw error instanceof PortholeError ? new Failure(error.message) : error;
  }
};

const answerFor = ({ mode, architecture: name, filters }: SeccompFilters): SeccompAnswer | null => {
  if (name === null) return null;
  return mode === 1
    ? strictAnswer(name)
    : answerOf(
        filters.map(({ program }) => program),
        name,
      );
};

const noAnswer = ({ mode }: SeccompFilters): string =>
  `${seccompMeaning(mode)} For this machine’s architecture there is no table of system calls here; --disassemble shows the filter.\n`;

const threadsText = ({ threads }: SeccompFilters): string =>
  seccompThreadLines(threads)
    .map((line) => `${line}\n`)
    .join('');

const filterTitle = ({ filters }: SeccompFilters, index: number): string => {
  const { program, log } = filters[index]!;
  const which =
    filters.length === 1 ? '' : ` (${index + 1} of ${filters.length}${index === 0 ? ', the newest, asked first' : ''})`;
  return `filter${which}: ${program.length} instructions${log === true ? ', denials are logged' : ''}`;
};

/** As wide as a terminal is at least. */
const WIDTH = 100;
const wrapped = (words: readonly string[], indent: string): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of words) {
    if (line !== '' && indent.length + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((one) => `${indent}${one}\n`).join('');
};

const answerText = (answer: SeccompAnswer): string => {
  const parts = [`${answerSentence(answer)}\n`];
  const names = (calls: readonly { readonly name: string }[]) => calls.map(({ name }) => name);
  const allowed = callsIn(answer, 'allowed');
  if (allowed.length > 0) parts.push(`\nallowed\n${wrapped(names(allowed), '  ')}`);
  const logged = callsIn(answer, 'logged');
  if (logged.length > 0) parts.push(`\nallowed, and noted in the kernel’s log\n${wrapped(names(logged), '  ')}`);
  const conditional = callsIn(answer, 'conditional');
  if (conditional.length > 0) {
    parts.push('\nby their arguments\n');
    for (const { name, verdict } of conditional) {
      if (verdict.kind !== 'depends') continue;
      parts.push(
        `  ${name}\n${[...caseTexts(verdict.cases), `otherwise ${verdictText({ kind: 'action', action: verdict.otherwise })}`].map((line) => `    ${line}\n`).join('')}`,
      );
    }
  }
  for (const { action, calls } of deniedByAction(answer)) {
    parts.push(`\ndenied, ${actionWord(action)}: the call ${actionMeaning(action)}\n${wrapped(names(calls), '  ')}`);
  }
  const unknown = callsIn(answer, 'unknown');
  if (unknown.length > 0) {
    parts.push(`\n${verdictSentence(unknown[0]!.verdict)}\n${wrapped(names(unknown), '  ')}`);
  }
  if (answer.unnamed.length === 0) return parts.join('');
  parts.push('\nnumbers that no call is known for here\n');
  for (const { from, to, verdict } of answer.unnamed) {
    parts.push(`  ${from === to ? from : `${from} to ${to}`}: ${verdictText(verdict)}\n`);
  }
  parts.push('\nother ways into the kernel, where it has them\n');
  for (const { name, how, answers } of answer.foreign) {
    parts.push(`  ${name} (${how}): ${answers.map(({ text, count }) => `${count} ${text}`).join(', ')}\n`);
  }
  return parts.join('');
};

const jsonOf = (told: SeccompFilters, answer: SeccompAnswer | null, audit: number, listing: boolean) => ({
  process: told.key,
  thread: told.tid,
  mode: told.mode,
  modeWords: seccompMeaning(told.mode),
  stoppedMillis: told.stoppedMillis,
  threads: told.threads,
  filters: told.filters.map(({ program, log }) => ({
    instructions: program.length,
    log,
    ...(listing ? { program: disassemble(program, audit) } : {}),
  })),
  answer:
    answer === null
      ? null
      : {
          ...answer,
          calls: answer.calls.map((call) => ({ ...call, text: verdictText(call.verdict) })),
          unnamed: answer.unnamed.map((range) => ({ ...range, text: verdictText(range.verdict) })),
        },
});
