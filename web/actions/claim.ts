import { type Abi, type Address, decodeFunctionData, type Hex, isAddressEqual } from 'viem'
import { vaultAbi } from '../../common/abi.ts'
import type { ClaimCall, PublicConfig } from '../../common/wire.ts'
import { tokens } from '../view/format.ts'
import type { Action } from './action.ts'

export type Claim = { call: ClaimCall; config: PublicConfig }

/** Pays out everything that is due to the signer in the listed projects. */
export const claimReturns = {
  describe: ({ call, config }) => `Claim ${amountOf({ call, config })}`,
  done: ({ call, config }) => `Claimed ${amountOf({ call, config })}`,
  /** The api only proposes; what is signed is exactly `vault.claim` of the projects shown. @throws when the proposal says anything else */
  request: ({ call, config }) => {
    const { functionName, args } = decodeFunctionData({ abi: vaultAbi, data: call.data as Hex })
    const ids = functionName === 'claim' ? args[0] : []
    const isAsShown =
      isAddressEqual(call.to as Address, config.contracts.vault as Address) &&
      call.chainId === config.chainId &&
      String([...ids]) === String(call.projectIds)
    if (!isAsShown)
      throw Object.assign(new Error('The proposed call is not the claim that was shown.'), {
        title: 'This claim doesn’t match what it should do',
      })
    return { address: call.to as Address, abi: vaultAbi as Abi, functionName: 'claim', args: [ids] }
  },
} satisfies Action<Claim>

function amountOf({ call, config }: Claim) {
  return tokens(call.amount, config.payoutTokenDecimals, config.payoutTokenSymbol)
}
