import type { Address } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { TEST_KEYS } from '../../common/node/testing.ts'
import type { BenchChain } from './bench-chain.ts'
import type { Ours } from './deploy-ours.ts'
import type { Operation } from './operations.ts'
import { DEADLINE, LOCKED, type Scene } from './scene.ts'

type Figures = Partial<Record<Operation, number>>
const [PROJECT, WITHOUT_COUNTRIES] = [1, 7]
const TEN = Array.from({ length: 10 }, (_, index) => index + 11)

/** Registration, mints, transfers, approvals. */
export async function measureHoldings(chain: BenchChain, ours: Ours, scene: Scene): Promise<Figures> {
  const [alice, bob, carol, dave, erin] = chain.people('investor', 5) as [Address, Address, Address, Address, Address]
  const hundreds = [0, 1].map((n) => chain.people(`hundred ${n}`, 100)) as [Address[], Address[]]
  await scene.register([alice, bob, carol, dave, erin])
  const register = (await scene.register(hundreds[0])) / 100
  await scene.register(hundreds[1])
  for (const projectId of [PROJECT, ...TEN]) await scene.createProject(projectId)
  await scene.createProject(WITHOUT_COUNTRIES, { hasCountries: false })

  // Somebody holds units already, and somebody was minted to today: the first mint of a project or of a day is dearer.
  await scene.mint(PROJECT, scene.orderOf(erin, 1000n))
  const mintFreshPlain = await scene.mintSettled(PROJECT, [scene.orderOf(alice, 5000n, LOCKED)])
  const order = scene.orderOf(dave, 5000n, LOCKED)
  const mintFresh = await scene.mint(PROJECT, order)
  const mintReplay = await scene.mint(PROJECT, order)
  const mintExisting = await scene.mint(PROJECT, scene.orderOf(dave, 1000n, LOCKED))
  const orders = (investors: Address[]) => investors.map((investor) => scene.orderOf(investor, 1000n))
  const mintMany = (await scene.mintMany(PROJECT, orders(hundreds[0]))) / 100
  const mintManyPlain = (await scene.mintSettled(PROJECT, orders(hundreds[1]))) / 100
  const transfers = await measureTransfers(chain, ours, scene, [erin, bob, carol])
  const permit = await measurePermit(chain, ours, carol)
  return { register, mintFreshPlain, mintFresh, mintReplay, mintExisting, mintMany, mintManyPlain, ...transfers, permit }
}

async function measureTransfers(
  { gasOf, send }: BenchChain,
  { ledger, elector }: Ours,
  scene: Scene,
  [from, to, other]: [Address, Address, Address],
): Promise<Figures> {
  const move = (projectId = PROJECT) => gasOf(from, ledger, 'safeTransferFrom', [from, to, projectId, 10n, '0x'])
  const moveTen = () => gasOf(from, ledger, 'safeBatchTransferFrom', [from, other, TEN, TEN.map(() => 1n), '0x'])
  const transferFresh = await move()
  const transferExisting = await move()
  for (const holder of [from, to]) await scene.mint(WITHOUT_COUNTRIES, scene.orderOf(holder, 100n))
  const transferPlain = await move(WITHOUT_COUNTRIES)
  for (const projectId of TEN) await scene.mint(projectId, scene.orderOf(from, 100n))
  const batchFresh = await moveTen()
  const batchExisting = await moveTen()
  await send(elector, ledger, 'openVoteEpoch', [PROJECT])
  const openVote = await gasOf(elector, ledger, 'openVoteEpoch', [PROJECT])
  const transferAfterEpoch = await move()
  return { transferFresh, transferExisting, transferPlain, batchFresh, batchExisting, openVote, transferAfterEpoch }
}

async function measurePermit({ gasOf, client, operator }: BenchChain, { ledger }: Ours, spender: Address): Promise<number> {
  const owner = privateKeyToAccount(TEST_KEYS[3])
  const domain = { name: 'TerraLuminaOwnership', version: '1', chainId: await client.getChainId(), verifyingContract: ledger.address }
  const fields = { owner: 'address', operator: 'address', approved: 'bool', nonce: 'uint256', deadline: 'uint256' }
  const types = { PermitForAll: Object.entries(fields).map(([name, type]) => ({ name, type })) }
  const message = { owner: owner.address, operator: spender, approved: true, nonce: 0n, deadline: BigInt(DEADLINE) }
  const signature = await owner.signTypedData({ domain, types, primaryType: 'PermitForAll', message })
  return gasOf(operator, ledger, 'permitForAll', [owner.address, spender, true, BigInt(DEADLINE), signature])
}
