import type { Address } from 'viem'
import type { BenchChain } from './bench-chain.ts'
import type { Ours } from './deploy-ours.ts'
import type { Operation } from './operations.ts'
import type { Scene } from './scene.ts'

type Figures = Partial<Record<Operation, number>>
const PROJECT = 2

/** Distributions, claims, and at the end the exit. The payees have some of the token already. */
export async function measureReturns(chain: BenchChain, ours: Ours, scene: Scene): Promise<Figures> {
  const { gasOf, send, operator, people, person } = chain
  const holders = people('holder', 100)
  const [patient, last] = [person('patient holder'), person('last holder')]
  await scene.register([...holders, patient, last])
  await scene.createProject(PROJECT)
  await scene.mintSettled(
    PROJECT,
    [...holders, patient, last].map((holder) => scene.orderOf(holder, 1000n)),
  )
  for (const holder of [...holders.slice(0, 50), patient]) await send(operator, ours.token, 'mint', [holder, 1n])
  const claim = () => gasOf(patient, ours.vault, 'claim', [[PROJECT]])

  await scene.distribute(PROJECT)
  const open = await scene.distribute(PROJECT)
  await claim()
  await scene.distribute(PROJECT)
  const claimOne = await claim()
  for (let round = 0; round < 12; round++) await scene.distribute(PROJECT)
  const claimTwelve = await claim()
  const claimMany = (await gasOf(operator, ours.vault, 'claimMany', [PROJECT, holders.slice(0, 50)])) / 50
  return { open, claimOne, claimTwelve, claimMany, ...(await measureExit(chain, ours, holders)) }
}

async function measureExit({ gasOf, send, operator, now, wait }: BenchChain, { ledger, dao }: Ours, holders: Address[]): Promise<Figures> {
  const notBefore = (await now()) + 2 * 86_400
  await send(operator, ledger, 'announceExit', [PROJECT, dao.address, notBefore])
  await wait(3 * 86_400)
  await send(operator, ledger, 'beginExit', [PROJECT])
  const batch = async () => (await gasOf(operator, ledger, 'exitBatch', [PROJECT, holders])) / holders.length
  return { exit: await batch(), exitReplay: await batch() }
}
