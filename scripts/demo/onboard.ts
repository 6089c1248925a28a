import type { Hex } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { ownershipAbi } from '../../common/abi.ts'
import type { Kyc, User } from '../../common/wire.ts'
import { type Client, openClient } from '../world/client.ts'
import { newWallet } from '../world/local-wallet.ts'
import { enter, enterByWallet, linkWallet, passKyc, waitFor } from '../world/person.ts'
import type { Platform } from './platform.ts'
import { expectSame, type Recorder } from './recorder.ts'

export interface Investor {
  client: Client
  wallet: PrivateKeyAccount
  user: User
}

/** An investor from registration to the account record on chain, each step seen from outside. */
export async function onboardInvestor(platform: Platform, recorder: Recorder, run: string): Promise<Investor> {
  const [client, wallet] = [openClient(platform.webUrl), newWallet()]

  const { user } = await recorder.step('Investor registers, signs in by wallet (SIWE)', async () => {
    const registered = await register(client, wallet, `alice-${run}`, 'Alice Demo')
    const byWallet = openClient(platform.webUrl)
    const again = await enterByWallet(byWallet, wallet)
    expectSame('account behind the wallet', again.id, registered.id)
    return { user: registered, note: `investor ${registered.investorId}, wallet ${wallet.address}` }
  })

  await recorder.step('KYC passes at the vendor', async () => {
    await passKyc(client, { firstName: 'Alice', lastName: 'Demo', birthDate: '1988-04-02', country: 'PT' })
    await waitFor('the KYC decision', async () => (await client.get<Kyc>('users/kyc/status')).state === 'approved')
    const events = await countEvents(platform, 'onfido')
    if (events === 0) throw new Error('No signed webhook of the KYC vendor was taken in')
    return { note: 'approved after the signed webhook' }
  })

  await recorder.step('Worker registers the investor on chain', async () => {
    const txHash = await waitRegistered(platform, { client, wallet })
    const record = await platform.sender.client.readContract({
      address: platform.deployment.ownership as Hex,
      abi: ownershipAbi,
      functionName: 'accountOf',
      args: [wallet.address],
    })
    expectSame('investor number on chain', record.investorId, user.investorId)
    expectSame('may send and receive', record.flags & 3, 3)
    return { txHash, note: `country ${record.country}, valid until ${new Date(record.expiry * 1000).toISOString().slice(0, 10)}` }
  })
  return { client, wallet, user }
}

/** A second investor, as quickly as possible: registered on chain at the end. */
export async function onboardQuietly(platform: Platform, run: string): Promise<Investor> {
  const [client, wallet] = [openClient(platform.webUrl), newWallet()]
  const user = await register(client, wallet, `bob-${run}`, 'Bob Demo')
  await passKyc(client, { firstName: 'Bob', lastName: 'Demo', birthDate: '1979-11-23', country: 'DE' })
  await waitRegistered(platform, { client, wallet })
  return { client, wallet, user }
}

async function register(client: Client, wallet: PrivateKeyAccount, mailbox: string, displayName: string): Promise<User> {
  const user = await enter(client, {
    email: `${mailbox}@demo.example`,
    password: `a-fresh-password-${mailbox}`,
    country: 'PT',
    displayName,
  })
  await linkWallet(client, wallet)
  return user
}

async function waitRegistered({ db }: Platform, { client, wallet }: Pick<Investor, 'client' | 'wallet'>): Promise<Hex> {
  await waitFor('the registration on chain', async () => (await client.get<User>('users/me')).registeredOnChain)
  const { rows } = await db.query<{ txHash: Hex }>('select tx_hash as "txHash" from chain.account where account = $1', [
    wallet.address.toLowerCase(),
  ])
  return rows[0]!.txHash
}

async function countEvents({ db }: Platform, provider: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from app.webhook_inbox where provider = $1 and processed_at is not null',
    [provider],
  )
  return rows[0]!.count
}
