/**
 * What an engine would do if it were asked to remove an image, by its own rules: moby daemon/images/image_delete.go, and
 * containers/common libimage/runtime.go for Podman. The engine has the last word; this is said before it is asked.
 */
import type { EngineImage } from './images.ts';
import type { Container } from './model.ts';

export interface Removal {
  /** Why it would be refused, and whether force would change that; `null` if it would not be. */
  readonly refused: { readonly why: string; readonly forced: boolean } | null;
  readonly untagged: readonly string[];
  /** Whether the image itself would go, with every layer that no other has. */
  readonly deleted: boolean;
  /** Podman, by force, removes these with it. */
  readonly containers: readonly string[];
}

type User = Pick<Container, 'id' | 'name' | 'state'>;

const runs = ({ state }: User): boolean => state === 'running' || state === 'paused' || state === 'restarting';
const named = ({ id, name }: User): string => name ?? id.slice(0, 12);

/** `ref`: one of its tags, or its ID for all of it. `users`: the containers made from it. */
export const removalOf = (
  image: EngineImage,
  ref: string,
  force: boolean,
  users: readonly User[],
  kind: 'docker' | 'podman',
): Removal => {
  const byTag = image.tags.includes(ref);
  const nothing = { refused: null, untagged: [], deleted: false, containers: [] };
  const refuse = (why: string, forced: boolean): Removal => ({ ...nothing, refused: { why, forced } });
  // With another name left it only loses this one.
  if (byTag && image.tags.length > 1) return { ...nothing, untagged: [ref] };

  const [user] = users;
  const running = users.find(runs);
  if (kind === 'podman') {
    if (!byTag && image.tags.length > 1 && !force) return refuse('It has several names.', true);
    if (user !== undefined && !force) return refuse(`Container ${named(user)} is made from it.`, true);
    return { ...nothing, untagged: image.tags, deleted: true, containers: users.map(named) };
  }
  if (byTag) {
    if (user !== undefined && !force) return refuse(`Container ${named(user)} is made from it.`, true);
    // By force the name goes; what a running container needs stays, without a name.
    return { ...nothing, untagged: [ref], deleted: running === undefined };
  }
  if (running !== undefined) return refuse(`Container ${named(running)} runs from it.`, false);
  if (!force) {
    if (user !== undefined) return refuse(`Container ${named(user)}, which does not run, is made from it.`, true);
    if (image.tags.length > 1) return refuse('It has several names.', true);
  }
  return { ...nothing, untagged: image.tags, deleted: true };
};
