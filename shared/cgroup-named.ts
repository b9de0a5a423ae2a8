/** What made a cgroup, as its name tells: systemd's units, snaps, pods of Kubernetes, the parents of engines' containers. */
import { visible } from './text.ts';

// systemd.unit(5): `-` and other characters inside of a name are spelt \xNN.
const unescaped = (name: string): string =>
  name.replaceAll(/\\x([2-7][0-9a-f])/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

const QOS: Readonly<Record<string, string>> = { burstable: 'burstable', besteffort: 'best-effort' };

type Rule = readonly [pattern: RegExp, words: (...groups: readonly (string | undefined)[]) => string];

/** Tried in order on the last part of the path. The forms are their makers' own. */
const RULES: readonly Rule[] = [
  // snapd: snap.NAME.APP.service, and snap.NAME.APP-UUID.scope of what a user started.
  [/^snap\.([^.]+)\.([^.]+?)(?:-[0-9a-f-]{36})?\.(?:service|scope)$/, (snap, app) => (snap === app ? `The snap ${snap}` : `The snap ${snap}, its app ${app}`)], // prettier-ignore
  // snapd's hooks, of the snap or of an instance of it.
  [/^snap\.([^.]+)\.hook\.([^.]+?)(?:-[0-9a-f-]{36})?\.scope$/, (snap, hook) => `The snap ${snap}, its hook ${hook}`],
  // kubelet with the systemd driver, then with cgroupfs; k8s.io/kubernetes pkg/kubelet/cm.
  // kind and others run kubelet with a cgroup root of its own, whose name comes first: kubelet-kubepods-….slice.
  [/^(?:[\w-]+-)?kubepods(?:-(burstable|besteffort))?-pod([0-9a-f_]+)\.slice$/, (qos, uid = '') => `A ${QOS[qos ?? ''] ?? 'guaranteed'} pod of Kubernetes, ${uid.replaceAll('_', '-')}`], // prettier-ignore
  [/^(?:[\w-]+-)?kubepods-(burstable|besteffort)\.slice$/, (qos) => `All ${QOS[qos ?? ''] ?? ''} pods of Kubernetes`],
  [/^(?:(?:[\w-]+-)?kubepods\.slice|kubepods)$/, () => 'All pods of Kubernetes'],
  // Of a static pod the uid is a hash without dashes.
  [/^pod([0-9a-f]{8}-[0-9a-f-]+|[0-9a-f]{32})$/, (uid) => `A pod of Kubernetes, ${uid}`],
  [/^(?:machine|user)-libpod_pod_([0-9a-f]{12})[0-9a-f]*\.slice$/, (id) => `A pod of Podman, ${id}`],
  // logind; man 8 pam_systemd.
  [/^user-(\d+)\.slice$/, (uid) => `All that user ${uid} runs`],
  [/^user@(\d+)\.service$/, (uid) => `The services of user ${uid}`],
  [/^session-(\w+)\.scope$/, (session) => `Login session ${session}`],
  [/^app-.+\.(?:slice|scope|service)$/, () => 'A program of a desktop session'],
  // man 7 systemd.special.
  [/^-\.slice$/, () => 'systemd’s root'],
  [/^init\.scope$/, () => 'systemd itself'],
  [/^system\.slice$/, () => 'All services of the system'],
  [/^user\.slice$/, () => 'All that users run'],
  [/^machine\.slice$/, () => 'All containers and virtual machines that systemd was told of'],
  [
    /^(?:libpod-conmon|crio-conmon)-([0-9a-f]{12})/,
    (id) => `The supervisor (conmon) of container ${id}, outside of it`,
  ],
  [/^lxc\.monitor\.(.+)$/, (name) => `The supervisor of LXC’s container ${name}, outside of it`],
  [/^docker$/, () => 'Docker’s containers'],
  [/^libpod_parent$/, () => 'Podman’s containers'],
  [/^(.+)\.slice$/, (name) => `systemd’s slice ${name}`],
  [/^(.+)\.service$/, (name) => `systemd’s service ${name}`],
  [/^(.+)\.scope$/, (name) => `systemd’s scope ${name}`],
  [/^(.+)\.(socket|mount|swap)$/, (name, kind) => `systemd’s ${kind} unit ${name}`],
];

/** `systemd’s service nginx.`; `null` where the name tells nothing. Names in it are made visible. */
export const cgroupNamed = (path: string): string | null => {
  const name = unescaped(path.slice(path.lastIndexOf('/') + 1));
  for (const [pattern, words] of RULES) {
    const found = pattern.exec(name);
    if (found) return visible(`${words(...found.slice(1))}.`);
  }
  return null;
};
