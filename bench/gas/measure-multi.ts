import type { BenchChain } from './bench-chain.ts'
import type { Compiled } from './compile.ts'
import type { Operation } from './operations.ts'

/** What an ERC-1155 base costs that asks nobody for permission and remembers nothing. */
export async function measureMulti(
  { deploy, send, gasOf, operator, people, person }: BenchChain,
  shell: Compiled,
  dao: Compiled,
): Promise<Partial<Record<Operation, number>>> {
  const token = await deploy(shell)
  const [alice, bob, carol] = people('multi', 3) as [`0x${string}`, `0x${string}`, `0x${string}`]
  const hundred = people('multi holder', 100)
  const ids = Array.from({ length: 10 }, (_, index) => BigInt(index + 2))
  const move = (to: string) => gasOf(alice, token, 'safeTransferFrom', [alice, to, 1n, 10n, '0x'])
  const moveTen = (to: string) => gasOf(alice, token, 'safeBatchTransferFrom', [alice, to, ids, ids.map(() => 1n), '0x'])

  await send(operator, token, 'mint', [person('multi first'), 1n, 1000n])
  const mintFresh = await gasOf(operator, token, 'mint', [alice, 1n, 5000n])
  const mintExisting = await gasOf(operator, token, 'mint', [alice, 1n, 1000n])
  for (const id of ids) await send(operator, token, 'mint', [alice, id, 100n])
  const transferFresh = await move(bob)
  const batchFresh = await moveTen(carol)
  return {
    transferExisting: await move(bob),
    transferFresh,
    batchExisting: await moveTen(carol),
    batchFresh,
    mintFreshPlain: mintFresh,
    mintFresh,
    mintExisting,
    ...(await inHundreds()),
  }

  async function inHundreds() {
    const mintMany = (await gasOf(operator, token, 'mintMany', [hundred, 1n, hundred.map(() => 1000n)])) / 100
    const to = await deploy(dao)
    const exit = (await gasOf(operator, token, 'sweep', [hundred, to.address, 1n])) / 100
    return { mintManyPlain: mintMany, mintMany, exit }
  }
}
