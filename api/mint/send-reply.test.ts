import { test } from 'node:test'
import { expect } from 'chai'
import { classify } from './send-reply.ts'

const WORDINGS = {
  taken: ['already known', 'ALREADY_EXISTS: already known', 'transaction already imported', 'AlreadyKnown', 'known transaction: 0xabc'],
  stale: ['nonce too low', 'nonce too low: next nonce 5, tx nonce 4', 'Nonce is too low', 'OldNonce', 'nonce has already been used'],
  underpriced: [
    'replacement transaction underpriced',
    'transaction underpriced',
    'transaction underpriced: gas tip cap 1, minimum needed 25000000000',
    'max fee per gas less than block base fee',
    'FeeTooLow, EffectivePriorityFeePerGas too low',
  ],
  poor: ['insufficient funds for gas * price + value', 'Insufficient funds', 'Upfront cost exceeds account balance'],
  unknown: ['', 'fetch failed', 'The request took too long to respond.', 'HTTP request failed. Status: 502', 'execution reverted'],
} as const

for (const [reply, messages] of Object.entries(WORDINGS)) {
  test(`a node that answers like "${messages[0]}" means ${reply}`, () => {
    for (const message of messages) expect(classify(message), message).to.equal(reply)
  })
}
