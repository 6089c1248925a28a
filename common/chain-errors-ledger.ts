import { restrictionSentence } from './chain-restrictions.ts'
import { amount, day, moment, project, role, short, state, theProject, units } from './chain-words.ts'

/** One sentence from an error's arguments. */
export type Sentences = Record<string, (args: readonly unknown[]) => string>

/** What the ledger of units refuses with, by the error's signature. */
export const LEDGER_ERRORS: Sentences = {
  'EnforcedPause()': () => 'The ledger is paused at the moment; units and returns are safe.',
  'MissingRole(address,uint8)': ([account, needed]) => `${short(account)} doesn’t hold the role of ${role(needed)} that this needs.`,
  'InvalidRole(address,uint8)': ([account, given]) =>
    `${short(account)} can’t get the role of ${role(given)}: it is no account, or not the vault of this ledger.`,
  'VaultIsFixed(address)': ([vault]) => `${short(vault)} is the vault for ever; its role can’t be given or taken.`,
  'ProjectAlreadyExists(uint256)': ([id]) => `${theProject(id)} is on the chain already.`,
  'ProjectNotFound(uint256)': ([id]) => `The ledger knows no ${project(id)}.`,
  'InvalidTerms(string)': ([member]) => `The terms of the project are incomplete or out of range: ${termName(member)}.`,
  'InvalidStateChange(uint256,uint8,uint8)': ([id, from, to]) =>
    `${theProject(id)} is ${state(from)}, and no step leads from there to ${state(to)}.`,
  'WrongState(uint256,uint8)': ([id, now]) => `${theProject(id)} is ${state(now)}, and this isn’t possible then.`,
  'MetadataIsFrozen(uint256,uint256)': ([id, version]) =>
    `Version ${amount(version)} of the metadata of ${project(id)} is the last for ever.`,
  'InvalidRules(address)': ([rules]) => `${short(rules)} is no contract, so it can’t hold rules.`,
  'InvestmentConflict(bytes32)': ([id]) => `Investment ${short(id)} was minted before with other figures.`,
  'InvalidInvestmentId()': () => 'An investment needs a number other than zero.',
  'ZeroUnits(bytes32)': ([id]) =>
    isZero(id) ? 'At least one unit is needed.' : `At least one unit is needed, and investment ${short(id)} has none.`,
  'SignatureExpired(uint256)': ([until]) => `The signature could be used until ${moment(until)} only; a fresh one is needed.`,
  'InvalidVoucher(address)': ([signer]) =>
    isZero(signer)
      ? 'The voucher carries no signature that could be read.'
      : `No payment attestor signed exactly these orders for this ledger; the signature is that of ${short(signer)}.`,
  'InvalidPermit(address)': ([owner]) => `${short(owner)} didn’t sign this approval, or it was used before.`,
  'TransferRestricted(uint8,address,address,uint256,uint256,uint256)': ([code, , , projectId, moved, limit]) =>
    restrictionSentence(Number(code), { projectId, units: moved, limit }) ?? 'The ledger refuses this transfer.',
  'LotStillLocked(bytes32,uint256)': ([id, unlockDay]) =>
    `The units of investment ${short(id)} are in their lock-up until ${day(unlockDay)}.`,
  'UnknownInvestment(bytes32)': ([id]) => `Investment ${short(id)} was never minted.`,
  'InvestmentIsReversed(bytes32)': ([id]) => `Investment ${short(id)} was taken back for good.`,
  'SelfForcedTransfer()': () => 'Units can’t be moved by force to the account that has them.',
  'AccountRetired(address)': ([account]) => `${short(account)} was replaced by another wallet and can’t be used again.`,
  'InvalidRelink(address,address)': ([from, to]) => `${short(to)} can’t take the place of ${short(from)}.`,
  'InvalidFlags(uint8)': ([flags]) => `The account’s record has flags (${amount(flags)}) that can’t be set.`,
  'LockupsCollide(uint256,address,address)': ([id, from, to]) =>
    `${short(from)} and ${short(to)} both have running lock-ups in ${project(id)}; their units can be joined when those of one are over.`,
  'NoUnits(uint256)': ([id]) => `Nobody holds units of ${project(id)}, so there is nobody to share with.`,
  'DaoCannotReceive(address)': ([dao]) => `${short(dao)} can’t receive units, so it can’t be a community DAO.`,
  'NoticeTooShort(uint256,uint256)': ([, earliest]) =>
    `The notice is too short: the exit may begin on ${moment(earliest)} at the earliest.`,
  'NoticeRunning(uint256,uint256)': ([id, until]) => `The notice of the exit of ${project(id)} runs until ${moment(until)}.`,
  'ExitTargetNotMet(uint256,uint256,uint256)': ([id, have, need]) =>
    BigInt(String(need)) === 2n ** 256n - 1n
      ? `${theProject(id)} has no price at which it could be bought out.`
      : `Each unit of ${project(id)} has earned ${amount(have)} of the ${amount(need)} base units due before an exit.`,
  'ExitIncomplete(uint256,uint256)': ([id, remaining]) => `${units(remaining)} of ${project(id)} aren’t at the community DAO yet.`,
  'AccountIsFrozen(address)': ([account]) => `${short(account)} is frozen; what is due to it waits until it is free again.`,
  'TooMany(uint256,uint256)': ([given, limit]) => `A list of ${amount(given)} entries is too long: it may have ${amount(limit)}.`,
  'OnlySelf()': () => 'Only the contract itself may call this.',
  'NotEnoughGas(uint256)': ([needed]) =>
    `The transaction has too little gas: ${amount(needed)} must be left before each call; send it again with more.`,
  'ERC7943CannotSend(address)': ([account]) => `${short(account)} may not send units.`,
  'ERC7943CannotReceive(address)': ([account]) => `${short(account)} may not receive units.`,
  'ERC7943CannotTransfer(address,address,uint256,uint256)': ([from, to, id, moved]) =>
    `${units(moved)} of ${project(id)} may not move from ${short(from)} to ${short(to)}.`,
  'ERC7943InsufficientUnfrozenBalance(address,uint256,uint256,uint256)': ([account, id, moved, unfrozen]) =>
    `${short(account)} has only ${units(unfrozen)} of ${project(id)} that aren’t frozen, and ${amount(moved)} were to move.`,
  'ERC1155InsufficientBalance(address,uint256,uint256,uint256)': ([holder, balance, needed, id]) =>
    `${short(holder)} holds ${units(balance)} of ${project(id)}, and ${amount(needed)} are needed.`,
  'ERC1155InvalidApprover(address)': ([account]) => `${short(account)} can’t approve anything.`,
  'ERC1155InvalidArrayLength(uint256,uint256)': ([ids, values]) =>
    `${amount(ids)} projects and ${amount(values)} numbers of units don’t match.`,
  'ERC1155InvalidOperator(address)': ([operator]) => `${short(operator)} can’t be approved to move units.`,
  'ERC1155InvalidReceiver(address)': ([receiver]) => `${short(receiver)} can’t hold units.`,
  'ERC1155InvalidSender(address)': ([sender]) => `${short(sender)} can’t send units.`,
  'ERC1155MissingApprovalForAll(address,address)': ([operator, owner]) =>
    `${short(owner)} hasn’t allowed ${short(operator)} to move its units.`,
}

/** What a member of a project's terms is called on the page. */
const TERMS: Record<string, string> = {
  projectId: 'its number',
  cap: 'the most units',
  dailyMintCap: 'the most units a day',
  maxHolderBps: 'the most units of one holder',
  payoutToken: 'the token its returns are paid in',
  treasury: 'its treasury',
  metadataHash: 'the hash of its description',
  uri: 'the address of its description',
}
const termName = (member: unknown) => TERMS[String(member)] ?? 'one of them'
const isZero = (word: unknown) => /^0x0*$/.test(String(word))
