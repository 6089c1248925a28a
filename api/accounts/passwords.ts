import { hash, verify } from '@node-rs/argon2'

/** Argon2id (the library's default) with 64 MiB, 3 passes, 1 lane: RFC 9106's second choice. */
const COST = { memoryCost: 65_536, timeCost: 3, parallelism: 1 }

/** Of a password nobody has: compared against when the e-mail is unknown, so that both cases take the same time. */
let nobody: Promise<string> | undefined

export function hashPassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), COST)
}

/** Compares a password with what is stored; a missing hash takes as long and is never right. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  nobody ??= hash(crypto.randomUUID(), COST)
  const isRight = await verify(stored ?? (await nobody), password.normalize('NFKC'))
  return stored != null && isRight
}
