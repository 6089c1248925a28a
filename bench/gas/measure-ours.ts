import type { BenchChain } from './bench-chain.ts'
import { deployOurs } from './deploy-ours.ts'
import { measureHoldings } from './measure-holdings.ts'
import { measureRare } from './measure-rare.ts'
import { measureReturns } from './measure-returns.ts'
import type { Operation } from './operations.ts'
import { openScene } from './scene.ts'

/** Our own figures, with all of the ledger's rules on: caps, countries, lock-ups, frozen units. */
export async function measureOurs(chain: BenchChain): Promise<Partial<Record<Operation, number>>> {
  const ours = await deployOurs(chain)
  const scene = openScene(chain, ours)
  return {
    ...(await measureHoldings(chain, ours, scene)),
    ...(await measureReturns(chain, ours, scene)),
    ...(await measureRare(chain, ours, scene)),
  }
}
