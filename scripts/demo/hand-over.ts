import type { Address, Hex } from 'viem'
import { ownershipAbi } from '../../common/abi.ts'
import type { Portfolio } from '../../common/wire.ts'
import { verifyMirror } from '../../indexer/verify.ts'
import { announceExit, beginExit, type ExitStep, moveHolders, readExit, requireTarget } from '../terra/exit.ts'
import { waitMirror } from '../terra/mirror.ts'
import { waitFor } from '../world/person.ts'
import { UNITS } from './buy-units.ts'
import { MOVED } from './move-units.ts'
import type { Investor } from './onboard.ts'
import type { Platform } from './platform.ts'
import { expectSame, type Recorder } from './recorder.ts'

/** One holder a batch, so that the exit has to take several. */
const BATCH_SIZE = 1

/** The project goes to its community DAO, and the mirror is proven against the chain at the end. */
export async function handOver(platform: Platform, recorder: Recorder, holders: [Investor, Investor], projectId: number): Promise<void> {
  const { db, sender, deployment, progress } = platform
  const { client } = sender
  const dao = deployment.communityDao as Address
  const read = () => readExit(client, deployment, projectId, dao)
  const steps: ExitStep[] = []

  await recorder.step('Exit is announced', async () => {
    const { sent } = await announceExit(sender, deployment, await read(), 0, new Date())
    const view = await read()
    expectSame('state', view.state, 'exit_announced')
    return { txHash: sent.hash, note: `notice until ${new Date(view.notBefore * 1000).toISOString()}` }
  })

  await recorder.step('Exit begins when the notice is over', async () => {
    const view = await read()
    requireTarget(view)
    await waitFor('the end of the notice', async () => Number((await client.getBlock()).timestamp) >= view.notBefore, 10 * 60_000, 500)
    const { sent } = await beginExit(sender, deployment, projectId)
    expectSame('state', (await read()).state, 'exiting')
    return {
      txHash: sent.hash,
      note: `each unit earned ${Number(view.earnedPerUnit) / 1e6} USDC, ${Number(view.targetPerUnit) / 1e6} were due`,
    }
  })

  await recorder.step('Holders are moved in batches', async () => {
    await moveHolders(db, sender, deployment, await read(), BATCH_SIZE, progress, (step) => steps.push(step))
    const batches = steps.filter(({ step }) => step === 'batch')
    expectSame('batches', batches.length, holders.length)
    expectSame('units left after the last batch', batches.at(-1)!.remaining, 0)
    return { txHash: batches.at(-1)!.sent.hash, note: `${batches.length} batches, 0 units left` }
  })

  const { block } = await recorder.step('Exit is finalised, the DAO holds everything', async () => {
    const final = steps.at(-1)!
    expectSame('last step', final.step, 'finalised')
    const ledger = { address: deployment.ownership as Hex, abi: ownershipAbi } as const
    const [supply, atDao] = await Promise.all([
      client.readContract({ ...ledger, functionName: 'totalSupply', args: [BigInt(projectId)] }),
      client.readContract({ ...ledger, functionName: 'balanceOf', args: [dao, BigInt(projectId)] }),
    ])
    expectSame('supply', supply, UNITS)
    expectSame("the DAO's units", atDao, supply)
    expectSame('state', (await read()).state, 'exited')
    return { txHash: final.sent.hash, block: final.sent.blockNumber, note: `${atDao} of ${supply} units at ${dao}` }
  })

  await recorder.step('Portfolios show the position closed', async () => {
    await waitMirror(db, block, progress)
    for (const [index, units] of [UNITS - MOVED, MOVED].entries()) {
      const portfolio = await holders[index]!.client.get<Portfolio>('portfolio')
      const position = portfolio.positions.find((candidate) => candidate.projectId === projectId)
      expectSame('state', position?.state, 'exited')
      expectSame('units', position?.units, 0)
      expectSame('closed units', position?.closedUnits, units)
      if (!position?.closedAt) throw new Error('The position has no closing time')
    }
    return { note: `${UNITS - MOVED} and ${MOVED} units closed` }
  })

  await recorder.step('Mirror equals chain for every holder', async () => {
    const report = await verifyMirror({ pool: db, client }, { minBlock: block, timeoutMs: 120_000 })
    expectSame('differences', report.mismatches.length, 0)
    return { note: `${report.pairs} holdings of ${report.projects} projects at final block ${report.block}` }
  })
}
