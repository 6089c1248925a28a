import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type Abi,
  type Account,
  type Address,
  type Chain,
  encodeDeployData,
  encodeFunctionData,
  getAddress,
  getContractAddress,
  type Hex,
  keccak256,
  publicActions,
  type Transport,
  toHex,
  type WalletClient,
  zeroAddress,
} from 'viem'
import { communityDaoAbi, ownershipAbi, payoutTokenAbi, registrarAbi, vaultAbi } from '../abi.ts'
import type { Deployment } from './deployment.ts'

export interface DeployOptions {
  /** Account that sends mints and registrations. */
  minter: Address
  /** Account that signs KYC attestations and sends nothing. */
  attestor: Address
  /** Shortest time between the announcement and the beginning of an exit. */
  minNoticeSeconds: number
  /** Roles of the timelock that receives exits; left out: the operator decides, anyone executes, without a delay. */
  communityDao?: { minDelaySeconds: number; proposers: Address[]; executors: Address[] }
  /** ERC-20 to pay returns in; left out: a test token that anyone can mint. */
  payoutToken?: Address
  chainName?: string
  explorerUrl?: string
  /** Folder of the compiler's artifacts; left out: this checkout's own, made by `hardhat build`. */
  artifacts?: string
}

const ROLE_GAS = 150_000n
const ARTIFACTS = join(import.meta.dirname, '..', '..', 'artifacts', 'contracts')

/**
 * Deploys everything and grants every role; the wallet's account becomes administrator and operator.
 * All transactions are sent at once, so it takes about two blocks. Every call deploys anew.
 * @throws Error when artifacts are missing or a transaction reverts
 */
export async function deployContracts(
  wallet: WalletClient<Transport, Chain | undefined, Account>,
  options: DeployOptions,
): Promise<Deployment> {
  const client = wallet.extend(publicActions)
  const operator = wallet.account.address
  const artifacts = options.artifacts ?? ARTIFACTS
  const codes = await Promise.all(
    ['TerraLuminaOwnership', 'TerraLuminaVault', 'TerraLuminaRegistrar', 'CommunityDao', 'TestUsdc'].map((name) =>
      readBytecode(artifacts, name),
    ),
  )
  const [ownershipCode, vaultCode, registrarCode, daoCode, tokenCode] = codes as [Hex, Hex, Hex, Hex, Hex]

  let nonce = await client.getTransactionCount({ address: operator, blockTag: 'pending' })
  const hashes: Hex[] = []
  const deploy = async (abi: Abi, bytecode: Hex, args: readonly unknown[]): Promise<Address> => {
    const address = getContractAddress({ from: operator, nonce: BigInt(nonce) })
    hashes.push(
      await wallet.sendTransaction({ chain: wallet.chain ?? null, nonce: nonce++, data: encodeDeployData({ abi, bytecode, args }) }),
    )
    return address
  }
  const grant = async (contract: Address, role: string, account: Address) => {
    const data = encodeFunctionData({ abi: ownershipAbi, functionName: 'grantRole', args: [roleId(role), account] })
    // Gas is given because the contract may not be there yet to estimate against.
    hashes.push(await wallet.sendTransaction({ chain: wallet.chain ?? null, nonce: nonce++, to: contract, data, gas: ROLE_GAS }))
  }

  const dao = options.communityDao ?? { minDelaySeconds: 0, proposers: [operator], executors: [zeroAddress] }
  const ownership = await deploy(ownershipAbi, ownershipCode, [operator, options.minNoticeSeconds])
  const vault = await deploy(vaultAbi, vaultCode, [operator, ownership])
  const registrar = await deploy(registrarAbi, registrarCode, [operator, ownership])
  const daoArgs = [BigInt(dao.minDelaySeconds), dao.proposers, dao.executors, zeroAddress]
  const communityDao = await deploy(communityDaoAbi, daoCode, daoArgs)
  const payoutToken = options.payoutToken ?? (await deploy(payoutTokenAbi, tokenCode, []))
  for (const role of ['PROJECT_ROLE', 'EXIT_ROLE', 'PAUSER_ROLE', 'METADATA_ROLE']) await grant(ownership, role, operator)
  await grant(ownership, 'MINTER_ROLE', options.minter)
  await grant(ownership, 'VAULT_ROLE', vault)
  await grant(ownership, 'REGISTRAR_ROLE', registrar)
  await grant(vault, 'DISTRIBUTOR_ROLE', operator)
  await grant(registrar, 'ATTESTOR_ROLE', options.attestor)
  await grant(registrar, 'REVOKER_ROLE', operator)

  const receipts = await Promise.all(hashes.map((hash) => client.waitForTransactionReceipt({ hash })))
  const reverted = receipts.find((receipt) => receipt.status !== 'success')
  if (reverted) throw new Error(`Deployment failed: transaction ${reverted.transactionHash} reverted`)
  const token = { address: payoutToken, abi: payoutTokenAbi } as const
  return {
    chainId: await client.getChainId(),
    chainName: options.chainName ?? wallet.chain?.name ?? 'local',
    startBlock: Number(receipts[0]!.blockNumber),
    explorerUrl: options.explorerUrl ?? wallet.chain?.blockExplorers?.default.url ?? null,
    ownership: lower(ownership),
    vault: lower(vault),
    registrar: lower(registrar),
    payoutToken: lower(payoutToken),
    payoutTokenSymbol: await client.readContract({ ...token, functionName: 'symbol' }),
    payoutTokenDecimals: await client.readContract({ ...token, functionName: 'decimals' }),
    communityDao: lower(communityDao),
  }
}

/** The id that OpenZeppelin's AccessControl knows a role by. */
export function roleId(role: string): Hex {
  return keccak256(toHex(role))
}

async function readBytecode(artifacts: string, name: string): Promise<Hex> {
  const path = join(artifacts, `${name}.sol`, `${name}.json`)
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new Error(`No compiled ${name} at ${path}; run \`hardhat build\` first`, { cause })
  })
  return (JSON.parse(text) as { bytecode: Hex }).bytecode
}

function lower(address: Address): Address {
  return getAddress(address).toLowerCase() as Address
}
