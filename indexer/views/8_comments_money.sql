-- What the columns of the event tables mean about sales, returns and documents. Run with the mirror's schema as search_path, anew whenever it changes.

comment on table epoch is 'One row per EpochOpened: balances up to this log share its amount.';
comment on column epoch.project_id is 'Project: the ERC-1155 id';
comment on column epoch.epoch is 'Epoch, counted from 1 in each project';
comment on column epoch.supply is 'Units that existed';
comment on column epoch.amount is 'Base units shared by them; 0 for a vote or an exit';
comment on column epoch.cumulative_per_unit is 'Sum of all payouts per unit so far, times 2^64';

comment on table distribution is 'One row per ReturnsDistributed: a funded distribution, in base units of the payout token.';
comment on column distribution.project_id is 'Project: the ERC-1155 id';
comment on column distribution.epoch is 'Epoch, counted from 1 in each project';
comment on column distribution.token is 'ERC-20 contract';
comment on column distribution.amount is 'Base units of the token';
comment on column distribution.report_hash is 'SHA-256 of the report behind it';
comment on column distribution.report_uri is 'Where the report is';
comment on column distribution.distribution_id is 'Makes a repeat harmless';

comment on table claim is 'One row per DistributionClaimed.';
comment on column claim.project_id is 'Project: the ERC-1155 id';
comment on column claim.holder is 'Holder, lower case';
comment on column claim.upto_epoch is 'Everything up to this epoch is paid';
comment on column claim.amount is 'Base units of the token';
comment on column claim.paid_to is 'Where the money went';

comment on table claim_skip is 'One row per ClaimSkipped: a holder left out of a common claim because the token refused the payment.';
comment on column claim_skip.project_id is 'Project: the ERC-1155 id';
comment on column claim_skip.holder is 'Holder, lower case';

comment on table clawback is 'One row per DistributionClawedBack: what a holder had not claimed up to an epoch went to the project''s treasury.';
comment on column clawback.project_id is 'Project: the ERC-1155 id';
comment on column clawback.holder is 'Who had not claimed';
comment on column clawback.upto_epoch is 'The claim up to this epoch ended';
comment on column clawback.amount is 'Base units of the token';
comment on column clawback.treasury is 'The project''s treasury';

comment on table offchain_distribution is 'One row per OffchainDistributionAttested: a payout outside the chain to the holders of an epoch.';
comment on column offchain_distribution.attestation_id is 'Makes a repeat harmless';
comment on column offchain_distribution.project_id is 'Project: the ERC-1155 id';
comment on column offchain_distribution.epoch is 'Whose balances were paid';
comment on column offchain_distribution.root is 'Merkle root over (holder, amount)';
comment on column offchain_distribution.total is 'Minor units of the currency, e.g. cents';
comment on column offchain_distribution.currency is 'ISO 4217 code';
comment on column offchain_distribution.report_hash is 'SHA-256 of the report behind it';
comment on column offchain_distribution.report_uri is 'Where the report is';

comment on table payout_address_set is 'One row per PayoutAddressSet: where a holder''s claims are paid from here on; zero for the holder''s own address.';
comment on column payout_address_set.holder is 'Holder, lower case';
comment on column payout_address_set.payout_address is 'Zero address for the holder''s own';

comment on table token_allowed_set is 'One row per TokenAllowedSet: whether distributions may be made in a token from here on.';
comment on column token_allowed_set.token is 'ERC-20 contract';
comment on column token_allowed_set.is_allowed is 'Whether distributions may be made in it';

comment on table clawback_notice is 'One row per ClawbackAnnounced or ClawbackCancelled.';
comment on column clawback_notice.project_id is 'Project: the ERC-1155 id';
comment on column clawback_notice.step is 'announced or cancelled';
comment on column clawback_notice.upto_epoch is 'What was distributed up to this epoch; null when cancelled';
comment on column clawback_notice.not_before is 'When it can go to the treasury; null when cancelled';

