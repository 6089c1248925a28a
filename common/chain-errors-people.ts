import type { Sentences } from './chain-errors-ledger.ts'
import { amount, moment, short, span } from './chain-words.ts'

/** What the registrar of identities refuses with, and whoever asks for a role or a signature. */
export const PEOPLE_ERRORS: Sentences = {
  'InvalidAttestation(address)': ([signer]) =>
    /^0x0*$/.test(String(signer))
      ? 'The attestation carries no signature that could be read.'
      : `No attestor with that role signed exactly this; the signature is that of ${short(signer)}.`,
  'MalformedAttestation(address)': ([account]) =>
    `The attestation for ${short(account)} lacks an investor or an expiry, or has unknown flags.`,
  'WrongPurpose(address)': ([replaces]) =>
    /^0x0*$/.test(String(replaces))
      ? 'The attestation doesn’t say which wallet is replaced.'
      : `The attestation is for the replacement of ${short(replaces)}, not for a registration.`,
  'AttestationExpired(uint256)': ([until]) => `The attestation could be used until ${moment(until)} only; a fresh one is needed.`,
  'AttestationNotIssuedYet(uint256)': ([issuedAt]) => `The attestation is dated ${moment(issuedAt)}, which is still to come.`,
  'AttestationOutdated(address,uint256)': ([account, issuedAt]) =>
    `A newer decision about ${short(account)} came before the attestation of ${moment(issuedAt)}.`,
  'InvestorHasOtherWallet(uint64,address)': ([investor, account]) =>
    `Investor ${String(investor)} has the active wallet ${short(account)}; replace or revoke it first.`,
  'InvalidAccount(address)': ([account]) => `${short(account)} belongs to another investor or is no address.`,
  'AccountNotActive(address)': ([account]) => `${short(account)} isn’t the active wallet of an investor.`,
  'NotDeployed(address)': ([given]) => `Nothing is deployed at ${short(given)}, so nothing can be built on it.`,
  'AccessManagedUnauthorized(address)': ([caller]) => `${short(caller)} doesn’t hold the role that this needs.`,
  'AccessManagedRequiredDelay(address,uint32)': ([caller, delay]) =>
    `${short(caller)} must schedule this first, and ${span(delay)} must pass.`,
  'AccessManagedInvalidAuthority(address)': ([authority]) => `${short(authority)} can’t manage access.`,
  'AccessManagerAlreadyScheduled(bytes32)': ([id]) => `Operation ${short(id)} is scheduled already.`,
  'AccessManagerBadConfirmation()': () => 'A role can be given up only by who holds it.',
  'AccessManagerExpired(bytes32)': ([id]) => `Operation ${short(id)} was scheduled too long ago; schedule it again.`,
  'AccessManagerInvalidInitialAdmin(address)': ([account]) => `${short(account)} can’t be the administrator.`,
  'AccessManagerLockedFunction(bytes4)': ([selector]) => `Who may call function ${String(selector)} can’t be changed.`,
  'AccessManagerLockedRole(uint64)': ([id]) => `Role ${String(id)} can’t be changed.`,
  'AccessManagerNotReady(bytes32)': ([id]) => `Operation ${short(id)} is scheduled and its time hasn’t come yet.`,
  'AccessManagerNotScheduled(bytes32)': ([id]) => `Operation ${short(id)} isn’t scheduled.`,
  'AccessManagerUnauthorizedAccount(address,uint64)': ([account, id]) => `${short(account)} doesn’t hold role ${String(id)}.`,
  'AccessManagerUnauthorizedCall(address,address,bytes4)': ([caller, target, selector]) =>
    `${short(caller)} may not call function ${String(selector)} of ${short(target)}.`,
  'AccessManagerUnauthorizedCancel(address,address,address,bytes4)': ([sender, caller]) =>
    `${short(sender)} may not cancel what ${short(caller)} scheduled.`,
  'AccessManagerUnauthorizedConsume(address)': ([target]) => `${short(target)} didn’t ask for the operation that it would use up.`,
  'AccessControlBadConfirmation()': () => 'A role can be given up only by who holds it.',
  'AccessControlUnauthorizedAccount(address,bytes32)': ([account, needed]) => `${short(account)} doesn’t hold role ${short(needed)}.`,
  'ERC2771ForwarderExpiredRequest(uint48)': ([deadline]) => `The signed request could be used until ${moment(deadline)} only.`,
  'ERC2771ForwarderInvalidSigner(address,address)': ([signer, from]) =>
    `The request of ${short(from)} is signed by ${short(signer)}, or was used before.`,
  'ERC2771ForwarderMismatchedValue(uint256,uint256)': ([requested, given]) =>
    `The request is for ${amount(requested)} wei, and ${amount(given)} were sent.`,
  'ERC2771ForwarderNoRefundReceiver()': () => 'Somebody must be named to whom what is left over goes back.',
  'ERC2771UntrustfulTarget(address,address)': ([target, forwarder]) => `${short(target)} doesn’t trust the forwarder ${short(forwarder)}.`,
  'InvalidAccountNonce(address,uint256)': ([account, nonce]) =>
    `The signature is not the next one of ${short(account)}, which is number ${amount(nonce)}.`,
  'ECDSAInvalidSignature()': () => 'The signature is damaged.',
  'ECDSAInvalidSignatureLength(uint256)': ([length]) => `A signature has 65 bytes, not ${amount(length)}.`,
  'ECDSAInvalidSignatureS(bytes32)': () => 'The signature is in a form that can be forged from another one.',
}
