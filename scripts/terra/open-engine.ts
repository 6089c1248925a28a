import { parseGwei } from 'viem'
import { type Engine, MINT_SETTINGS } from '../../api/mint/engine.ts'
import { openNodes } from '../../api/mint/nodes.ts'
import type { Pool } from '../../common/node/db.ts'
import { openLog } from '../../common/node/log.ts'
import { type Context, need, type Stage } from './context.ts'
import { openKey } from './key.ts'

/** The worker's minting machine on this deployment, quiet, with the keys of minter and payment attestor. */
export async function openEngine(context: Context, stage: Stage, pool: Pool): Promise<Engine> {
  const { minterKeystore, paymentAttestorKeystore, keystorePassword, tipFloorGwei, feeCapGwei } = context.settings
  const minter = need(minterKeystore, "the minter's keystore", 'MINTER_KEYSTORE')
  const paymentAttestor = need(paymentAttestorKeystore, "the payment attestor's keystore", 'PAYMENT_ATTESTOR_KEYSTORE')
  return {
    pool,
    nodes: openNodes(
      stage.rpcUrl.split(',').map((url) => url.trim()),
      stage.chainId,
    ),
    deployment: stage.deployment,
    minter: await openKey(context.terminal, minter, keystorePassword),
    paymentAttestor: await openKey(context.terminal, paymentAttestor, keystorePassword),
    clock: context.clock,
    log: openLog('terra', 'silent'),
    step: async () => {},
    settings: { ...MINT_SETTINGS, fees: { tipFloorWei: parseGwei(String(tipFloorGwei)), maxFeeCapWei: parseGwei(String(feeCapGwei)) } },
  }
}
