import { type Address, type Hex, keccak256, toHex } from 'viem'
import type { BenchChain } from './bench-chain.ts'
import { deployGovernor, type Ours } from './deploy-ours.ts'
import type { Operation } from './operations.ts'
import { LOCKED, type Scene } from './scene.ts'

type Figures = Partial<Record<Operation, number>>
const [PROJECT, OTHER, FOR_SALE, UNSOLD] = [3, 4, 5, 6]
const DAY = 86_400

/** Enforcement, relinked wallets, a sale, a vote. */
export async function measureRare(chain: BenchChain, ours: Ours, scene: Scene): Promise<Figures> {
  for (const projectId of [PROJECT, OTHER]) await scene.createProject(projectId)
  return {
    ...(await measureEnforcement(chain, ours, scene)),
    ...(await measureRelink(chain, ours, scene)),
    ...(await measureSale(chain, ours, scene)),
    ...(await measureVote(chain, ours, scene)),
  }
}

async function measureEnforcement({ gasOf, operator, people }: BenchChain, { ledger }: Ours, scene: Scene): Promise<Figures> {
  const [alice, bob] = people('enforced', 2) as [Address, Address]
  await scene.register([alice, bob])
  for (const investor of [alice, bob]) await scene.mint(PROJECT, scene.orderOf(investor, 1000n))
  const forcedTransfer = await gasOf(operator, ledger, 'forcedTransfer', [alice, bob, PROJECT, 100n])
  const freeze = await gasOf(operator, ledger, 'setFrozenTokens', [alice, PROJECT, 50n])
  return { forcedTransfer, freeze }
}

/** A wallet is lost in one project, another in two: the difference is what each further one costs. */
async function measureRelink({ gasOf, operator, people }: BenchChain, { registrar, sign }: Ours, scene: Scene): Promise<Figures> {
  const relink = async (from: Address, to: Address, projectIds: number[]) => {
    for (const projectId of projectIds) await scene.mint(projectId, scene.orderOf(from, 1000n, LOCKED))
    const { investorId } = scene.attestationOf(from) as { investorId: bigint }
    const attestation = scene.attestationOf(to, { investorId, issuedAt: 1_900_000_001, replaces: from })
    const signature = await sign.identity((await scene.read(registrar, 'hashOf', [attestation])) as Hex)
    return gasOf(operator, registrar, 'relink', [attestation, signature, projectIds])
  }
  const [one, two, newOne, newTwo] = people('relinked', 4) as [Address, Address, Address, Address]
  await scene.register([one, two])
  const first = await relink(one, newOne, [PROJECT])
  return { relink: first, relinkMore: (await relink(two, newTwo, [PROJECT, OTHER])) - first }
}

async function measureSale(chain: BenchChain, ours: Ours, scene: Scene): Promise<Figures> {
  const { gasOf, send, operator, people, wait } = chain
  const buyers = people('buyer', 52)
  await scene.register(buyers)
  const [target, ofReach] = [1n, 10n ** 8n]
  await openSale(chain, ours, scene, FOR_SALE, target)
  await openSale(chain, ours, scene, UNSOLD, ofReach)
  const gas: number[] = []
  for (const buyer of buyers) {
    await send(operator, ours.token, 'mint', [buyer, 10n ** 12n])
    await send(buyer, ours.token, 'approve', [ours.sale.address, 10n ** 12n])
    gas.push(await gasOf(buyer, ours.sale, 'commit', [FOR_SALE, 100n, keccak256(toHex('salt'))]))
  }
  const unlucky = buyers[0]!
  await send(unlucky, ours.sale, 'commit', [UNSOLD, 100n, keccak256(toHex('salt'))])
  await wait(40 * DAY)
  for (const projectId of [FOR_SALE, UNSOLD]) await send(operator, ours.sale, 'finalize', [projectId])
  const idOf = (projectId: number, buyer: Address) => scene.read(ours.sale, 'investmentIdOf', [projectId, buyer, keccak256(toHex('salt'))])
  await send(operator, ours.sale, 'settle', [FOR_SALE, [await idOf(FOR_SALE, buyers[51]!)]])
  const fifty = await Promise.all(buyers.slice(0, 50).map((buyer) => idOf(FOR_SALE, buyer)))
  const saleSettle = (await gasOf(operator, ours.sale, 'settle', [FOR_SALE, fifty])) / 50
  return { saleCommit: gas[50]!, saleSettle, saleRefund: await gasOf(operator, ours.sale, 'refund', [await idOf(UNSOLD, unlucky)]) }
}

async function openSale({ send, operator, now }: BenchChain, { sale, token }: Ours, scene: Scene, projectId: number, targetUnits: bigint) {
  await scene.createProject(projectId, { isDraft: true })
  const opensAt = (await now()) + 2
  const units = { targetUnits, hardCapUnits: 10n ** 9n, maxFiatUnits: 0n, maxUnitsPerInvestor: 10n ** 7n }
  const times = { unlockDays: 365, opensAt, closesAt: opensAt + 30 * DAY, coolingOffSeconds: 2 * DAY }
  await send(operator, sale, 'openSale', [projectId, { currency: token.address, pricePerUnit: 1_000_000n, ...units, ...times }])
}

async function measureVote(chain: BenchChain, ours: Ours, scene: Scene): Promise<Figures> {
  const { gasOf, send, people, wait } = chain
  const voters = people('voter', 2) as [Address, Address]
  await scene.register(voters)
  for (const voter of voters) await scene.mint(PROJECT, scene.orderOf(voter, 1000n))
  const governor = await deployGovernor(chain, ours, PROJECT)
  const proposal = [[ours.token.address], [0n], ['0x']]
  const propose = await gasOf(voters[0], governor, 'propose', [...proposal, 'Measure'])
  const id = await scene.read(governor, 'hashProposal', [...proposal, keccak256(toHex('Measure'))])
  await wait(60)
  await send(voters[0], governor, 'castVote', [id, 1])
  return { propose, vote: await gasOf(voters[1], governor, 'castVote', [id, 1]) }
}
