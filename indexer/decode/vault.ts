import { vaultAbi } from '../../common/abi.ts'
import { fact } from './facts.ts'
import { openReader } from './reader.ts'
import { int, lower, projectId, text } from './values.ts'

/** The vault: distributions, claims, clawbacks. */
export const readerOfVault = openReader(vaultAbi, {
  ReturnsDistributed: ({ projectId: id, epoch, token, amount, reportHash, reportUri, distributionId }) =>
    fact('distribution', {
      project_id: projectId(id),
      epoch: int(epoch),
      token: lower(token),
      amount,
      report_hash: reportHash,
      report_uri: text(reportUri),
      distribution_id: distributionId,
    }),
  OffchainDistributionAttested: ({ attestationId, projectId: id, epoch, root, total, currency, reportHash, uri }) =>
    fact('offchain_distribution', {
      attestation_id: attestationId,
      project_id: projectId(id),
      epoch: int(epoch),
      root,
      total,
      currency: text(currency),
      report_hash: reportHash,
      report_uri: text(uri),
    }),
  DistributionClaimed: ({ projectId: id, holder, uptoEpoch, amount, paidTo }) =>
    fact('claim', { project_id: projectId(id), holder: lower(holder), upto_epoch: int(uptoEpoch), amount, paid_to: lower(paidTo) }),
  ClaimSkipped: ({ projectId: id, holder }) => fact('claim_skip', { project_id: projectId(id), holder: lower(holder) }),
  PayoutAddressSet: ({ holder, payoutAddress }) =>
    fact('payout_address_set', { holder: lower(holder), payout_address: lower(payoutAddress) }),
  TokenAllowedSet: ({ token, allowed }) => fact('token_allowed_set', { token: lower(token), is_allowed: allowed }),
  ClawbackAnnounced: ({ projectId: id, uptoEpoch, notBefore }) =>
    fact('clawback_notice', { project_id: projectId(id), step: 'announced', upto_epoch: int(uptoEpoch), not_before: notBefore }),
  ClawbackCancelled: ({ projectId: id }) =>
    fact('clawback_notice', { project_id: projectId(id), step: 'cancelled', upto_epoch: null, not_before: null }),
  DistributionClawedBack: ({ projectId: id, holder, uptoEpoch, amount, treasury }) =>
    fact('clawback', {
      project_id: projectId(id),
      holder: lower(holder),
      upto_epoch: int(uptoEpoch),
      amount,
      treasury: lower(treasury),
    }),
  AuthorityUpdated: ({ authority }, contract) => fact('authority_set', { contract, authority: lower(authority) }),
})
