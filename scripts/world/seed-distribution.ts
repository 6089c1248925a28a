import type { Hex } from 'viem'
import { payoutTokenAbi } from '../../common/abi.ts'
import { formatMinor } from '../../common/money.ts'
import type { ClaimCall, Portfolio } from '../../common/wire.ts'
import { distribute, epochOf, planDistribution } from '../terra/distribute.ts'
import { waitMirror } from '../terra/mirror.ts'
import { newestOf, type Sent, send } from '../terra/send.ts'
import type { Client } from './client.ts'
import { payoutReport } from './documents.ts'
import { INVESTMENTS } from './investments.ts'
import { signAndSend } from './local-wallet.ts'
import { mapPool } from './pool.ts'
import { PROJECTS } from './projects.ts'
import { seedWallet } from './wallets.ts'
import type { World } from './world.ts'

/** The project that has paid out, and how much each unit got: 2.15 USDC. */
const PAYING_PROJECT = 'loiyangalani-wind'
const PER_UNIT = 2_150_000n
/** What the operator keeps, so that `terra distribute` can be tried at once: 100,000 test USDC. */
const LEFT_FOR_TRYING = 100_000_000_000n

/** One distribution is paid out and every second holder claims. */
export async function seedDistribution(world: World, investors: Map<string, Client>, projectIds: Map<string, number>): Promise<void> {
  const { db, ipfs, sender, deployment, progress } = world
  const project = PROJECTS.find(({ key }) => key === PAYING_PROJECT)!
  const investments = INVESTMENTS.filter((investment) => investment.project === PAYING_PROJECT)
  const amount = PER_UNIT * investments.reduce((sum, { units }) => sum + units, 0n)
  const request = {
    projectId: projectIds.get(PAYING_PROJECT)!,
    amount,
    report: payoutReport(project, formatMinor(amount, 6)).bytes,
    period: '',
  }
  const plan = await planDistribution(db, ipfs, sender, deployment, request, progress)
  if ((await epochOf(sender.client, deployment, plan.distributionId)) === 0) {
    const token = { address: deployment.payoutToken as Hex, abi: payoutTokenAbi } as const
    await send(sender, { ...token, functionName: 'mint', args: [sender.account.address, amount + LEFT_FOR_TRYING] })
    const { paid } = await distribute(sender, deployment, { ...plan, balance: plan.balance + amount + LEFT_FOR_TRYING })
    await waitMirror(db, paid.blockNumber, progress)
  }
  const claimants = [...new Set(investments.map(({ investor }) => investor))].filter((_, index) => index % 2 === 0)
  const sent = await mapPool(claimants, claimants.length, (investor) => claim(world, investors.get(investor)!, investor))
  await waitMirror(db, newestOf(sent), progress)
}

/** Signs the claim the api prepared, as the holder's wallet would; nothing when there is nothing left to claim. */
async function claim({ sender }: World, client: Client, investor: string): Promise<Sent | undefined> {
  const portfolio = await client.get<Portfolio>('portfolio')
  if (portfolio.claimable === '0') return undefined
  const { to, data } = await client.post<ClaimCall>('distributions/claim')
  return signAndSend(sender, seedWallet(investor), { to: to as Hex, data: data as Hex })
}
