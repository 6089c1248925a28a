-- What the columns of the event tables mean of the ledger. Run with the mirror's schema as search_path, anew whenever it changes.

-- Where an event stands on the chain: the same in every table.
do $$
declare
  place record;
begin
  for place in
    select c.table_name, c.column_name, p.meaning
    from information_schema.columns c
    join (values
      ('block_number', 'Block of the event'),
      ('log_index', 'Position of its log in the block'),
      ('block_time', 'Time of the block'),
      ('tx_hash', 'Transaction of the event')
    ) p (column_name, meaning) using (column_name)
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = current_schema() and t.table_type = 'BASE TABLE'
      and exists (select from information_schema.columns k
        where (k.table_schema, k.table_name, k.column_name) = (c.table_schema, c.table_name, 'log_index'))
  loop
    execute format('comment on column %I.%I is %L', place.table_name, place.column_name, place.meaning);
  end loop;
end $$;

comment on table transfer is 'One row per project id moved: singles and batches look the same here.';
comment on column transfer.batch_index is 'Position in the batch; 0 for a single one';
comment on column transfer.operator is 'Who made the move';
comment on column transfer.from_address is 'Zero address for a mint';
comment on column transfer.to_address is 'Zero address for units taken back';
comment on column transfer.project_id is 'Project: the ERC-1155 id';
comment on column transfer.units is 'Units';

comment on table project_created is 'One row per ProjectCreated.';
comment on column project_created.project_id is 'Project: the ERC-1155 id';
comment on column project_created.cap is 'Most units that can ever exist';
comment on column project_created.max_holders is 'Most addresses that may hold units at one time; 0 means no limit';
comment on column project_created.lock_days is 'Lock-up that mints normally carry';
comment on column project_created.payout_token is 'ERC-20 in which returns are paid';
comment on column project_created.exit_target_per_unit is 'Base units that each unit must have earned before an exit';
comment on column project_created.max_holder_bps is 'Most of one holder, in basis points of the cap; 0 means no limit';
comment on column project_created.daily_mint_cap is 'Most units that vouchers can mint in one UTC day, at first';
comment on column project_created.treasury is 'Where the proceeds of a sale go; zero address for none';
comment on column project_created.buy_out_per_unit is 'Base units per unit that buy the project out below the target; 0 means never';

comment on table project_state is 'One row per ProjectStateChanged; state as in ITerraLuminaOwnership.State, lower case.';
comment on column project_state.project_id is 'Project: the ERC-1155 id';
comment on column project_state.state is 'From here on: draft, funding, active, paused, exit_announced, exiting, exited or closed';
comment on column project_state.reason is 'Hash of the explanation; zero for none';

comment on table metadata is 'One row per MetadataSet: the whole history of a project''s metadata.';
comment on column metadata.project_id is 'Project: the ERC-1155 id';
comment on column metadata.version is 'Counted from 1';
comment on column metadata.metadata_hash is 'SHA-256 of the document';
comment on column metadata.uri is 'Where it is';

comment on table account_set is 'One row per AccountSet: what an address may do from this block on.';
comment on column account_set.account is 'Address, lower case';
comment on column account_set.flags is 'Bit 0 may send, 1 may receive, 2 exempt from lock-ups, 3 frozen, 4 retired';
comment on column account_set.expires_at is 'After it the account can no longer receive';
comment on column account_set.country is 'ISO 3166-1 numeric code';
comment on column account_set.class is '0 retail, 1 accredited, 2 institution';
comment on column account_set.investor_id is 'The person or organisation behind the address; 0 is nobody';

comment on table receipt is 'One row per InvestmentMinted: the receipt of one investment.';
comment on column receipt.investment_id is 'The investment off chain';
comment on column receipt.project_id is 'Project: the ERC-1155 id';
comment on column receipt.investor is 'To whom it was minted';
comment on column receipt.units is 'Units';
comment on column receipt.unlock_day is 'First day on which the units may move, days since 1970-01-01; 0 means no lock-up';

comment on table mint_skip is 'One row per InvestmentSkipped: an order of a batch that was left out; reason as in detectTransferRestriction.';
comment on column mint_skip.investment_id is 'The investment off chain';
comment on column mint_skip.project_id is 'Project: the ERC-1155 id';
comment on column mint_skip.reason is 'Restriction code, as detectTransferRestriction gives it';

comment on table lot_release is 'One row per LotReleased.';
comment on column lot_release.investment_id is 'The investment off chain';
comment on column lot_release.project_id is 'Project: the ERC-1155 id';
comment on column lot_release.holder is 'Holder, lower case';
comment on column lot_release.units is 'Units';

comment on table ledger_pause is 'One row per Paused or Unpaused of the ledger as a whole.';
comment on column ledger_pause.is_paused is 'Whether it is paused from here on';
comment on column ledger_pause.account is 'Who did it';

comment on table exit_step is 'One row per step of an exit: announced, cancelled, begun, batch, exited.';
comment on column exit_step.project_id is 'Project: the ERC-1155 id';
comment on column exit_step.step is 'announced, cancelled, begun, batch or exited';
comment on column exit_step.dao is 'Community DAO; null for cancelled and batch';
comment on column exit_step.not_before is 'Announced: it can''t begin earlier';
comment on column exit_step.epoch is 'Begun: the last epoch of the former holders';
comment on column exit_step.holders is 'Batch: holders whose units moved';
comment on column exit_step.units is 'Batch: units moved; exited: all';
comment on column exit_step.remaining is 'Units not yet at the DAO after a batch; 0 proves that none is left out';

