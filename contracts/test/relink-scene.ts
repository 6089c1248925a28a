import { type AnyContract, BOTH_WAYS, deployed, FOREVER, PROJECT, type Signer, today } from './fixture.ts'

/** Who Alice is. */
export const INVESTOR = 5
/** The record of a new wallet. */
export const record = (changes: Record<string, unknown> = {}) => ({
  flags: BOTH_WAYS,
  expiry: FOREVER,
  country: 276,
  class: 1,
  investorId: INVESTOR,
  ...changes,
})

/** Alice is an investor who may change her wallet. */
export async function withInvestor() {
  const world = await deployed()
  const { ledger, registry, alice, setAccount, stranger } = world
  await setAccount(alice, { investorId: INVESTOR })
  const relink = (from: Signer, to: AnyContract, changes: Record<string, unknown> = {}) =>
    ledger.connect(registry).relinkWallet(from, to, record(changes))
  const move = (from: Signer, projectIds: (number | bigint)[] = [PROJECT]) => ledger.connect(stranger).moveHoldings(from, projectIds)
  const holding = async (holder: AnyContract) => {
    const { balance, locked, unlockDay, clearedDay, frozen, carried } = await ledger.holdingOf(PROJECT, holder)
    return [balance, locked, unlockDay, clearedDay, frozen, carried].map(Number)
  }
  return { ...world, relink, move, holding, start: await today() }
}
