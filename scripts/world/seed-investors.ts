import type { Finances, Investment, User } from '../../common/wire.ts'
import { type Client, openClient } from './client.ts'
import { INVESTMENTS, type SeedInvestment } from './investments.ts'
import { INVESTORS } from './investors.ts'
import { giveCoin } from './local-wallet.ts'
import { enter, invest, linkWallet, passKyc, payByCard, waitFor } from './person.ts'
import { mapPool } from './pool.ts'
import { PROJECTS } from './projects.ts'
import type { SeedInvestor } from './types.ts'
import { SEED_PASSWORD, seedWallet } from './wallets.ts'
import type { World } from './world.ts'

/** People at a time: enough to fill the waits, few enough for two cores that also hash passwords. */
const AT_ONCE = 6

/** Investors register, prove a wallet and pass the identity check; ends when each is registered on chain. */
export async function seedInvestors(world: World): Promise<Map<string, Client>> {
  let done = 0
  const clients = await mapPool(INVESTORS, AT_ONCE, async (investor) => {
    const client = await openInvestor(world, investor)
    world.progress.advance(++done, INVESTORS.length, 'Signing investors up')
    return [investor.key, client] as const
  })
  done = 0
  for (const [key, client] of clients) {
    await waitFor(`the registration of ${key} on chain`, async () => (await client.get<User>('users/me')).registeredOnChain)
    world.progress.advance(++done, INVESTORS.length, 'Registering investors on chain')
  }
  return new Map(clients)
}

/** Gives every investor's wallet a little of the chain's coin, for the fees of a claim. */
export async function seedCoin(world: World): Promise<void> {
  const wallets = INVESTORS.map(({ key }) => seedWallet(key))
  const balances = await mapPool(wallets, 8, ({ address }) => world.sender.client.getBalance({ address }))
  await giveCoin(
    world.sender,
    wallets.filter((_, index) => balances[index] === 0n),
  )
}

/** Investments are made and paid by card; ends when the units of each are in the investor's wallet. */
export async function seedInvestments(world: World, investors: Map<string, Client>, projectIds: Map<string, number>): Promise<void> {
  let done = 0
  const made = await mapPool(INVESTMENTS, AT_ONCE, async (investment) => {
    const client = investors.get(investment.investor)!
    const { id } = await makeInvestment(client, investment, projectIds.get(investment.project)!)
    world.progress.advance(++done, INVESTMENTS.length, 'Paying')
    return { client, id, key: investment.key }
  })
  done = 0
  for (const { client, id, key } of made) {
    await waitFor(`the units of ${key}`, async () => isInWallet(await client.get<Investment>(`investments/${id}`)))
    world.progress.advance(++done, made.length, 'Minting')
  }
}

async function openInvestor(world: World, investor: SeedInvestor): Promise<Client> {
  const client = openClient(world.webUrl)
  const { email, country, firstName, lastName, birthDate } = investor
  const user = await enter(client, { email, password: SEED_PASSWORD, country, displayName: `${firstName} ${lastName}` })
  if (user.wallet === null) await linkWallet(client, seedWallet(investor.key))
  if (user.kyc !== 'approved') await passKyc(client, { firstName, lastName, birthDate, country })
  // Enough for every seeded order under the limits of the law.
  if ((await client.get<Finances | null>('users/finances')) === null)
    await client.put('users/finances', { annualIncomeCents: '6500000', netWorthCents: '4000000', isJoint: false, outsideCents: '0' })
  return client
}

async function makeInvestment(client: Client, investment: SeedInvestment, projectId: number): Promise<Investment> {
  const { unitPriceCents } = PROJECTS.find(({ key }) => key === investment.project)!
  const made = await invest(client, projectId, investment.units * unitPriceCents, `seed:${investment.key}`)
  if (made.checkoutUrl !== null) await payByCard(made.checkoutUrl)
  return made
}

function isInWallet({ progress, state }: Investment): boolean {
  if (progress === 'stopped') throw new Error(`A seeded investment stopped in state ${state}`)
  return progress === 'indexed' || progress === 'final'
}
