import { createWalletClient, encodeAbiParameters, encodeFunctionData, type Hex, http, keccak256, toHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { anvil } from 'viem/chains'
import { governorAbi, ownershipAbi, payoutTokenAbi, vaultAbi } from '../common/abi.ts'
import { deployGovernor } from '../common/node/deploy-governor.ts'
import { TEST_KEYS } from '../common/node/testing.ts'
import { DAY, type Life } from './testing-everything.ts'

/** The holders of project 2 vote, the project exits to their timelock, and they vote again; the holders of project 1 forget their money. */
export async function liveAsDao(life: Life): Promise<void> {
  const { chain, deployment, holders, call, administer, now, pass } = life
  const [ownership, vault] = [deployment.ownership as Hex, deployment.vault as Hex]
  const [alice, bob, carol, , erin] = holders as [Hex, Hex, Hex, Hex, Hex]
  const wallet = createWalletClient({
    account: privateKeyToAccount(TEST_KEYS[0]),
    chain: anvil,
    transport: http(chain.url),
    pollingInterval: 20,
  })
  const settings = { votingDelaySeconds: DAY, votingPeriodSeconds: 3 * DAY, proposalThreshold: 10n, quorumBps: 2_000 }
  const made = await deployGovernor(wallet, deployment, 2, { ...settings, minDelaySeconds: 60, name: 'Solar park 2' })
  deployment.governors = [{ projectId: 2, governor: lower(made.governor), timelock: lower(made.timelock) }]
  await administer(ownership, ownershipAbi, 'setRole', [made.governor, 8])

  const governor = made.governor
  const vote = async (description: string, voters: [Hex, number][], ending: 'execute' | 'cancel' | 'none') => {
    const calls = [deployment.payoutToken, governor]
    const inputs = [
      encodeFunctionData({ abi: payoutTokenAbi, functionName: 'mint', args: [alice, 1n] }),
      encodeFunctionData({ abi: governorAbi, functionName: 'setVotingPeriod', args: [2 * DAY] }),
    ]
    await call(governor, governorAbi, 'propose', [calls, [0n, 0n], inputs, description], alice)
    const rest = [calls, [0n, 0n], inputs, keccak256(toHex(description))]
    if (ending === 'cancel') {
      await call(governor, governorAbi, 'cancel', rest, alice)
      await pass(5 * DAY)
      return
    }
    const id = await life.read<bigint>(governor, governorAbi, 'hashProposal', rest)
    await pass(DAY + 10)
    for (const [voter, support] of voters) await call(governor, governorAbi, 'castVote', [id, support], voter)
    if (ending === 'none') {
      // Bob's first vote by signature; somebody else sends it.
      const ballot = { proposalId: id, support: 1, voter: bob, nonce: 0n }
      const fields = 'uint256 proposalId, uint8 support, address voter, uint256 nonce'
      const signature = await life.sign(bob, governor, 'Solar park 2', 'Ballot', fields, ballot)
      await call(governor, governorAbi, 'castVoteBySig', [id, 1, bob, signature])
      return
    }
    await call(governor, governorAbi, 'castVoteWithReasonAndParams', [id, 1, 'Also for my lost wallet', former(erin)], holders[8])
    await pass(4 * DAY)
    await call(governor, governorAbi, 'queue', rest)
    await pass(100)
    await call(governor, governorAbi, 'execute', rest)
  }
  await vote(
    'Mint one',
    [
      [alice, 1],
      [bob, 0],
      [carol, 2],
    ],
    'execute',
  )
  await vote('Mint none', [], 'cancel')

  await call(ownership, ownershipAbi, 'announceExit', [2, made.timelock, (await now()) + 1_000])
  await call(ownership, ownershipAbi, 'cancelExit', [2])
  await life.distribute(2, 4_321n)
  await call(ownership, ownershipAbi, 'announceExit', [2, made.timelock, (await now()) + 1_000])
  await pass(2_000)
  await call(ownership, ownershipAbi, 'beginExit', [2])
  await call(ownership, ownershipAbi, 'exitBatch', [2, [alice, bob]])
  await call(ownership, ownershipAbi, 'exitBatch', [2, [carol, ...holders.slice(3)]])
  await call(ownership, ownershipAbi, 'finalizeExit', [2])
  await vote('Mint after the exit', [[alice, 1]], 'none')

  await administer(vault, vaultAbi, 'announceClawback', [1, 4, (await now()) + 4 * 365 * DAY])
  await call(vault, vaultAbi, 'claimFor', [1, alice])
  await pass(5 * 365 * DAY)
  await administer(vault, vaultAbi, 'clawback', [1, [bob, carol]])
  await administer(vault, vaultAbi, 'announceClawback', [2, 3, (await now()) + 4 * 365 * DAY])
}

/** The parameters of a vote that also counts a wallet that was replaced. */
function former(wallet: Hex): Hex {
  return encodeAbiParameters([{ type: 'address[]' }], [[wallet]])
}

function lower(address: Hex): Hex {
  return address.toLowerCase() as Hex
}
