import { after, before, describe, it } from 'node:test'
import { type Hex, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, vaultAbi } from '../common/abi.ts'
import { signVoucher } from '../common/mint-voucher.ts'
import { openPool } from '../common/node/db.ts'
import { TEST_KEYS } from '../common/node/testing.ts'
import { createRandom, type Mirror, openMirror, type Random, type Scene, seedOf, startScene } from './testing.ts'
import { openComparison } from './testing-compare.ts'
import { compareLedger } from './testing-compare-ledger.ts'

const DAY = 86_400
const STEPS = Number(process.env.STEPS ?? 250)
const FOREVER = 1_099_511_627_775
/** Seeds that once found something. */
const SEEDS = [seedOf('rebuild-random')]

describe('the mirror of a chain on which anything happened to lots', () => {
  let scene: Scene
  let mirror: Mirror
  before(async () => {
    scene = await startScene()
    mirror = await openMirror(scene)
  })
  after(async () => {
    await mirror?.close()
    await scene.chain.stop()
  })

  for (const seed of SEEDS)
    it(`shows all that the ledger shows after ${STEPS} random deeds, seed ${seed}`, async () => {
      const random = createRandom(seed)
      const walk = await openWalk(scene, random)
      for (let step = 0; step < STEPS; step++) await walk()
      await mirror.catchUp()
      const pool = openPool(mirror.database.urlOf('terra_analyst'))
      await compareLedger(await openComparison(scene, pool)).finally(() => pool.end())
    })
})

/** Deeds that may be refused are part of the game. */
async function openWalk(scene: Scene, random: Random): Promise<() => Promise<unknown>> {
  const { deployment, registrar, distribute, send, transfer } = scene
  const [ownership, vault] = [deployment.ownership as Hex, deployment.vault as Hex]
  const holders = [...scene.holders]
  const lots: Hex[] = []
  const investors = new Map(holders.map((holder, at) => [holder, at + 1]))
  const write = (holder: Hex) => {
    // Every third account is exempt from lock-ups.
    const investorId = investors.get(holder)!
    const record = { flags: investorId % 3 === 0 ? 7 : 3, expiry: FOREVER, country: 756, class: 0, investorId: BigInt(investorId) }
    return { record, send: () => send(ownership, ownershipAbi, 'setAccount', [holder, record], registrar) }
  }
  await scene.createProject(1)
  for (const holder of holders) await write(holder).send()

  const today = async () => Math.floor(Number((await scene.chain.client.getBlock()).timestamp) / DAY)
  const mint = async () => {
    const order = {
      investmentId: keccak256(toHex(`lot ${lots.length}`)),
      investor: random.pick(holders),
      units: BigInt(1 + random.int(100)),
      unlockDay: random.int(4) === 0 ? 0 : (await today()) - 2 + random.int(12),
    }
    lots.push(order.investmentId)
    const voucher = await signVoucher(privateKeyToAccount(TEST_KEYS[5]), deployment, 1, [order], FOREVER)
    await send(ownership, ownershipAbi, 'mintInvestments', [1, [order], voucher], deployment.parties.minter as Hex)
  }
  const relink = async () => {
    const from = random.pick(holders)
    const to = keccak256(toHex(`wallet ${investors.size}`)).slice(0, 42) as Hex
    await scene.chain.client.impersonateAccount({ address: to })
    await scene.chain.client.setBalance({ address: to, value: 10n ** 20n })
    investors.set(to, investors.get(from)!)
    await send(ownership, ownershipAbi, 'relinkWallet', [from, to, write(to).record], registrar)
    holders[holders.indexOf(from)] = to
    if (random.int(3) > 0) await send(ownership, ownershipAbi, 'moveHoldings', [from, [1n]])
  }
  const anyWallet = () => random.pick([...investors.keys()])
  const reason = keccak256('0x01')
  const deeds = [
    mint,
    mint,
    mint,
    () => transfer(1, random.pick(holders), random.pick(holders), BigInt(random.int(60))),
    () => transfer(1, random.pick(holders), random.pick(holders), BigInt(random.int(60))),
    () => transfer(1, random.pick(holders), random.pick(holders), BigInt(1 + random.int(10))),
    () => send(ownership, ownershipAbi, 'release', [[random.pick(lots)]]),
    () => send(ownership, ownershipAbi, 'release', [[random.pick(lots)]]),
    () => send(ownership, ownershipAbi, 'transferLots', [[random.pick(lots)], random.pick(holders), reason]),
    () => send(ownership, ownershipAbi, 'reverseInvestment', [random.pick(lots), reason]),
    () => send(ownership, ownershipAbi, 'setFrozenTokens', [random.pick(holders), 1n, BigInt(random.int(40))]),
    () => send(ownership, ownershipAbi, 'forcedTransfer', [random.pick(holders), random.pick(holders), 1n, BigInt(1 + random.int(40))]),
    () => distribute(1, BigInt(1 + random.int(1_000_000))),
    () => send(vault, vaultAbi, 'claim', [[1]], random.pick(holders)),
    () => send(ownership, ownershipAbi, 'moveHoldings', [anyWallet(), [1n]]),
    () => scene.chain.client.increaseTime({ seconds: random.int(3 * DAY) }),
    () => (random.int(3) === 0 ? relink() : mint()),
  ]
  await mint()
  return async () => random.pick(deeds)()
}
