-- The mirror at full speed: holdings are kept, not added up each time; rows stand for themselves; its own role looks after its tables.

-- What was mirrored before begins anew: every row of this schema can be read back from the chain.
do $$
declare
  found record;
begin
  execute (select 'truncate ' || string_agg(format('chain.%I', tablename), ', ') || ' cascade' from pg_tables where schemaname = 'chain');
  -- A foreign key costs more than everything else about a row; undoing blocks names each table instead.
  for found in select conrelid::regclass as tab, conname from pg_constraint where contype = 'f' and confrelid = 'chain.block'::regclass loop
    execute format('alter table %s drop constraint %I', found.tab, found.conname);
  end loop;
end $$;

-- The decoder vouches for every character; a regular expression for each value costs 15 times what storing it does.
alter domain chain.address drop constraint address_check;
alter domain chain.address add constraint address_check check (octet_length(value) = 42);
alter domain chain.hash drop constraint hash_check;
alter domain chain.hash add constraint hash_check check (octet_length(value) = 66);

-- Headers near the head, to notice when the chain changes its mind; each event has its own block's number and time.
drop index chain.block_without_events;
alter table chain.block drop column event_count;

-- The newest block whose transfers chain.holding contains: the checkpoint itself, except while a first load is under way.
alter table chain.checkpoint add column holding_block bigint not null default -1;

-- Events' small numbers are all of one size, so that the binary COPY has one way to write them.
drop view chain.account;
alter table chain.account_set alter column flags type int, alter column class type int;
alter table chain.mint_skip alter column reason type int;

drop view chain.holding;
drop function chain.holding_at(int, bigint);
alter table chain.transfer
  alter column tx_hash type text,
  alter column operator type text,
  alter column from_address type text,
  alter column to_address type text,
  alter column units type numeric(78, 0);
drop index chain.transfer_project;
create index transfer_project on chain.transfer (project_id, block_number);

-- One row per holder and project with units, as of the checkpoint: kept in the transaction that writes or undoes the transfers.
create table chain.holding (
  project_id int not null,
  holder text not null,
  units numeric(78, 0) not null,
  primary key (holder, project_id)
);
create index holding_project on chain.holding (project_id, units);

-- One row per block that was final and then replaced: minting stops until an operator has looked at it (app.incident_review).
create table chain.incident (
  found_at timestamptz not null default now(),
  block_number bigint not null,
  block_hash chain.hash not null,
  replaced_by chain.hash not null,
  primary key (block_number, block_hash)
);

-- The mirror's tables belong to its role: it drops and builds their keys around a first load, and exchanges them when it reindexes.
do $$
declare
  found record;
begin
  execute format('grant create on database %I to terra_indexer', current_database());
  grant usage, create on schema chain to terra_indexer;
  for found in select tablename from pg_tables where schemaname = 'chain' loop
    execute format('alter table chain.%I owner to terra_indexer', found.tablename);
  end loop;
  alter schema chain owner to terra_indexer;
end $$;

grant select on all tables in schema chain to terra_api, terra_worker, terra_analyst;
alter default privileges for role terra_indexer in schema chain grant select on tables to terra_api, terra_worker, terra_analyst;
