import {
  BaseError,
  ContractFunctionRevertedError,
  HttpRequestError,
  InsufficientFundsError,
  LimitExceededRpcError,
  TimeoutError,
  UserRejectedRequestError,
} from 'viem'
import { explainRevert, revertDataOf } from '../../common/chain-errors.ts'

/** What a wallet, a node or a contract said, in words. A rejection is a choice, not an error. */
export type WalletTrouble = {
  kind: 'rejected' | 'contract' | 'funds' | 'network' | 'unknown'
  title: string
  help: string
  detail: string | null
}

const NOTHING_SENT = 'Nothing was sent.'
const REJECTED: WalletTrouble = {
  kind: 'rejected',
  title: 'You declined in your wallet',
  help: `${NOTHING_SENT} You can try again whenever you like.`,
  detail: null,
}

/** Turns anything a wallet action can throw into words. */
export function explainWallet(error: unknown): WalletTrouble {
  if (error instanceof BaseError) return explainBase(error)
  const { code, message, title } = (error ?? {}) as { code?: unknown; message?: unknown; title?: unknown }
  if (code === 4001) return REJECTED
  return {
    kind: 'unknown',
    title: typeof title === 'string' ? title : 'That didn’t work',
    help: NOTHING_SENT,
    detail: typeof message === 'string' ? message.slice(0, 500) : null,
  }
}

function explainBase(error: BaseError): WalletTrouble {
  const detail = error.shortMessage.slice(0, 500)
  // Wallets give the code of a rejection in several shapes.
  if (error.walk((cause) => cause instanceof UserRejectedRequestError || (cause as { code?: unknown }).code === 4001)) return REJECTED
  const data = revertDataOf(error)
  if (data !== undefined || error.walk((cause) => cause instanceof ContractFunctionRevertedError)) {
    const sentence = explainRevert(data)?.sentence
    return {
      kind: 'contract',
      title: 'The contract refuses this',
      help: `${sentence ?? 'It gave a reason we have no words for.'} ${NOTHING_SENT}`,
      detail: sentence ? null : detail,
    }
  }
  if (error.walk((cause) => cause instanceof InsufficientFundsError)) {
    return {
      kind: 'funds',
      title: 'Not enough for the network fee',
      help: `Your wallet needs a little of the network’s own coin to pay the fee. ${NOTHING_SENT}`,
      detail,
    }
  }
  if (error.walk((cause) => cause instanceof LimitExceededRpcError || (cause as { status?: unknown }).status === 429)) {
    return { kind: 'network', title: 'The network node is busy', help: `${NOTHING_SENT} Wait a minute, then try again.`, detail }
  }
  if (error.walk((cause) => cause instanceof HttpRequestError || cause instanceof TimeoutError)) {
    return { kind: 'network', title: 'The network can’t be reached', help: `${NOTHING_SENT} Check your connection and try again.`, detail }
  }
  return {
    kind: 'unknown',
    title: 'That didn’t work',
    help: `${NOTHING_SENT} Try again; if it stays, copy the details and write to us.`,
    detail,
  }
}
