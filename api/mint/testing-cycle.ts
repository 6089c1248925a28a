import { type CycleState, FIRST_CYCLE, runCycle } from './cycle.ts'
import type { Engine } from './engine.ts'
import type { MintWorld } from './testing.ts'
import { decodeMint } from './voucher.ts'

/** Cycle after cycle, as the worker's loop runs them. */
export function rounds(engine: Engine): () => Promise<CycleState> {
  let state = FIRST_CYCLE
  return async () => {
    state = await runCycle(engine, state)
    return state
  }
}

/** What tests of the minting cycle do to a world and see of it; `world` is asked for when it is there. */
export function openCycleScene(world: () => MintWorld) {
  const query = (text: string, values: unknown[] = []) => world().db.admin.query(text, values)
  return {
    /** Runs cycles over a chain that moves until nothing is under way. */
    async untilQuiet(engine: Engine): Promise<void> {
      const round = rounds(engine)
      for (let i = 0; i < 60; i++) {
        const { isBusy } = await round()
        const { rows } = await query(`select count(*)::int as n from app.chain_intent where state = 'created'`)
        if (!isBusy && rows[0].n === 0) return
        await world().mine(1)
        await new Promise((resolve) => setTimeout(resolve, 60))
      }
      throw new Error('Minting did not come to rest')
    },

    async stateOf(id: string): Promise<{ investment: string; intent: string }> {
      const { rows } = await query(
        `select i.state as investment, c.state as intent from app.investment i left join app.chain_intent c on c.investment_id = i.id where i.id = $1`,
        [id],
      )
      return rows[0]
    },

    async attemptsOf(id: string): Promise<{ nonce: string }[]> {
      const { rows } = await query(
        'select a.nonce from app.tx_attempt a join app.chain_intent c on c.id = a.intent_id where c.investment_id = $1',
        [id],
      )
      return rows
    },

    /** What the intent of an investment calls, as it stands now. */
    async mintOf(id: string): Promise<ReturnType<typeof decodeMint>> {
      const { rows } = await query('select call_data as data from app.chain_intent where investment_id = $1', [id])
      return decodeMint(rows[0].data)
    },

    async nextDay(): Promise<void> {
      await world().chain.client.increaseTime({ seconds: 86_400 })
      await world().mine(1)
    },

    async nextNonce(): Promise<string> {
      const { rows } = await query('select next_nonce from app.signer')
      return rows[0].next_nonce
    },

    /** Empties the nodes' pools. */
    async dropAll(): Promise<void> {
      await world().chain.client.request({ method: 'anvil_dropAllTransactions' as never, params: [] as never })
    },
  }
}
