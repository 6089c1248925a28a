import type { Hex } from 'viem'
import { payoutTokenAbi, vaultAbi } from '../../common/abi.ts'
import { formatMinor } from '../../common/money.ts'
import type { ClaimCall } from '../../common/wire.ts'
import { distribute, epochOf, planDistribution } from '../terra/distribute.ts'
import { waitMirror } from '../terra/mirror.ts'
import { revertOf, send } from '../terra/send.ts'
import { signAndSend } from '../world/local-wallet.ts'
import { textPdf } from '../world/pdf.ts'
import { UNITS } from './buy-units.ts'
import { MOVED } from './move-units.ts'
import type { Investor } from './onboard.ts'
import type { Platform } from './platform.ts'
import { expectSame, type Recorder } from './recorder.ts'

/** 2.50 USDC for each unit. */
const AMOUNT = 2_500_000n * UNITS

/** Test USDC is paid in and both holders take their share, to the last base unit. */
export async function payOut(
  platform: Platform,
  recorder: Recorder,
  run: string,
  holders: [Investor, Investor],
  projectId: number,
): Promise<void> {
  const { db, ipfs, sender, deployment, progress } = platform
  const token = { address: deployment.payoutToken as Hex, abi: payoutTokenAbi } as const
  const balanceOf = (address: Hex) => sender.client.readContract({ ...token, functionName: 'balanceOf', args: [address] })

  await recorder.step('Operator distributes returns in test USDC', async () => {
    await send(sender, { ...token, functionName: 'mint', args: [sender.account.address, AMOUNT] })
    const report = textPdf('Payout report', [`Demo run ${run}`, `Paid out: ${formatMinor(AMOUNT, 6)} USDC`])
    const plan = await planDistribution(db, ipfs, sender, deployment, { projectId, amount: AMOUNT, report, period: '' }, progress)
    expectSame(
      'sum of the shares',
      plan.shares.reduce((sum, { amount }) => sum + amount, 0n),
      AMOUNT,
    )
    const before = await balanceOf(deployment.vault as Hex)
    const { paid } = await distribute(sender, deployment, plan)
    expectSame('money that came into the vault', (await balanceOf(deployment.vault as Hex)) - before, AMOUNT)
    expectSame('epoch', await epochOf(sender.client, deployment, plan.distributionId), 1)
    const again = await sender.client
      .simulateContract({
        address: deployment.vault as Hex,
        abi: vaultAbi,
        functionName: 'distributeReturns',
        args: [plan.distributionId, projectId, AMOUNT, plan.report.sha256, ''],
        account: sender.account,
      })
      .then(() => undefined, revertOf)
    expectSame('a repeat of the same payout', again?.name, 'DistributionAlreadyMade')
    await waitMirror(db, paid.blockNumber, progress)
    return { txHash: paid.hash, note: `${formatMinor(AMOUNT, 6)} USDC, a repeat is refused` }
  })

  for (const [index, units] of [UNITS - MOVED, MOVED].entries()) {
    const { client, wallet } = holders[index]!
    const share = (AMOUNT / UNITS) * units
    await recorder.step(index === 0 ? 'First holder claims' : 'Second holder claims', async () => {
      const call = await client.post<ClaimCall>('distributions/claim')
      expectSame('claimable', call.amount, share)
      const before = await balanceOf(wallet.address)
      const { hash, blockNumber } = await signAndSend(sender, wallet, { to: call.to as Hex, data: call.data as Hex })
      expectSame('USDC received', (await balanceOf(wallet.address)) - before, share)
      await waitMirror(db, blockNumber, progress)
      return { txHash: hash, note: `${formatMinor(share, 6)} USDC for ${units} units` }
    })
  }
}
