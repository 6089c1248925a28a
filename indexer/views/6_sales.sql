-- Sales, commitments and documents as they are now. Run with the mirror's schema as search_path, anew whenever it changes.
drop view if exists sale;
drop view if exists commitment;
drop view if exists refund_address;
drop view if exists document_state;

-- Who counts as one is the person or organisation behind the buyer when the commitment was made.
create view commitment with (security_invoker = true) as
select
  c.investment_id, c.project_id, c.buyer, c.units, c.amount, c.method,
  coalesce(e.step, 'open') as state,
  c.block_time as committed_at,
  greatest(s.closes_at - interval '48 hours', c.block_time + s.cooling_off_seconds * interval '1 second') as cancellable_until,
  case when a.investor_id is null or a.investor_id = 0 then c.buyer::text else a.investor_id::text end as investor,
  e.account as ended_for, e.paid_to, e.block_time as ended_at,
  c.block_number, c.tx_hash
from commitment_made c
join (
  select o.project_id, o.cooling_off_seconds, coalesce(k.closes_at, o.closes_at) as closes_at
  from sale_opened o
  left join lateral (
    select closes_at from sale_step
    where project_id = o.project_id and step in ('early_close_announced', 'early_close_lapsed')
    order by block_number desc, log_index desc
    limit 1
  ) k on true
) s on s.project_id = c.project_id
left join commitment_end e on e.investment_id = c.investment_id
left join lateral (
  select investor_id from account_set
  where account = c.buyer and (block_number, log_index) < (c.block_number, c.log_index)
  order by block_number desc, log_index desc
  limit 1
) a on true;

create view sale with (security_invoker = true) as
select
  o.project_id,
  coalesce(f.step, 'open') as state,
  o.treasury,
  coalesce(k.closes_at, o.closes_at) as closes_at,
  greatest(coalesce(k.closes_at, o.closes_at), c.last_at + o.cooling_off_seconds * interval '1 second') as finalizable_at,
  f.block_time as finalized_at,
  coalesce(c.open_units, 0)::numeric(78, 0) as open_units,
  coalesce(c.open_fiat_units, 0)::numeric(78, 0) as open_fiat_units,
  coalesce(c.settled_units, 0)::numeric(78, 0) as settled_units,
  coalesce(c.investors, 0)::int as investors,
  coalesce(c.escrow, 0)::numeric(78, 0) as escrow,
  (coalesce(c.settled_amount, 0) - coalesce(w.amount, 0))::numeric(78, 0) as proceeds,
  coalesce(w.amount, 0)::numeric(78, 0) as withdrawn,
  o.currency, o.price_per_unit, o.target_units, o.hard_cap_units, o.max_fiat_units, o.max_units_per_investor, o.unlock_days, o.opens_at,
  o.closes_at as terms_closes_at, o.cooling_off_seconds,
  o.block_number, o.tx_hash
from sale_opened o
left join lateral (
  select closes_at from sale_step
  where project_id = o.project_id and step in ('early_close_announced', 'early_close_lapsed')
  order by block_number desc, log_index desc
  limit 1
) k on true
left join lateral (
  select step, block_time from sale_step where project_id = o.project_id and step in ('succeeded', 'failed') limit 1
) f on true
left join lateral (
  select
    max(committed_at) as last_at,
    sum(units) filter (where state = 'open') as open_units,
    sum(units) filter (where state = 'open' and method = 'fiat') as open_fiat_units,
    sum(units) filter (where state = 'settled') as settled_units,
    count(distinct investor) filter (where state in ('open', 'settled')) as investors,
    sum(amount) filter (where state = 'open') as escrow,
    sum(amount) filter (where state = 'settled') as settled_amount
  from commitment where project_id = o.project_id
) c on true
left join lateral (select sum(amount) as amount from sale_step where project_id = o.project_id and step = 'proceeds_withdrawn') w on true;

create view refund_address with (security_invoker = true) as
select distinct on (buyer) buyer, refund_address, block_number, tx_hash
from refund_address_set
order by buyer, block_number desc, log_index desc;

create view document_state with (security_invoker = true) as
select
  project_id,
  convert_from(decode(rtrim(substr(kind, 3), '0') || case when length(rtrim(substr(kind, 3), '0')) % 2 = 1 then '0' else '' end, 'hex'),
    'LATIN1') as kind,
  version, document_hash, uri, block_time as added_at,
  version = max(version) over (partition by project_id, kind) as is_newest,
  kind as kind_id, block_number, tx_hash
