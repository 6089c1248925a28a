/** A place of this site to go on to after signing in, or null: an address that leads elsewhere is not followed. */
export function safeNext(next: unknown): string | null {
  return typeof next === 'string' && /^\/(?![/\\])[\w\-./?=&%]*$/.test(next) && next.length <= 300 ? next : null
}
