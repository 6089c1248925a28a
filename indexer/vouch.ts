import type { Db } from '../common/node/db.ts'
import { createAudit } from './audit.ts'
import type { Mirrored } from './checkpoint.ts'
import type { BlockId } from './errors.ts'
import { heal } from './incident.ts'
import type { Nodes } from './nodes.ts'
import type { createReport } from './report.ts'
import type { StepResult } from './step.ts'
import type { Witness } from './witness.ts'

/** Has all nodes vouch for what is about to become final, between and beside the steps. */
export interface Vouching {
  /** For {@link StepDeps.agreed}; undefined with one node, whose word is all there is. */
  readonly agreed: (() => BlockId | undefined) | undefined
  /** Looks at what came out and at what may be next. True when rows were given up, and a step has to read them again at once. */
  stepped(result: StepResult, voices: readonly Witness[]): Promise<boolean>
  /** Waits for the look under way, if any; true when the next step can move the watermark by it. */
  settled(result: StepResult): Promise<boolean>
}

export interface VouchingDeps {
  db: Db
  mirrored: Mirrored
  nodes: Nodes
  report: ReturnType<typeof createReport>
  /** Whether a look is to follow the last one at once, for who only wants to reach the head. */
  isInHaste: boolean
}

const LOOK_EVERY_MS = 1_000

export function createVouching({ db, mirrored, nodes, report, isInHaste }: VouchingDeps): Vouching {
  if (nodes.count === 1) return { agreed: undefined, stepped: async () => false, settled: async () => false }
  const audit = createAudit(mirrored.contracts, isInHaste ? 0 : LOOK_EVERY_MS)
  return {
    agreed: () => audit.agreed,
    async stepped({ undone, final, mayBeFinal }, voices) {
      if (undone > 0n) audit.forget()
      const verdict = audit.takeVerdict()
      if (verdict !== undefined) report.judged(verdict)
      if (verdict?.kind === 'refuted') {
        audit.forget()
        // The one that made the rows still says so, or says nothing.
        if (!verdict.isFirstOther) nodes.fail()
        if (await giveUpAbove(db, mirrored, final)) return true
      }
      if (mayBeFinal !== undefined && mayBeFinal.number > final) await audit.look(db, final, mayBeFinal, voices)
      return false
    },
    async settled({ final, mayBeFinal }) {
      await audit.settled()
      const { agreed } = audit
      return agreed !== undefined && mayBeFinal !== undefined && agreed.number > final && agreed.number <= mayBeFinal.number
    },
  }
}

/** False when nothing is final yet: there is no header to go on from. */
async function giveUpAbove(db: Db, mirrored: Mirrored, final: bigint): Promise<boolean> {
  const { rows } = await db.query<{ hash: BlockId['hash'] }>('select block_hash as hash from block where block_number = $1', [final])
  if (rows[0] === undefined) return false
  await heal(db, mirrored, { number: final, hash: rows[0].hash })
  return true
}
