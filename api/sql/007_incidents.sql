-- One row per incident of the chain's finality that an operator has looked at; while one of chain.incident lacks its row, nothing is minted.
create table app.incident_review (
  block_number bigint not null,
  block_hash chain.hash not null,
  reviewed_at timestamptz not null,
  reason text not null check (reason <> ''),
  primary key (block_number, block_hash)
);
grant select, insert on app.incident_review to terra_worker;
grant select on app.incident_review to terra_api;

-- Blocks that were final and then replaced, and nobody has looked at yet.
create view app.open_incident with (security_invoker = true) as
select i.block_number, i.block_hash, i.replaced_by, i.found_at
from chain.incident i
where not exists (
  select from app.incident_review r where r.block_number = i.block_number and r.block_hash = i.block_hash
);
grant select on app.open_incident to terra_worker, terra_api;
