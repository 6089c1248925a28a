import { createHash } from 'node:crypto'
import type { Ledger } from './ledger.ts'
import { HOLDERS, IDS, type Tokens } from './tokens.ts'

/** Transfers are compared in parts of so many blocks: a difference says where it is. */
export const DIGEST_BLOCKS = 1_000

/** SHA-256 of the lines of transfers, by part; `add` takes the blocks in order. */
export function createTransferDigests(): { add(block: number, lines: readonly string[]): void; digests: Record<string, string> } {
  const digests: Record<string, string> = {}
  let part = 0
  let lines: string[] = []
  function end() {
    if (lines.length > 0) digests[part] = sha256(lines.join(''))
    lines = []
  }
  return {
    add(block, added) {
      const next = Math.floor(block / DIGEST_BLOCKS)
      if (next !== part) end()
      part = next
      for (const line of added) lines.push(line)
    },
    get digests() {
      const running = lines
      end()
      lines = running
      return digests
    },
  }
}

/** SHA-256 of the lines `holder|amount` of everybody who has something, in the order of holders, by token id. */
export function holdingDigests({ holders, ids }: Tokens, { amounts }: Ledger): Record<string, string> {
  const order = Array.from({ length: HOLDERS }, (_, holder) => holder).sort((a, b) => (holders[a]!.address < holders[b]!.address ? -1 : 1))
  const digests: Record<string, string> = {}
  ids.forEach(({ id, unit }, at) => {
    const lines = order.flatMap((holder) => {
      const amount = amounts[holder * IDS + at]!
      return amount === 0 ? [] : [`${holders[holder]!.address}|${BigInt(amount) * unit}\n`]
    })
    if (lines.length > 0) digests[id] = sha256(lines.join(''))
  })
  return digests
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
