import type { Sentences } from './chain-errors-ledger.ts'
import { amount, moment, project, short, span, theProject, units } from './chain-words.ts'

const SALE_STATES = ['not open', 'open', 'a success', 'failed']
const COMMITMENT_STATES = ['never made', 'open', 'cancelled', 'minted', 'paid back']

/** What the sale of a project refuses with. */
export const SALE_ERRORS: Sentences = {
  'SaleAlreadyOpened(uint256)': ([id]) => `${theProject(id)} has its sale already, and there is no second one.`,
  'ProjectHasNoTreasury(uint256)': ([id]) => `${theProject(id)} was created without a treasury, so it can’t be sold here.`,
  'InvalidCurrency(address)': ([currency]) => `${short(currency)} is no contract, so nobody can pay in it.`,
  'ZeroPrice()': () => 'A unit needs a price above zero.',
  'InvalidUnits(uint256,uint256,uint256,uint256)': ([target, hardCap, fiat, cap]) =>
    `A target of ${units(target)}, a limit of ${amount(hardCap)} with ${amount(fiat)} of them paid elsewhere and a cap of ${amount(cap)} don’t fit together.`,
  'InvestorLimitTooHigh(uint256,uint256)': ([most, limit]) =>
    `One investor could commit to ${units(most)}, and may hold ${amount(limit)} only.`,
  'OpensTooEarly(uint256,uint256)': ([, earliest]) => `The sale can open on ${moment(earliest)} at the earliest.`,
  'InvalidClose(uint256,uint256,uint256)': ([, earliest, latest]) =>
    `The sale can close between ${moment(earliest)} and ${moment(latest)}.`,
  'CoolingOffTooLong(uint256,uint256)': ([given, longest]) => `A cooling-off of ${span(given)} is too long: it may last ${span(longest)}.`,
  'LockUpTooLong(uint256,uint256)': ([given, longest]) => `A lock-up of ${amount(given)} days is too long: it may last ${amount(longest)}.`,
  'WrongSaleState(uint256,uint8)': ([id, now]) =>
    `The sale of ${project(id)} is ${SALE_STATES[Number(now)] ?? `in state ${String(now)}`}, and this isn’t possible then.`,
  'OutsideOpeningPeriod(uint256,uint256,uint256)': ([id, opensAt, closesAt]) =>
    `The sale of ${project(id)} is open from ${moment(opensAt)} until ${moment(closesAt)}.`,
  'InvestmentIdUsed(bytes32)': ([id]) => `Commitment ${short(id)} was made before.`,
  'BuyerNotEligible(uint256,address)': ([id, buyer]) => `${short(buyer)} may not receive units of ${project(id)}.`,
  'HardCapExceeded(uint256,uint256,uint256)': ([id, hardCap, asked]) =>
    `With this ${units(asked)} of ${project(id)} would be committed, and ${amount(hardCap)} are for sale.`,
  'FiatLimitExceeded(uint256,uint256,uint256)': ([id, most, asked]) =>
    `With this ${units(asked)} of ${project(id)} would be paid elsewhere, and ${amount(most)} may be.`,
  'InvestorLimitExceeded(uint256,uint256,uint256)': ([id, most, asked]) =>
    `With this the investor would have ${units(asked)} of ${project(id)}, and ${amount(most)} are allowed.`,
  'TooManyInvestors(uint256,uint256)': ([id, limit]) => `${theProject(id)} has reached its ${amount(limit)} investors.`,
  'UnknownCommitment(bytes32)': ([id]) => `There is no commitment ${short(id)} in this sale.`,
  'CommitmentNotOpen(bytes32,uint8)': ([id, now]) =>
    `Commitment ${short(id)} is ${COMMITMENT_STATES[Number(now)] ?? `in state ${String(now)}`}, and this isn’t possible then.`,
  'NotTheBuyer(bytes32,address)': ([id, buyer]) => `Commitment ${short(id)} is that of ${short(buyer)}.`,
  'WrongMethod(bytes32,uint8)': ([id, method]) =>
    Number(method) === 1
      ? `Commitment ${short(id)} was paid elsewhere, so the payment attestor has to take it out.`
      : `Commitment ${short(id)} was paid here, so its buyer has to cancel it.`,
  'CancellationOver(bytes32,uint256)': ([id, until]) => `Commitment ${short(id)} could be cancelled until ${moment(until)}.`,
  'TargetNotReached(uint256,uint256,uint256)': ([id, target, open]) =>
    `${units(open)} of ${project(id)} are committed, and the target is ${amount(target)}.`,
  'TooEarlyToFinalize(uint256,uint256)': ([id, earliest]) =>
    `The sale of ${project(id)} can be decided on ${moment(earliest)} at the earliest.`,
  'SaleIsOver(uint256,uint256)': ([id, closesAt]) => `The sale of ${project(id)} closed on ${moment(closesAt)}; it only has to be decided.`,
  'NotRefundable(bytes32,uint256)': ([id, from]) =>
    BigInt(String(from)) === 0n
      ? `Commitment ${short(id)} can’t be paid back while the sale is open; its buyer can cancel it.`
      : `Commitment ${short(id)} can be paid back from ${moment(from)} if it isn’t minted before.`,
  'NoProceeds(uint256)': ([id]) => `There is no money of ${project(id)} to pay to its treasury.`,
  'InvalidRefundAddress(address)': ([address]) => `Money sent to ${short(address)} would be lost.`,
}
