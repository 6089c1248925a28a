import { parseGwei } from 'viem'
import { type Engine, MINT_SETTINGS } from '../../api/mint/engine.ts'
import { openNodes } from '../../api/mint/nodes.ts'
import type { Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { type Context, need, type Stage } from './context.ts'
import { openKey } from './key.ts'

/** The worker's minting machine on this deployment, quiet, with the minter's key. */
export async function openEngine(context: Context, stage: Stage, pool: Pool): Promise<Engine> {
  const { minterKeystore, keystorePassword, tipFloorGwei, feeCapGwei } = context.settings
  const keystore = need(minterKeystore, "the minter's keystore", 'MINTER_KEYSTORE')
  return {
    pool,
    nodes: openNodes(
      stage.rpcUrl.split(',').map((url) => url.trim()),
      stage.chainId,
    ),
    deployment: stage.deployment,
    minter: await openKey(context.terminal, keystore, keystorePassword),
    clock: context.clock,
    log: openLog('terra', 'silent'),
    step: async () => {},
    settings: { ...MINT_SETTINGS, fees: { tipFloorWei: parseGwei(String(tipFloorGwei)), maxFeeCapWei: parseGwei(String(feeCapGwei)) } },
  }
}
