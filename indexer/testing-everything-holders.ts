import { type Hex, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { ownershipAbi, vaultAbi } from '../common/abi.ts'
import { signVoucher } from '../common/mint-voucher.ts'
import { TEST_KEYS } from '../common/node/testing.ts'
import { DAY, type Life } from './testing-everything.ts'

const FOREVER = 1_099_511_627_775
const hash = (value: number): Hex => toHex(value, { size: 32 })
const idOf = (name: string) => keccak256(toHex(name))

/** Mints with lock-ups, what becomes of their lots, returns and claims: project 1. */
export async function liveAsHolders(life: Life): Promise<void> {
  const { deployment, holders, call, now, pass } = life
  const ownership = deployment.ownership as Hex
  const [alice, bob, carol, dave, erin, fred] = holders as [Hex, Hex, Hex, Hex, Hex, Hex]
  const today = Math.floor((await now()) / DAY)
  const flags = (holder: Hex, value: number) => {
    const record = { flags: value, expiry: FOREVER, country: 756, class: 1, investorId: BigInt(holders.indexOf(holder) + 1) }
    return call(ownership, ownershipAbi, 'setAccount', [holder, record], life.registrar)
  }

  await mintAll(life, [
    { investmentId: idOf('a1'), investor: alice, units: 100n, unlockDay: 0 },
    { investmentId: idOf('a2'), investor: alice, units: 40n, unlockDay: today - 1 },
    { investmentId: idOf('b1'), investor: bob, units: 50n, unlockDay: today + 10 },
    { investmentId: idOf('b2'), investor: bob, units: 60n, unlockDay: today + 20 },
    { investmentId: idOf('b3'), investor: bob, units: 70n, unlockDay: today + 30 },
    { investmentId: idOf('c1'), investor: carol, units: 80n, unlockDay: today + 15 },
    { investmentId: idOf('d1'), investor: dave, units: 90n, unlockDay: today + 40 },
    { investmentId: idOf('d2'), investor: dave, units: 30n, unlockDay: 0 },
    // Nobody knows this address: left out.
    { investmentId: idOf('x1'), investor: toHex(0x1234, { size: 20 }), units: 1n, unlockDay: 0 },
  ])
  await call(ownership, ownershipAbi, 'setApprovalForAll', [bob, true], alice)
  await call(ownership, ownershipAbi, 'setApprovalForAll', [carol, true], alice)
  await call(ownership, ownershipAbi, 'setApprovalForAll', [carol, false], alice)
  for (const [nonce, approved] of [true, false].entries()) {
    const permit = { owner: alice, operator: dave, approved, nonce: BigInt(nonce), deadline: BigInt(FOREVER) }
    const fields = 'address owner, address operator, bool approved, uint256 nonce, uint256 deadline'
    const signature = await life.sign(alice, ownership, 'TerraLuminaOwnership', 'PermitForAll', fields, permit)
    await call(ownership, ownershipAbi, 'permitForAll', [alice, dave, approved, FOREVER, signature])
  }
  await call(ownership, ownershipAbi, 'safeTransferFrom', [alice, erin, 1n, 10n, '0x'], bob)
  await life.mint(2, alice, 500n)
  await life.mint(2, bob, 300n)
  await life.mint(2, carol, 200n)
  await call(ownership, ownershipAbi, 'safeBatchTransferFrom', [alice, erin, [1n, 2n, 1n, 2n], [5n, 6n, 7n, 0n], '0x'], alice)

  await returns(life)

  // The first lot is freed by itself; the second moves with its date; the third goes back.
  await pass(11 * DAY)
  await call(ownership, ownershipAbi, 'release', [[idOf('b1')]])
  await call(ownership, ownershipAbi, 'transferLots', [[idOf('b2')], erin, hash(7)])
  await call(ownership, ownershipAbi, 'reverseInvestment', [idOf('b3'), hash(8)])
  // An exempt account takes locked units, and their lock-up with them.
  await flags(fred, 7)
  await call(ownership, ownershipAbi, 'safeTransferFrom', [dave, fred, 1n, 60n, '0x'], dave)
  await call(ownership, ownershipAbi, 'setFrozenTokens', [dave, 1n, 55n])
  await call(ownership, ownershipAbi, 'forcedTransfer', [dave, alice, 1n, 20n])
  // Carol's whole lock-up is over; it is cleared when something moves.
  await pass(10 * DAY)
  await call(ownership, ownershipAbi, 'safeTransferFrom', [carol, alice, 1n, 1n, '0x'], carol)

  await relink(life, erin, holders[7]!, 5n)
  await relink(life, holders[7]!, holders[8]!, 5n)
  await call(ownership, ownershipAbi, 'moveHoldings', [erin, [1n, 2n]], alice)
  await life.distribute(1, 5_000n)
  await call(deployment.vault as Hex, vaultAbi, 'claim', [[1]], holders[8])
}

async function mintAll({ deployment, call, now }: Life, orders: Parameters<typeof signVoucher>[3]): Promise<void> {
  const deadline = (await now()) + DAY
  const voucher = await signVoucher(privateKeyToAccount(TEST_KEYS[5]), deployment, 1, orders, deadline)
  await call(deployment.ownership as Hex, ownershipAbi, 'mintInvestments', [1, orders, voucher], deployment.parties.minter as Hex)
}

async function relink({ deployment, call, registrar }: Life, from: Hex, to: Hex, investorId: bigint): Promise<void> {
  // The register knows the new wallet as somebody else's: it has to be a fresh one there.
  const record = { flags: 3, expiry: FOREVER, country: 756, class: 0, investorId }
  await call(deployment.ownership as Hex, ownershipAbi, 'setAccount', [to, record], registrar)
  await call(deployment.ownership as Hex, ownershipAbi, 'relinkWallet', [from, to, record], registrar)
}

async function returns({ deployment, holders, call, administer, distribute, now, operator, registrar }: Life): Promise<void> {
  const [ownership, vault] = [deployment.ownership as Hex, deployment.vault as Hex]
  const [alice, bob, carol, dave] = holders as [Hex, Hex, Hex, Hex]
  await distribute(1, 123_456n)
  await call(vault, vaultAbi, 'setPayoutAddress', [dave], alice)
  await call(vault, vaultAbi, 'claim', [[1]], alice)
  await call(vault, vaultAbi, 'claimFor', [1, bob])
  await distribute(1, 777n)
  // A frozen account is left out of a common claim.
  const record = { flags: 11, expiry: FOREVER, country: 756, class: 0, investorId: 3n }
  await call(ownership, ownershipAbi, 'setAccount', [carol, record], registrar)
  await call(vault, vaultAbi, 'claimMany', [1, [bob, carol]])
  await call(ownership, ownershipAbi, 'setAccount', [carol, { ...record, flags: 3 }], registrar)
  await call(vault, vaultAbi, 'openRecordDate', [1])
  await call(vault, vaultAbi, 'attestOffchain', [idOf('paid'), 1, 3, hash(3), 9_900n, 'EUR', hash(4), 'ipfs://payments'], operator)
  const far = (await now()) + 4 * 365 * DAY
  await administer(vault, vaultAbi, 'announceClawback', [1, 2, far])
  await administer(vault, vaultAbi, 'cancelClawback', [1])
}
