import { giveCoin } from '../world/local-wallet.ts'
import { buyUnits } from './buy-units.ts'
import { handOver } from './hand-over.ts'
import { listProject } from './list-project.ts'
import { moveUnits } from './move-units.ts'
import { onboardInvestor, onboardQuietly } from './onboard.ts'
import { payOut } from './pay-out.ts'
import type { Platform } from './platform.ts'
import type { Recorder } from './recorder.ts'

/** The platform's main job from the listing of a project to its hand-over. Throws at the first check that fails. */
export async function runDemo(platform: Platform, recorder: Recorder, run: string): Promise<void> {
  const { projectId } = await listProject(platform, recorder, run)
  const alice = await onboardInvestor(platform, recorder, run)
  await buyUnits(platform, recorder, run, alice, projectId)
  const { bob } = await recorder.step('A second investor comes the same way', async () => {
    const second = await onboardQuietly(platform, run)
    await giveCoin(platform.sender, [alice.wallet, second.wallet])
    return { bob: second, note: `investor ${second.user.investorId}, wallet ${second.wallet.address}` }
  })
  await moveUnits(platform, recorder, alice, bob, projectId)
  await payOut(platform, recorder, run, [alice, bob], projectId)
  await handOver(platform, recorder, [alice, bob], projectId)
}
