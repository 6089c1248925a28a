import { registrarAbi } from '../../common/abi.ts'
import { fact } from './facts.ts'
import { NOT_MIRRORED, openReader } from './reader.ts'
import { lower } from './values.ts'

/** The registrar. What it registers stands in the ledger's AccountSet, too. */
export const readerOfRegistrar = openReader(registrarAbi, {
  AccountAttested: ({ investorId, account, issuedAt }) =>
    fact('attestation', { investor_id: investorId, account: lower(account), issued_at: BigInt(issuedAt) }),
  AccountRevoked: ({ investorId, account, issuedAt }) =>
    fact('revocation', { investor_id: investorId, account: lower(account), issued_at: BigInt(issuedAt) }),
  AttestationUsed: ({ attestor, digest }) => fact('attestation_use', { attestor: lower(attestor), digest }),
  AuthorityUpdated: ({ authority }, contract) => fact('authority_set', { contract, authority: lower(authority) }),
  // As in the ledger.
  EIP712DomainChanged: NOT_MIRRORED,
})
