import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { zeroAddress } from 'viem'
import type { BenchChain, Contract } from './bench-chain.ts'
import type { Compiled } from './compile.ts'

export interface TrexSuite {
  topics: Contract
  issuers: Contract
  registry: Contract
  token: Contract
  /** Deploys the identity of an investor. */
  newIdentity(): Promise<Contract & { gas: number }>
}

const CONTRACTS = {
  topics: 'registry/implementation/ClaimTopicsRegistry',
  issuers: 'registry/implementation/TrustedIssuersRegistry',
  storage: 'registry/implementation/IdentityRegistryStorage',
  registry: 'registry/implementation/IdentityRegistry',
  compliance: 'compliance/modular/ModularCompliance',
  token: 'token/Token',
} as const
type Part = keyof typeof CONTRACTS

/** Every contract by itself: what the rules cost without the proxies. */
export async function deployBareTrex(chain: BenchChain): Promise<TrexSuite> {
  const { deploy, send, operator } = chain
  const parts = {} as Record<Part, Contract>
  for (const [part, path] of Object.entries(CONTRACTS)) parts[part as Part] = await deploy(await trexArtifact(path))
  const { topics, issuers, storage, registry, compliance, token } = parts
  for (const contract of [topics, issuers, storage, compliance]) await send(operator, contract, 'init', [])
  await send(operator, registry, 'init', [issuers.address, topics.address, storage.address])
  await send(operator, token, 'init', [registry.address, compliance.address, 'T', 'T', 0, zeroAddress])
  await send(operator, registry, 'addAgent', [token.address])
  await openSuite(chain, parts)
  const identity = await identityArtifact('Identity')
  return { topics, issuers, registry, token, newIdentity: () => deploy(identity, [operator, false]) }
}

/** Every contract and every identity behind its proxy, as the factory of the package deploys them. */
export async function deployProxiedTrex(chain: BenchChain): Promise<TrexSuite> {
  const { deploy, send, operator } = chain
  const plain = {} as Record<Part, Contract>
  for (const [part, path] of Object.entries(CONTRACTS)) plain[part as Part] = await deploy(await trexArtifact(path))
  const authority = await deploy(await trexArtifact('proxy/authority/TREXImplementationAuthority'), [true, zeroAddress, zeroAddress])
  const { token, topics, registry, storage, issuers, compliance } = plain
  const inItsOrder = [token, topics, registry, storage, issuers, compliance].map(({ address }) => address)
  await send(operator, authority, 'addAndUseTREXVersion', [{ major: 4, minor: 1, patch: 6 }, versionOf(inItsOrder)])

  const behindProxy = async (part: Part, proxy: string, args: unknown[] = []) => {
    const { address } = await deploy(await trexArtifact(`proxy/${proxy}`), [authority.address, ...args])
    return { address, abi: plain[part].abi }
  }
  const parts = {} as Record<Part, Contract>
  parts.topics = await behindProxy('topics', 'ClaimTopicsRegistryProxy')
  parts.issuers = await behindProxy('issuers', 'TrustedIssuersRegistryProxy')
  parts.storage = await behindProxy('storage', 'IdentityRegistryStorageProxy')
  const registries = [parts.issuers.address, parts.topics.address, parts.storage.address]
  parts.registry = await behindProxy('registry', 'IdentityRegistryProxy', registries)
  parts.compliance = await behindProxy('compliance', 'ModularComplianceProxy')
  const tokenArgs = [parts.registry.address, parts.compliance.address, 'T', 'T', 0, zeroAddress]
  parts.token = await behindProxy('token', 'TokenProxy', tokenArgs)
  await openSuite(chain, parts)

  const identity = await identityArtifact('Identity')
  const one = await deploy(identity, [operator, true])
  const identityAuthority = await deploy(await identityArtifact('proxy/ImplementationAuthority'), [one.address])
  const identityProxy = await identityArtifact('proxy/IdentityProxy')
  return {
    ...parts,
    newIdentity: async () => ({ ...(await deploy(identityProxy, [identityAuthority.address, operator])), abi: identity.abi }),
  }
}

/** A claim issuer whose word the registry will take. */
export async function deployClaimIssuer({ deploy, operator }: BenchChain): Promise<Contract> {
  return deploy(await identityArtifact('ClaimIssuer'), [operator])
}

async function openSuite({ send, operator }: BenchChain, { storage, registry, token }: Record<Part, Contract>) {
  await send(operator, storage, 'bindIdentityRegistry', [registry.address])
  await send(operator, registry, 'addAgent', [operator])
  await send(operator, token, 'addAgent', [operator])
  await send(operator, token, 'unpause', [])
}

function versionOf([
  tokenImplementation,
  ctrImplementation,
  irImplementation,
  irsImplementation,
  tirImplementation,
  mcImplementation,
]: string[]) {
  return { tokenImplementation, ctrImplementation, irImplementation, irsImplementation, tirImplementation, mcImplementation }
}

const trexArtifact = (path: string) => readArtifact('@tokenysolutions/t-rex', path)
const identityArtifact = (path: string) => readArtifact('@onchain-id/solidity', path)

/** The bytecode that the package publishes. */
async function readArtifact(packageName: string, path: string): Promise<Compiled> {
  const name = path.split('/').at(-1)
  const file = fileURLToPath(import.meta.resolve(`${packageName}/artifacts/contracts/${path}.sol/${name}.json`))
  const { abi, bytecode } = JSON.parse(await readFile(file, 'utf8')) as Compiled
  return { abi, bytecode }
}
