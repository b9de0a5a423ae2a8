/** An icon of @lucide/svelte, as the parts take it; imported one by one from `@lucide/svelte/icons/…`. */
export type { LucideIcon as Icon } from '@lucide/svelte';
