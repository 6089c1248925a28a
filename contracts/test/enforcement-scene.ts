import { type AnyContract, deployed, ethers, PROJECT, today } from './fixture.ts'

/** Why it was done, as a hash. */
export const REASON = ethers.id('court order')
/** More cannot be frozen. */
export const ALL = 2n ** 56n - 1n
export type World = Awaited<ReturnType<typeof withHolders>>

/** Alice holds 100 units. */
export async function withHolders() {
  const world = await deployed()
  const { ledger, operator, alice, mint } = world
  await mint(alice, 100)
  const enforcer = ledger.connect(operator)
  const holding = async (holder: AnyContract) => {
    const { balance, locked, unlockDay, clearedDay, frozen } = await ledger.holdingOf(PROJECT, holder)
    return [balance, locked, unlockDay, clearedDay, frozen].map(Number)
  }
  return { ...world, enforcer, holding, start: await today() }
}

/** Names of the ledger's events in a transaction, in their order. */
export async function eventsOf({ ledger }: World, sent: Promise<AnyContract>) {
  const { logs } = await (await sent).wait()
  return logs.map((log: AnyContract) => ledger.interface.parseLog(log).name)
}
