import { type Address, type Hex, keccak256, type LocalAccount, recoverMessageAddress, toHex } from 'viem'
import type { Contracts } from './settings.ts'
import type { VerifyReport } from './verify.ts'

/** What made a report, and whom it asked. */
export interface Provenance {
  madeAt: string
  /** Version of this program. */
  program: string
  schema: string
  contracts: Contracts
  /** Hosts only: addresses of nodes often carry a key. */
  providers: { mirrored: string[]; asked: string[] }
}

/** What a proof of the mirror looks like in a file: anybody can check later who vouched for which state of the chain. */
export interface SignedReport {
  report: VerifyReport & Provenance
  /** Keccak-256 of the report as JSON with sorted keys and no spaces. */
  digest: Hex
  /** EIP-191 over the digest's hex; null when no key was given. */
  signature: Hex | null
  signer: Address | null
}

export async function signReport(report: VerifyReport, provenance: Provenance, signer?: LocalAccount): Promise<SignedReport> {
  const plain = JSON.parse(canonical({ ...report, ...provenance })) as SignedReport['report']
  const digest = digestOf(plain)
  const signature = signer === undefined ? null : await signer.signMessage({ message: digest })
  return { report: plain, digest, signature, signer: signer?.address ?? null }
}

/** Who signed it, `unsigned`, or `altered` when the report, digest, signature and signer don't belong together. */
export async function checkReport({ report, digest, signature, signer }: SignedReport): Promise<Address | 'unsigned' | 'altered'> {
  if (digestOf(report) !== digest) return 'altered'
  if (signature === null || signer === null) return 'unsigned'
  const recovered = await recoverMessageAddress({ message: digest, signature }).catch(() => undefined)
  return recovered === signer ? recovered : 'altered'
}

function digestOf(report: unknown): Hex {
  return keccak256(toHex(canonical(report)))
}

/** JSON with sorted keys; integers of any size as decimal strings. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'bigint') return String(item)
    if (item === null || typeof item !== 'object' || Array.isArray(item)) return item
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
