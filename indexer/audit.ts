import { createHash } from 'node:crypto'
import type { Db } from '../common/node/db.ts'
import { decode } from './decode.ts'
import type { BlockId } from './errors.ts'
import type { Contracts } from './settings.ts'
import { TABLES, type Table } from './tables.ts'
import { columnsOf, readRows, toValues } from './verify-rows.ts'
import type { Witness } from './witness.ts'

/** What the nodes together say of the mirror's rows in some blocks. */
export interface Verdict {
  /** `refuted`: at least two nodes have the same other logs, and fewer have these. */
  kind: 'agreed' | 'disputed' | 'refuted'
  from: bigint
  to: bigint
  /** Whether some node has other logs than the mirror. */
  hasDissent: boolean
  /** Whether the first node that was asked is one of those that have other logs than the mirror. */
  isFirstOther: boolean
}

/** Holds rows that are about to become final against the logs of all nodes, beside the steps: a row may come from a log that its node invented. */
export interface Audit {
  /** The block up to which more nodes have the mirror's rows than not; nothing above it may become final. */
  readonly agreed: BlockId | undefined
  /**
   * Begins to look at the rows above `final` up to a block that a node calls final, or as many of them as are looked at in one go.
   * Does nothing while a look is under way. Resolves when the rows are read; the nodes are heard beside.
   */
  look(db: Db, final: bigint, upTo: BlockId, voices: readonly Witness[]): Promise<void>
  /** When the look under way is over. */
  settled(): Promise<void>
  /** What came out, once for each look. */
  takeVerdict(): Verdict | undefined
  /** Rows were undone: what was said of them is worth nothing. */
  forget(): void
}

const BLOCKS_AT_ONCE = 256n
/** The first time a node behind a balancer may have been behind the one that was asked for the header. */
const LOOKS_UNTIL_SAID = 2

/**
 * @param everyMs Looks are no more frequent: each is a query and an answer of every node, which a head of many blocks a second must not wait for
 * @param now Milliseconds of any clock that doesn't jump
 */
export function createAudit(contracts: Contracts, everyMs: number, now: () => number = () => performance.now()): Audit {
  let agreed: BlockId | undefined
  let verdict: Verdict | undefined
  let working: Promise<void> | undefined
  let generation = 0
  let notBefore = -Infinity
  let doubts = 0

  async function hear(rows: string, from: bigint, to: BlockId, voices: readonly Witness[], begun: number): Promise<void> {
    const heard = await Promise.all(voices.map((voice) => voice.logsUpTo(from, to)))
    if (begun !== generation) return
    const answers = heard.map((logs) => logs && digestOfLogs(logs, contracts))
    const kind = judge(rows, answers)
    doubts = kind === 'disputed' || kind === 'refuted' ? doubts + 1 : 0
    if (kind === 'agreed') agreed = to
    const isOther = (answer: string | undefined) => answer !== undefined && answer !== rows
    if (kind === 'agreed' || doubts >= LOOKS_UNTIL_SAID)
      verdict = { kind: kind!, from, to: to.number, hasDissent: answers.some(isOther), isFirstOther: isOther(answers[0]) }
  }

  return {
    get agreed() {
      return agreed
    },
    async look(db, final, upTo, voices) {
      if (working !== undefined || now() < notBefore) return
      const to = await readTarget(db, final, upTo)
      if (to === undefined || to.hash === agreed?.hash) return
      notBefore = now() + everyMs
      const from = final + 1n
      const rows = digestOf(await readRows(db, ALL, { from, to: to.number }))
      working = hear(rows, from, to, voices, generation).finally(() => {
        working = undefined
      })
    },
    settled: async () => working,
    takeVerdict() {
      const taken = verdict
      verdict = undefined
      return taken
    },
    forget() {
      agreed = verdict = undefined
      doubts = 0
      generation++
    },
  }
}

const ALL = Object.keys(TABLES) as Table[]

/** Undefined when nobody says anything. Who is silent has no say; a node alone against another proves neither wrong. */
function judge(rows: string, answers: readonly (string | undefined)[]): Verdict['kind'] | undefined {
  const votes = new Map<string, number>()
  for (const answer of answers) if (answer !== undefined) votes.set(answer, (votes.get(answer) ?? 0) + 1)
  if (votes.size === 0) return undefined
  const same = votes.get(rows) ?? 0
  votes.delete(rows)
  const others = [...votes.values()]
  if (same > others.reduce((sum, count) => sum + count, 0)) return 'agreed'
  const most = Math.max(0, ...others)
  return most >= 2 && most > same ? 'refuted' : 'disputed'
}

/** The newest block to look at: mirrored, and on the chain of the one that the node calls final. */
async function readTarget(db: Db, final: bigint, upTo: BlockId): Promise<BlockId | undefined> {
  const { rows } = await db.query<{ number: string; hash: BlockId['hash'] }>(
    `select block_number as number, block_hash as hash
    from block
    where block_number > $1
      and block_number <= least($2::bigint, $1 + $4)
      and ($2 > (select max(block_number) from block) or exists (select from block where block_number = $2 and block_hash = $3))
    order by block_number desc
    limit 1`,
    [final, upTo.number, upTo.hash, BLOCKS_AT_ONCE],
  )
  return rows[0] && { number: BigInt(rows[0].number), hash: rows[0].hash }
}

/** Undefined for logs that can't be read: such a node has said nothing. */
function digestOfLogs(logs: Parameters<typeof decode>[0], contracts: Contracts): string | undefined {
  try {
    return digestOf(
      toValues(
        decode(logs, contracts, () => 0n),
        () => false,
      ),
    )
  } catch {
    return undefined
  }
}

/** Of everything but the blocks' times, which not every node says with a log. */
function digestOf(rows: ReadonlyMap<Table, readonly unknown[][]>): string {
  const hash = createHash('sha256')
  for (const table of ALL) {
    const timeAt = columnsOf(table).findIndex(([name]) => name === 'block_time')
    hash.update(JSON.stringify([table, (rows.get(table) ?? []).map((values) => values.toSpliced(timeAt, 1))]))
  }
  return hash.digest('hex')
}
