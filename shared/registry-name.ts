/** Which registry an image's name means; distribution/reference, normalize.go. */

export const DOCKER_HUB = 'docker.io';

/** `docker.io`, `quay.io`, `127.0.0.1:5000`: the host part, if the first part of the name is one. */
export const registryOf = (image: string): string => {
  const [first = '', ...rest] = image.split('/');
  if (rest.length === 0 || !(/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()))
    return DOCKER_HUB;
  return first === 'index.docker.io' ? DOCKER_HUB : first;
};

/** What to do about a pull that was refused, after the engine's words; empty where nothing is known. */
export const pullAdvice = (words: string, image: string, client: 'docker' | 'podman'): string => {
  const host = registryOf(image);
  const login = `${client} login${client === 'docker' && host === DOCKER_HUB ? '' : ` ${host}`}`;
  if (/denied|unauthorized|authentication required|no basic auth|\b401\b|\b403\b/i.test(words))
    return `${host} lets only those in whom it knows, or has no such image. Check the name, or log in: ${login}`;
  if (/manifest unknown|name unknown|not found|unknown: /i.test(words))
    return `${host} has no image or tag of this name.`;
  if (/toomanyrequests|rate limit/i.test(words)) return `${host} gives more to those whom it knows: ${login}`;
  if (/server gave HTTP response to HTTPS client/i.test(words))
    return `${host} speaks without TLS; the engine must be told that it may (insecure registries).`;
  return '';
};

/** `redis` as `docker.io/library/redis:latest`; a digest stays what it is. */
const wholeName = (image: string): string => {
  const registry = registryOf(image);
  const path = image.startsWith(`${registry}/`) || image.startsWith('index.docker.io/') ? image.slice(image.indexOf('/') + 1) : image; // prettier-ignore
  const repository = registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  return `${registry}/${repository}${/:[^/]*$/.test(repository) ? '' : ':latest'}`;
};

/**
 * Whether an image of this name is among those that are here; `null` where a name does not tell: a digest, or an ID. Podman
 * takes a short name for any that ends with it (containers/common libimage, LookupImage).
 */
export const isHere = (image: string, names: readonly string[], client: 'docker' | 'podman'): boolean | null => {
  if (image.includes('@') || /^[0-9a-f]{4,64}$/.test(image)) return names.includes(image) ? true : null;
  const whole = wholeName(image);
  const short = `/${/:[^/]*$/.test(image) ? image : `${image}:latest`}`;
  return names.some((name) => wholeName(name) === whole || (client === 'podman' && name.endsWith(short)));
};
