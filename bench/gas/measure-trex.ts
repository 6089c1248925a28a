import { type Address, encodeAbiParameters, keccak256, parseAbiParameters, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { TEST_KEYS } from '../../common/node/testing.ts'
import type { BenchChain } from './bench-chain.ts'
import { deployClaimIssuer, type TrexSuite } from './deploy-trex.ts'
import type { Operation } from './operations.ts'

const TOPIC = BigInt(keccak256(toHex('KYC')))
const CLAIM_DATA = '0x1234'
const USA = 840

/** T-REX (ERC-3643) with one claim topic and no compliance module: the cheapest it can be. */
export async function measureTrex(chain: BenchChain, suite: TrexSuite): Promise<Partial<Record<Operation, number>>> {
  const { send, gasOf, operator, people } = chain
  const { token } = suite
  const onboard = await openOnboarding(chain, suite)
  const [alice, bob, carol] = people('trex', 3) as [Address, Address, Address]
  const fifty = people('trex holder', 50)
  const mint = (units: bigint) => gasOf(operator, token, 'mint', [alice, units])
  const move = () => gasOf(alice, token, 'transfer', [bob, 100n])

  for (const investor of [carol, bob, ...fifty]) await onboard(investor)
  const register = await onboard(alice)
  await send(operator, token, 'mint', [carol, 10n])
  const mintFresh = await mint(1000n)
  const mintExisting = await mint(1000n)
  const transferFresh = await move()
  const transferExisting = await move()
  const forcedTransfer = await gasOf(operator, token, 'forcedTransfer', [alice, bob, 100n])
  const freeze = await gasOf(operator, token, 'freezePartialTokens', [alice, 10n])
  const thousands = fifty.map(() => 1000n)
  const mintMany = (await gasOf(operator, token, 'batchMint', [fifty, thousands])) / 50
  const exit = (await gasOf(operator, token, 'batchForcedTransfer', [fifty, fifty.map(() => carol), thousands])) / 50
  const mints = { mintFreshPlain: mintFresh, mintFresh, mintExisting, mintManyPlain: mintMany, mintMany }
  return { transferExisting, transferFresh, ...mints, register, exit, forcedTransfer, freeze }
}

/** Answers what registers an investor: an identity, a signed claim in it, an entry in the registry. Its gas is the sum. */
async function openOnboarding({ send, gasOf, operator, ...chain }: BenchChain, { topics, issuers, registry, newIdentity }: TrexSuite) {
  const attestor = privateKeyToAccount(TEST_KEYS[2])
  const issuer = await deployClaimIssuer({ send, gasOf, operator, ...chain })
  const key = keccak256(encodeAbiParameters(parseAbiParameters('address'), [attestor.address]))
  await send(operator, issuer, 'addKey', [key, 3n, 1n])
  await send(operator, topics, 'addClaimTopic', [TOPIC])
  await send(operator, issuers, 'addTrustedIssuer', [issuer.address, [TOPIC]])
  return async (investor: Address) => {
    const identity = await newIdentity()
    const message = encodeAbiParameters(parseAbiParameters('address, uint256, bytes'), [identity.address, TOPIC, CLAIM_DATA])
    const signature = await attestor.signMessage({ message: { raw: keccak256(message) } })
    const claim = await gasOf(operator, identity, 'addClaim', [TOPIC, 1n, issuer.address, signature, CLAIM_DATA, ''])
    return identity.gas + claim + (await gasOf(operator, registry, 'registerIdentity', [investor, identity.address, USA]))
  }
}