comment on table sale_opened is 'One row per SaleOpened: the terms of a project''s only sale; none of them ever changes.';
comment on column sale_opened.project_id is 'Project: the ERC-1155 id';
comment on column sale_opened.currency is 'ERC-20 contract';
comment on column sale_opened.price_per_unit is 'Base units of the currency';
comment on column sale_opened.target_units is 'Fewer than this, and all is paid back';
comment on column sale_opened.hard_cap_units is 'Most units that can be committed';
comment on column sale_opened.max_fiat_units is 'Most of them paid elsewhere';
comment on column sale_opened.max_units_per_investor is '0 means no limit';
comment on column sale_opened.unlock_days is 'Lock-up in days from the mint; 0 means none';
comment on column sale_opened.opens_at is 'When commitments begin';
comment on column sale_opened.closes_at is 'When they end, by the terms';
comment on column sale_opened.cooling_off_seconds is 'How long every commitment can be cancelled';
comment on column sale_opened.treasury is 'The project''s treasury';

comment on table sale_step is 'One row per step of a sale after its opening.';
comment on column sale_step.project_id is 'Project: the ERC-1155 id';
comment on column sale_step.step is 'early_close_announced, early_close_lapsed, abandoned, succeeded, failed or proceeds_withdrawn';
comment on column sale_step.step is 'early_close_announced, early_close_lapsed, abandoned, succeeded, failed or proceeds_withdrawn';
comment on column sale_step.closes_at is 'The close from here on; null for other steps';
comment on column sale_step.reason is 'Abandoned: hash of the explanation';
comment on column sale_step.units is 'Succeeded or failed: units of open commitments';
comment on column sale_step.amount is 'Succeeded or failed: money in escrow; proceeds_withdrawn: money paid out';
comment on column sale_step.treasury is 'proceeds_withdrawn: where to';

comment on table commitment_made is 'One row per Committed: an investor''s order in a sale.';
comment on column commitment_made.investment_id is 'The investment off chain';
comment on column commitment_made.project_id is 'Project: the ERC-1155 id';
comment on column commitment_made.buyer is 'Who committed';
comment on column commitment_made.units is 'Units';
comment on column commitment_made.amount is 'Base units now in escrow for it; 0 for fiat';
comment on column commitment_made.method is 'escrow or fiat';
comment on column commitment_made.open_units is 'Of the whole sale, with this one';

comment on table commitment_end is 'One row per CommitmentCancelled, CommitmentSettled or CommitmentRefunded: a commitment is open no more.';
comment on column commitment_end.investment_id is 'The investment off chain';
comment on column commitment_end.project_id is 'Project: the ERC-1155 id';
comment on column commitment_end.step is 'cancelled, settled or refunded';
comment on column commitment_end.account is 'The buyer; for settled, who got the units';
comment on column commitment_end.units is 'Units';
comment on column commitment_end.amount is 'Base units paid back, or now part of the proceeds; 0 for fiat';
comment on column commitment_end.paid_to is 'Where it was paid back to; zero address for fiat; null for settled';
comment on column commitment_end.open_units is 'Cancelled: of the whole sale, without this one';

comment on table refund_skip is 'One row per RefundSkipped: a commitment left out of a common refund.';
comment on column refund_skip.investment_id is 'The investment off chain';

comment on table refund_address_set is 'One row per RefundAddressSet: where money that comes back to a buyer goes from here on; zero for the buyer.';
comment on column refund_address_set.buyer is 'Who committed';
comment on column refund_address_set.refund_address is 'Zero address for the buyer''s own';

comment on table document is 'One row per DocumentSet: the newest version of its kind from here on.';
comment on column document.project_id is 'Project: the ERC-1155 id';
comment on column document.kind is 'Short ASCII name, left-aligned as in ERC-1643';
comment on column document.version is 'Counted from 1 in each kind of each project';
comment on column document.document_hash is 'SHA-256 of the file';
comment on column document.uri is 'Where it is';
