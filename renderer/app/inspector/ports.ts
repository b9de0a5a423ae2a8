import type { ContainerPort } from '../../../shared/model.ts';

/** `127.0.0.1:8080 → 80/tcp`, or `6379/tcp` alone where nothing outside leads to it. */
export const portWords = ({ host, hostPort, port, protocol }: ContainerPort): string => {
  const inside = `${port}/${protocol}`;
  if (hostPort === null) return inside;
  const address = host === null || host === '0.0.0.0' || host === '::' ? '' : host.includes(':') ? `[${host}]` : host;
  return `${address}:${hostPort} → ${inside}`;
};

/** All ports once: engines list one published on IPv4 and on IPv6 twice. */
export const portsInWords = (ports: readonly ContainerPort[]): readonly string[] => [...new Set(ports.map(portWords))];
