-- One row per project and every some thousand transfers of it: who held what at the end of a final block, worked out from the transfers and
-- never anything else, so that a past block needs few of them. Rows may be missing: they are made in the background, and made again.
create table chain.holding_snapshot (
  project_id int not null,
  block_number bigint not null,
  holder_count int not null,
  holders bytea[] not null,
  units numeric[] not null,
  primary key (project_id, block_number),
  check (cardinality(holders) = holder_count and cardinality(units) = holder_count)
);
-- Addresses are as good as random: trying to compress them costs time and gains nothing.
alter table chain.holding_snapshot alter column holders set storage external;
create index holding_snapshot_block on chain.holding_snapshot (block_number);

alter table chain.holding_snapshot owner to terra_indexer;
grant select on chain.holding_snapshot to terra_api, terra_worker, terra_analyst;
