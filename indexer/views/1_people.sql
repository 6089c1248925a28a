-- Who stands behind an address, and what it may do now. Run with the mirror's schema as search_path, anew whenever it changes.
drop view if exists investor;
drop view if exists account;
drop view if exists approval;
drop view if exists ledger_role;
drop view if exists next_nonce;

-- An account's newest record.
create view account with (security_invoker = true) as
select
  a.account, a.flags, a.expires_at, a.country, a.class, a.investor_id, a.block_number, a.tx_hash,
  a.flags & 1 <> 0 as may_send,
  a.flags & 2 <> 0 as may_receive,
  a.flags & 4 <> 0 as is_exempt,
  a.flags & 8 <> 0 as is_frozen,
  a.flags & 16 <> 0 as is_retired,
  w.to_address as successor
from (
  select distinct on (account) account, flags, expires_at, country, class, investor_id, block_number, tx_hash
  from account_set
  order by account, block_number desc, log_index desc
) a
left join lateral (
  select to_address from wallet_relink
  where from_address = a.account
  order by block_number desc, log_index desc
  limit 1
) w on true;

-- An investor's active wallet is the one whose record has an expiry and is not retired.
create view investor with (security_invoker = true) as
select
  investor_id,
  max(account) filter (where expires_at > timestamptz 'epoch' and not is_retired) as wallet,
  count(*)::int as wallets,
  (
    select max(issued_at)
    from (select investor_id, issued_at from attestation union all select investor_id, issued_at from revocation) told
    where told.investor_id = account.investor_id
  ) as issued_at
from account
where investor_id <> 0
group by investor_id;

create view approval with (security_invoker = true) as
select distinct on (account, operator) account, operator, is_approved, block_number, tx_hash
from approval_set
order by account, operator, block_number desc, log_index desc;

create view ledger_role with (security_invoker = true) as
select distinct on (account) account, role, block_number, tx_hash
from role_set
order by account, block_number desc, log_index desc;

create view next_nonce with (security_invoker = true) as
select contract, owner, max(nonce) + 1 as nonce
from nonce_use
group by contract, owner;

comment on view account is 'What an address may do now: its newest record. One row per address that was ever registered.';
comment on column account.account is 'Address, lower case';
comment on column account.flags is 'Bit 0 may send, 1 may receive, 2 lock-ups don''t bind what is sent to it, 3 frozen, 4 retired';
comment on column account.expires_at is 'After this time the account can no longer receive; 1970-01-01 when it was revoked';
comment on column account.country is 'ISO 3166-1 numeric code';
comment on column account.class is 'Investor class: 0 retail, 1 accredited, 2 institution';
comment on column account.investor_id is 'The person or organisation behind the address; 0 is nobody';
comment on column account.block_number is 'Block of the newest record';
comment on column account.tx_hash is 'Transaction of the newest record';
comment on column account.may_send is 'Flag 0';
comment on column account.may_receive is 'Flag 1';
comment on column account.is_exempt is 'Flag 2: lock-ups don''t bind what is sent to it';
comment on column account.is_frozen is 'Flag 3: the whole account is frozen';
comment on column account.is_retired is 'Flag 4: another wallet took its place for ever';
comment on column account.successor is 'The wallet that took its place; null when none did';

comment on view investor is 'Persons and organisations by the id that the identity provider gave them.';
comment on column investor.investor_id is 'Never 0';
comment on column investor.wallet is 'Active wallet; null when it was revoked';
comment on column investor.wallets is 'Addresses that were ever registered for the investor';

comment on column investor.issued_at is 'Attestations issued up to then are void; null for one that no attestation registered';

comment on view approval is 'Who may move all units of whom now.';
comment on column approval.account is 'Whose units';
comment on column approval.operator is 'Who may move them';
comment on column approval.is_approved is 'False when the approval was taken back';
comment on column approval.block_number is 'Block of the newest change';
comment on column approval.tx_hash is 'Transaction of the newest change';

comment on view ledger_role is 'The one role of the ledger that each account has now.';
comment on column ledger_role.account is 'Key or contract';
comment on column ledger_role.role is 'none, minter, payment_attestor, identity_attestor, treasurer, registrar, vault, sale or governor';
comment on column ledger_role.block_number is 'Block of the newest change';
comment on column ledger_role.tx_hash is 'Transaction of the newest change';

comment on view next_nonce is 'The nonce of the next approval or vote by signature. Who is not here has not used any: 0.';
comment on column next_nonce.contract is 'The ledger, or a governor';
comment on column next_nonce.owner is 'Who signs';
comment on column next_nonce.nonce is 'What the next signature must carry';

grant select on account, investor, approval, ledger_role, next_nonce to terra_api, terra_worker, terra_analyst;
