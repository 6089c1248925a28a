import type { AccessProof, Power } from './access-scene.ts'

/** Chains on which nothing has a value: one person may be everybody there, but for the keys that lie on servers. */
const TEST_CHAINS: readonly number[] = [31_337, 80_002]

/** Roles of the ledger whose key lies on a server. What can be done with one is bounded only as long as it is all its holder has. */
const SERVER_KEYS = ['ledger Minter', 'ledger PaymentAttestor', 'ledger IdentityAttestor']
/** Brings money in, and says what was paid outside the chain: nobody who can move units or choose who may hold them. */
const TREASURER = 'ledger Treasurer'

interface Apart {
  role: string
  /** Beginnings of roles that its holder must not have besides. */
  from: readonly string[]
  why: string
}
const APART: readonly Apart[] = [
  { role: TREASURER, from: ['manager ', 'timelock ', 'ledger '], why: 'who pays has no other power' },
  { role: 'manager ENFORCER', from: ['manager RELINKER', 'manager COMPLIANCE'], why: 'who seizes units does not choose who may hold them' },
  { role: 'manager PAUSER', from: ['manager ENFORCER', 'manager RELINKER'], why: 'who may cancel a deed is not who does it' },
  { role: 'timelock PROPOSER', from: ['manager '], why: 'who gives roles has none' },
]

/** Adds what one address has and must not have together: keys on servers on every chain, everything else where something is at stake. */
export function findConflicts(proof: AccessProof, chainId: number): void {
  const rules: Apart[] = SERVER_KEYS.map((role) => ({ role, from: [''], why: 'a key on a server has one power' }))
  if (!TEST_CHAINS.includes(chainId)) rules.push(...APART)
  for (const [one, other, why] of rules.flatMap((rule) => pairsOf(proof.powers, rule))) {
    const what = `${one.name || one.account} has two powers`
    proof.differences.push({ what, expected: `${one.role}: ${why}`, found: `${one.role} and ${other.role}` })
  }
}

function pairsOf(powers: readonly Power[], { role, from, why }: Apart): [Power, Power, string][] {
  return powers
    .filter((one) => one.role === role)
    .flatMap((one) =>
      powers
        .filter((other) => other.account === one.account && other.role !== role && from.some((begin) => other.role.startsWith(begin)))
        .map((other): [Power, Power, string] => [one, other, why]),
    )
}
