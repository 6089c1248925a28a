-- What older contracts kept to themselves: when an investor's attestation was issued, and which nonces are used up.

-- One row per AccountAttested of the registrar: the investor's active wallet from here on.
create table chain.attestation (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  investor_id numeric(20, 0) not null,
  account chain.address not null,
  issued_at timestamptz not null,
  primary key (block_number, log_index)
);
create index attestation_investor_id on chain.attestation (investor_id, block_number, log_index);

-- One row per NonceUsed of the ledger or a governor: something that its owner signed was used.
create table chain.nonce_use (
  block_number bigint not null,
  log_index int not null,
  block_time timestamptz not null,
  tx_hash chain.hash not null,
  contract chain.address not null,
  owner chain.address not null,
  nonce chain.uint256 not null,
  primary key (block_number, log_index),
  unique (contract, owner, nonce)
);

alter table chain.attestation owner to terra_indexer;
alter table chain.nonce_use owner to terra_indexer;
grant select on chain.attestation, chain.nonce_use to terra_api, terra_worker, terra_analyst;
