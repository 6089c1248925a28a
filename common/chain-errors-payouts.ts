import type { Sentences } from './chain-errors-ledger.ts'
import { amount, moment, project, short, theProject } from './chain-words.ts'

/** What the vault, and the tokens it pays in, refuse with. */
export const PAYOUT_ERRORS: Sentences = {
  'ZeroAmount()': () => 'A distribution needs an amount above zero.',
  'TokenNotAllowed(uint256,address)': ([id, token]) => `${short(token)}, in which ${project(id)} pays, isn’t on the list of payout tokens.`,
  'InvalidToken(address)': ([token]) => `${short(token)} is no contract, so it can’t be a payout token.`,
  'UnexpectedTokenAmount(uint256,uint256)': ([expected, received]) =>
    `The token delivered ${amount(received)} base units instead of ${amount(expected)}, so nothing was changed.`,
  'DistributionAlreadyMade(bytes32)': ([id]) => `Distribution ${short(id)} was paid before.`,
  'NothingToClaim(uint256,address)': ([, holder]) => `Nothing is due to ${short(holder)} any more; perhaps it was claimed a moment ago.`,
  'InvalidPayoutAddress(address)': ([payee]) => `Money paid to ${short(payee)} would be lost.`,
  'AttestationAlreadyMade(bytes32)': ([id]) => `Payout ${short(id)} is on record already.`,
  'InvalidAttestation(bytes32)': ([id]) => `The record of payout ${short(id)} lacks its number, its root or a total that fits.`,
  'InvalidCurrency(string)': ([currency]) => `“${String(currency)}” isn’t a currency: three capital letters are needed.`,
  'EpochNotOpened(uint256,uint256)': ([id, epoch]) => `${theProject(id)} has no record date ${amount(epoch)}.`,
  'ClawbackTooEarly(uint256,uint256)': ([, earliest]) => `Unclaimed money may go back on ${moment(earliest)} at the earliest.`,
  'ClawbackNotAnnounced(uint256)': ([id]) => `Nobody announced that unclaimed money of ${project(id)} goes back.`,
  'ClawbackDeadlineRunning(uint256,uint256)': ([id, until]) => `Holders of ${project(id)} can claim until ${moment(until)}.`,
  'NewerDistribution(uint256,uint256,uint256)': ([id, upto, newest]) =>
    `${theProject(id)} paid out up to record date ${amount(newest)}, and the announcement covers ${amount(upto)} only.`,
  'NoTreasury(uint256)': ([id]) => `${theProject(id)} has no treasury that money could go to.`,
  'SafeERC20FailedOperation(address)': ([token]) => `The token ${short(token)} refused the payment.`,
  'ERC20InsufficientAllowance(address,uint256,uint256)': ([spender, allowance, needed]) =>
    `${short(spender)} may take ${amount(allowance)} base units, and ${amount(needed)} are needed.`,
  'ERC20InsufficientBalance(address,uint256,uint256)': ([sender, balance, needed]) =>
    `${short(sender)} has ${amount(balance)} base units, and ${amount(needed)} are needed.`,
  'ERC20InvalidApprover(address)': ([account]) => `${short(account)} can’t approve a payment.`,
  'ERC20InvalidReceiver(address)': ([receiver]) => `${short(receiver)} can’t receive the token.`,
  'ERC20InvalidSender(address)': ([sender]) => `${short(sender)} can’t send the token.`,
  'ERC20InvalidSpender(address)': ([spender]) => `${short(spender)} can’t be allowed to spend the token.`,
  'ERC2612ExpiredSignature(uint256)': ([deadline]) => `The signed permission to pay could be used until ${moment(deadline)} only.`,
  'ERC2612InvalidSigner(address,address)': ([signer, owner]) =>
    `The permission to pay is signed by ${short(signer)} instead of ${short(owner)}.`,
}
