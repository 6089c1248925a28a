import { decodeFunctionData, encodeFunctionResult, type Hex, parseAbi } from 'viem'
import { CONTRACT } from '../chain/tokens.ts'
import type { ChainView } from './chain-view.ts'
import { RpcError } from './rpc-error.ts'
import { blockNumberOf } from './tags.ts'

const ABI = parseAbi([
  'function supportsInterface(bytes4 interfaceId) view returns (bool)',
  'function balanceOf(address account, uint256 id) view returns (uint256)',
  'function balanceOfBatch(address[] accounts, uint256[] ids) view returns (uint256[])',
])

/** ERC-165 and ERC-1155. */
const INTERFACES = ['0x01ffc9a7', '0xd9b67a26']

interface Call {
  to?: string
  data?: Hex
  input?: Hex
}

/** Answers for the contract's views, at the newest block only: older state is gone, as on any node that isn't an archive. */
export function ethCall(chain: ChainView, { to, data, input }: Call, block: unknown): Hex {
  if (to?.toLowerCase() !== CONTRACT) return '0x'
  const call = decode(input ?? data ?? '0x')
  if (call.functionName === 'supportsInterface')
    return encodeFunctionResult({ abi: ABI, functionName: 'supportsInterface', result: INTERFACES.includes(call.args[0]) })
  if (typeof block === 'string' && blockNumberOf(chain, block) !== chain.head) throw new RpcError(-32_000, 'missing trie node')
  if (call.functionName === 'balanceOf') {
    const [account, id] = call.args
    return encodeFunctionResult({ abi: ABI, functionName: 'balanceOf', result: chain.balanceOf(account.toLowerCase(), id) })
  }
  const [accounts, ids] = call.args
  const result = accounts.map((account, at) => chain.balanceOf(account.toLowerCase(), ids[at]!))
  return encodeFunctionResult({ abi: ABI, functionName: 'balanceOfBatch', result })
}

function decode(data: Hex) {
  try {
    return decodeFunctionData({ abi: ABI, data })
  } catch {
    throw new RpcError(3, 'execution reverted')
  }
}
