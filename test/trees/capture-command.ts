/** npm run capture NAME: writes test/trees/NAME.tree. See build/capture.mjs. */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { LinuxKernel } from '../../electron/host/read/kernel.ts';
import { capture } from './capture.ts';

const { values, positionals } = parseArgs({
  options: {
    pids: { type: 'string' },
    cgroup: { type: 'string', multiple: true },
    comment: { type: 'string' },
  },
  allowPositionals: true,
});
const [file = ''] = positionals;
const text = capture(new LinuxKernel(), {
  comment: values.comment ?? `A captured machine.`,
  cgroups: values.cgroup ?? [],
  ...(values.pids === undefined ? {} : { pids: values.pids.split(',').map(Number) }),
});
writeFileSync(file, text);
console.log(`${file}: ${Math.ceil(text.length / 1024)} KiB. Look through it before you keep it.`);