comment on table holding_move is 'One row per HoldingMoved: a holder''s position in a project went to the wallet that took its place. Units move in chain.transfer as well.';
comment on column holding_move.project_id is 'Project: the ERC-1155 id';
comment on column holding_move.from_address is 'The retired wallet';
comment on column holding_move.to_address is 'The wallet that took its place';
comment on column holding_move.units is 'Units';
comment on column holding_move.locked is 'Units locked at to_address after the move';
comment on column holding_move.unlock_day is 'On this day all of them are free, days since 1970-01-01';
comment on column holding_move.carried is 'Base units of unclaimed returns that went along';

comment on table reversal is 'One row per InvestmentReversed: the units of a receipt were burned. They move to the zero address in chain.transfer as well.';
comment on column reversal.investment_id is 'The investment off chain';
comment on column reversal.project_id is 'Project: the ERC-1155 id';
comment on column reversal.holder is 'Holder, lower case';
comment on column reversal.units is 'Units burned';
comment on column reversal.reason is 'Hash of the explanation; zero for none';

comment on table approval_set is 'One row per ApprovalForAll: whether an operator may move all units of an account from this block on.';
comment on column approval_set.account is 'Whose units';
comment on column approval_set.operator is 'Who may move them';
comment on column approval_set.is_approved is 'False takes it back';

comment on table uri_set is 'One row per ERC-1155 URI event; of our own ledger chain.metadata says the same and more.';
comment on column uri_set.project_id is 'Project: the ERC-1155 id';
comment on column uri_set.uri is 'Where it is';

comment on table metadata_freeze is 'One row per MetadataFrozen: this version is the last.';
comment on column metadata_freeze.project_id is 'Project: the ERC-1155 id';
comment on column metadata_freeze.version is 'Counted from 1';

comment on table mint_cap_set is 'One row per DailyMintCapSet: most units that vouchers can mint in one UTC day from here on.';
comment on column mint_cap_set.project_id is 'Project: the ERC-1155 id';
comment on column mint_cap_set.units is 'Most units a day';

comment on table rules_set is 'One row per RulesSet: the contract that may refuse transfers of a project besides the ledger; zero for none.';
comment on column rules_set.project_id is 'Project: the ERC-1155 id';
comment on column rules_set.rules is 'Contract that is asked; zero address for none';

comment on table countries_set is 'One row per CountriesSet: bit n of word_w stands for the ISO 3166-1 numeric code 256 w + n, which can''t receive units.';
comment on column countries_set.project_id is 'Project: the ERC-1155 id';
comment on column countries_set.word_0 is 'Countries 0 to 255, a bit each';
comment on column countries_set.word_1 is 'Countries 256 to 511';
comment on column countries_set.word_2 is 'Countries 512 to 767';
comment on column countries_set.word_3 is 'Countries 768 to 1023';

comment on table lot_move is 'One row per LotMoved: a lot went to another holder with its date. Its units move in chain.transfer as well.';
comment on column lot_move.investment_id is 'The investment off chain';
comment on column lot_move.from_address is 'Whose units they were';
comment on column lot_move.to_address is 'Whose units they are now';
comment on column lot_move.units is 'Units';
comment on column lot_move.reason is 'Hash of the explanation; zero for none';

comment on table lock_carry is 'One row per LockCarried: locked units moved with their lock-up, in the transfer that follows.';
comment on column lock_carry.project_id is 'Project: the ERC-1155 id';
comment on column lock_carry.from_address is 'Whose units they were';
comment on column lock_carry.to_address is 'Whose units they are now';
comment on column lock_carry.units is 'Locked units among those of the transfer that follows';
comment on column lock_carry.unlock_day is 'The latest day of the sender''s lots, days since 1970-01-01';

comment on table freeze_set is 'One row per Frozen: units of a holder that an enforcer froze, from this block on; may exceed the balance.';
comment on column freeze_set.project_id is 'Project: the ERC-1155 id';
comment on column freeze_set.holder is 'Whose units';
comment on column freeze_set.units is 'Units frozen from here on; may exceed the balance';

comment on table forced_transfer is 'One row per ForcedTransfer. Its units move in chain.transfer as well.';
comment on column forced_transfer.project_id is 'Project: the ERC-1155 id';
comment on column forced_transfer.from_address is 'Whose units they were';
comment on column forced_transfer.to_address is 'Whose units they are now';
comment on column forced_transfer.units is 'Units';

comment on table wallet_relink is 'One row per WalletRelinked: a wallet is retired for ever and another takes its place.';
comment on column wallet_relink.investor_id is 'The person or organisation behind the address; 0 is nobody';
comment on column wallet_relink.from_address is 'Retired for ever';
comment on column wallet_relink.to_address is 'The wallet that takes its place';

comment on table attestation_use is 'One row per AttestationUsed of the registrar: who vouched for the records of this transaction.';
comment on column attestation_use.attestor is 'Identity attestor that signed';
comment on column attestation_use.digest is 'EIP-712 digest of what was signed';

comment on table attestation is 'One row per AccountAttested of the registrar: the investor''s active wallet from here on.';
comment on column attestation.investor_id is 'The person or organisation';
comment on column attestation.account is 'The active wallet';
comment on column attestation.issued_at is 'Attestations issued up to then are void';

comment on table nonce_use is 'One row per NonceUsed of the ledger or a governor: an approval or a vote that its owner signed was used.';
comment on column nonce_use.contract is 'The ledger, or a governor';
comment on column nonce_use.owner is 'Who signed';
comment on column nonce_use.nonce is 'What the signature carried; the next must carry one more';

comment on table revocation is 'One row per AccountRevoked of the registrar: an investor without an active wallet from here on.';
comment on column revocation.investor_id is 'The person or organisation';
comment on column revocation.account is 'The wallet that was active';
comment on column revocation.issued_at is 'No attestation issued up to then brings it back';
