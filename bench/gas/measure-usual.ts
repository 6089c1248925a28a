import { type Address, concatHex, encodeAbiParameters, type Hex, keccak256, parseAbiParameters, toHex } from 'viem'
import type { BenchChain } from './bench-chain.ts'
import type { Compiled } from './compile.ts'
import type { Operation } from './operations.ts'

const AMOUNT = 1_000_000n
const LEAVES = 1024

/** What is usually done for what ERC-1155 has no word for: a Merkle root per payout, a checkpoint per transfer, one payment after the other. */
export async function measureUsual(chain: BenchChain, peers: Record<string, Compiled>): Promise<Partial<Record<Operation, number>>> {
  return { ...(await measureHistory(chain, peers)), ...(await measurePayouts(chain, peers)) }
}

async function measureHistory({ deploy, send, gasOf, operator, people }: BenchChain, peers: Record<string, Compiled>) {
  const token = await deploy(peers.Checkpointed!)
  const [alice, bob] = people('history', 2) as [Address, Address]
  const move = () => gasOf(alice, token, 'safeTransferFrom', [alice, bob, 1n, 10n, '0x'])
  await send(operator, token, 'mint', [alice, 1n, 5000n])
  const transferFresh = await move()
  const transferExisting = await move()
  return { transferExisting, transferFresh, transferAfterEpoch: transferExisting }
}

async function measurePayouts({ deploy, send, gasOf, operator, people, person }: BenchChain, peers: Record<string, Compiled>) {
  const token = await deploy(peers.PayoutToken!)
  const payout = await deploy(peers.MerklePayout!, [token.address])
  await send(operator, token, 'mint', [payout.address, 10n ** 12n])
  await send(operator, token, 'mint', [operator, 10n ** 12n])
  const payees = people('payee', LEAVES)
  const { root, proofOf } = treeOf(payees.map((payee, index) => leafOf(index, payee)))
  const open = await gasOf(operator, payout, 'open', [1n, root])
  for (const payee of payees.slice(0, 2)) await send(operator, token, 'mint', [payee, 1n])
  const claim = (index: number) => gasOf(payees[index]!, payout, 'claim', [1n, BigInt(index), payees[index], AMOUNT, proofOf(index)])
  // The first of 256 payees pays for the word of bits; the others are what counts.
  await claim(0)
  const claimOne = await claim(1)
  const payee = person('paid alone')
  await send(operator, token, 'mint', [payee, 1n])
  const payOne = await gasOf(operator, token, 'transfer', [payee, AMOUNT])
  return { open, claimOne, claimTwelve: 12 * claimOne, claimMany: payOne, payOne }
}

function leafOf(index: number, payee: Address): Hex {
  return keccak256(keccak256(encodeAbiParameters(parseAbiParameters('uint256, address, uint256'), [BigInt(index), payee, AMOUNT])))
}

function treeOf(leaves: Hex[]): { root: Hex; proofOf(index: number): Hex[] } {
  const layers = [leaves]
  for (let layer = leaves; layer.length > 1; layers.push(layer)) {
    layer = Array.from({ length: layer.length / 2 }, (_, index) => hashPair(layer[2 * index]!, layer[2 * index + 1]!))
  }
  return {
    root: layers.at(-1)![0]!,
    proofOf: (index) => layers.slice(0, -1).map((layer, depth) => layer[(index >> depth) ^ 1] ?? toHex(0, { size: 32 })),
  }
}

function hashPair(one: Hex, other: Hex): Hex {
  return keccak256(one < other ? concatHex([one, other]) : concatHex([other, one]))
}
