import type { BenchChain } from './bench-chain.ts'
import { compilePeers } from './compile.ts'
import { deployBareTrex, deployProxiedTrex } from './deploy-trex.ts'
import { measureMulti } from './measure-multi.ts'
import { measureTrex } from './measure-trex.ts'
import { measureUsual } from './measure-usual.ts'
import type { Figures } from './operations.ts'

/** What the others cost, on the same chain. */
export async function measurePeers(chain: BenchChain): Promise<Figures> {
  const peers = await compilePeers()
  return {
    oz: await measureMulti(chain, peers.OzMulti!, peers.PlainDao!),
    ozSupply: await measureMulti(chain, peers.OzSupplyMulti!, peers.PlainDao!),
    solady: await measureMulti(chain, peers.SoladyMulti!, peers.PlainDao!),
    trex: await measureTrex(chain, await deployBareTrex(chain)),
    trexProxied: await measureTrex(chain, await deployProxiedTrex(chain)),
    usual: await measureUsual(chain, peers),
  }
}
