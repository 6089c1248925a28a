import { type Address, type Hex, maxUint256, toFunctionSelector, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { librariesOf, linkBytecode, readArtifact } from '../../common/node/artifacts.ts'
import { TEST_KEYS } from '../../common/node/testing.ts'
import type { BenchChain, Contract } from './bench-chain.ts'

/** Our contracts, with everybody in his role. The operator is the access manager's administrator. */
export interface Ours {
  ledger: Contract
  vault: Contract
  registrar: Contract
  sale: Contract
  dao: Contract
  token: Contract
  /** Addresses with one role of the ledger each. `seller` and `elector` stand where a sale and a governor are. */
  minter: Address
  treasurer: Address
  seller: Address
  elector: Address
  /** Signs for the payment attestor and the identity attestor. */
  sign: { payment: Sign; identity: Sign }
}

type Sign = (digest: Hex) => Promise<Hex>

const DAY = 86_400
/** Members of ITerraLuminaOwnership.Role. */
const ROLE = { minter: 1, paymentAttestor: 2, identityAttestor: 3, treasurer: 4, registrar: 5, vault: 6, sale: 7, governor: 8 } as const
/** What is measured by a role of the access manager: the administrator's own way through it is shorter than anybody else's. */
const GUARDED = ['forcedTransfer', 'setFrozenTokens']
const ENFORCER = 1n

export async function deployOurs(chain: BenchChain): Promise<Ours> {
  const { send, operator, person } = chain
  const [payment, identity] = [privateKeyToAccount(TEST_KEYS[1]), privateKeyToAccount(TEST_KEYS[2])]
  const [minter, treasurer, seller, elector] = [person('minter'), person('treasurer'), person('seller'), person('elector')]

  const token = await deployOwn(chain, 'TestUsdc')
  const manager = await deployArtifact(chain, '@openzeppelin/contracts/access/manager/AccessManager.sol', [operator])
  const { address: forwarder } = await deployOwn(chain, 'TerraLuminaForwarder')
  const ledger = await deployOwn(chain, 'TerraLuminaOwnership', [manager.address, forwarder, DAY])
  const vault = await deployOwn(chain, 'TerraLuminaVault', [manager.address, forwarder, ledger.address, 3 * 365 * DAY])
  const registrar = await deployOwn(chain, 'TerraLuminaRegistrar', [manager.address, ledger.address])
  const sale = await deployOwn(chain, 'TerraLuminaSale', [manager.address, forwarder, ledger.address, 21 * DAY])
  const dao = await deployOwn(chain, 'CommunityDao', [0n, [operator], [zeroAddress], zeroAddress])

  const selectors = GUARDED.map((name) => selectorOf(ledger, name))
  await send(operator, manager, 'setTargetFunctionRole', [ledger.address, selectors, ENFORCER])
  await send(operator, manager, 'grantRole', [ENFORCER, operator, 0])
  for (const [account, role] of [
    [minter, ROLE.minter],
    [payment.address, ROLE.paymentAttestor],
    [identity.address, ROLE.identityAttestor],
    [treasurer, ROLE.treasurer],
    [registrar.address, ROLE.registrar],
    [vault.address, ROLE.vault],
    [sale.address, ROLE.sale],
    [seller, ROLE.sale],
    [elector, ROLE.governor],
  ] as const) {
    await send(operator, ledger, 'setRole', [account, role])
  }
  await send(operator, vault, 'setTokenAllowed', [token.address, true])
  await send(operator, token, 'mint', [treasurer, 10n ** 15n])
  await send(treasurer, token, 'approve', [vault.address, maxUint256])
  return {
    ...{ ledger, vault, registrar, sale, dao, token, minter, treasurer, seller, elector },
    sign: { payment: (hash) => payment.sign({ hash }), identity: (hash) => identity.sign({ hash }) },
  }
}

/** A governor of one project and its timelock, which owns nothing. */
export async function deployGovernor(chain: BenchChain, { ledger }: Ours, projectId: number): Promise<Contract> {
  const { send, operator } = chain
  const timelock = await deployOwn(chain, 'CommunityDao', [0n, [operator], [zeroAddress], zeroAddress])
  const args = [ledger.address, projectId, timelock.address, 10, 7 * DAY, 1n, 1000, 'Community']
  const governor = await deployOwn(chain, 'TerraLuminaGovernor', args)
  await send(operator, ledger, 'setRole', [governor.address, ROLE.governor])
  return governor
}

function deployOwn(chain: BenchChain, name: string, args: unknown[] = []): Promise<Contract> {
  return deployArtifact(chain, `contracts/${name}.sol`, args)
}

/** Deploys what Hardhat compiled, after the libraries it links. */
async function deployArtifact(chain: BenchChain, source: string, args: unknown[]): Promise<Contract> {
  const artifact = await readArtifact(source)
  const libraries: Record<string, Address> = {}
  for (const library of librariesOf(artifact)) {
    const { address } = await deployArtifact(chain, library, [])
    libraries[library.split('/').at(-1)!.replace('.sol', '')] = address
  }
  return chain.deploy({ abi: artifact.abi, bytecode: linkBytecode(artifact.bytecode, artifact.linkReferences, libraries) }, args)
}

function selectorOf({ abi }: Contract, name: string): Hex {
  return toFunctionSelector(abi.find((item) => item.type === 'function' && item.name === name) as never)
}