from document;

comment on view commitment is 'Investors'' orders in sales. One row per investment.';
comment on column commitment.investment_id is 'The investment';
comment on column commitment.project_id is 'Project';
comment on column commitment.buyer is 'Who committed';
comment on column commitment.units is 'Units ordered';
comment on column commitment.amount is 'Base units of the sale''s currency paid into escrow; 0 for fiat';
comment on column commitment.method is 'escrow or fiat';
comment on column commitment.state is 'open, cancelled, settled (minted) or refunded';
comment on column commitment.committed_at is 'When it was made';
comment on column commitment.cancellable_until is 'The buyer may cancel before this time';
comment on column commitment.investor is 'Who counts as one: the investor id, or the address if the ledger names none';
comment on column commitment.ended_for is 'Who got the units or whose order ended; null while open';
comment on column commitment.paid_to is 'Where money went back to; zero address for fiat; null when none did';
comment on column commitment.ended_at is 'When it was settled, cancelled or refunded; null while open';
comment on column commitment.block_number is 'Block in which it was made';
comment on column commitment.tx_hash is 'Transaction in which it was made';

comment on view sale is 'Sales as they are now. One row per project at most.';
comment on column sale.project_id is 'Project';
comment on column sale.state is 'open, succeeded or failed';
comment on column sale.treasury is 'The only address that proceeds can go to';
comment on column sale.closes_at is 'When it closes; earlier than in the terms while an early close is announced';
comment on column sale.finalizable_at is 'When its outcome can be decided, as things stand';
comment on column sale.finalized_at is 'When it was decided; null before';
comment on column sale.open_units is 'Units of open commitments';
comment on column sale.open_fiat_units is 'Those of them that are paid elsewhere';
comment on column sale.settled_units is 'Units minted for commitments';
comment on column sale.investors is 'Persons or organisations with commitments that are open or settled';
comment on column sale.escrow is 'Base units of the currency behind open commitments';
comment on column sale.proceeds is 'Base units of settled commitments that the treasury hasn''t got yet';
comment on column sale.withdrawn is 'Base units that the treasury has got';
comment on column sale.currency is 'ERC-20 that buyers pay in';
comment on column sale.price_per_unit is 'Base units of the currency';
comment on column sale.target_units is 'Fewer units than this at the end, and every commitment is paid back';
comment on column sale.hard_cap_units is 'Most units that can be committed';
comment on column sale.max_fiat_units is 'Most of them on a payment attestor''s word';
comment on column sale.max_units_per_investor is 'Most of one investor; 0 means no limit';
comment on column sale.unlock_days is 'Lock-up in days from the day of the mint; 0 means none';
comment on column sale.opens_at is 'When commitments begin';
comment on column sale.terms_closes_at is 'When it closes by its terms';
comment on column sale.cooling_off_seconds is 'How long every commitment can be cancelled';
comment on column sale.block_number is 'Block in which it was opened';
comment on column sale.tx_hash is 'Transaction in which it was opened';

comment on view refund_address is 'Where money that comes back to a buyer goes, of buyers who ever chose an address.';
comment on column refund_address.buyer is 'Buyer';
comment on column refund_address.refund_address is 'Zero address for the buyer''s own';
comment on column refund_address.block_number is 'Block of the newest choice';
comment on column refund_address.tx_hash is 'Transaction of the newest choice';

comment on view document_state is 'Every version of every document, with its kind in letters.';
comment on column document_state.project_id is 'Project';
comment on column document_state.kind is 'Kind, e.g. prospectus';
comment on column document_state.version is 'Counted from 1 in each kind';
comment on column document_state.document_hash is 'SHA-256 of the file';
comment on column document_state.uri is 'Where the file is';
comment on column document_state.added_at is 'When it was added';
comment on column document_state.is_newest is 'Whether it is the newest of its kind';
comment on column document_state.kind_id is 'Kind as the contract has it';
comment on column document_state.block_number is 'Block in which it was added';
comment on column document_state.tx_hash is 'Transaction in which it was added';

grant select on commitment, sale, refund_address, document_state to terra_api, terra_worker, terra_analyst;
