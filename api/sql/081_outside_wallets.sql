-- Addresses that a person links besides the wallet that receives units: proven by signature, or only watched.

-- One row per address of an account. The ledger lives on one chain; addresses of others are told to nobody but their owner.
create table app.outside_wallet (
  id uuid primary key default gen_random_uuid(),
  account_id uuid not null references app.account,
  network text not null check (network in ('evm', 'solana', 'bitcoin')),
  address text not null,
  label text,
  -- When a signature proved it; null where it is only watched.
  proven_at timestamptz,
  created_at timestamptz not null,
  unique (account_id, network, address)
);
-- What is proven is one account's; whoever wants may watch it.
create unique index outside_wallet_proven on app.outside_wallet (network, address) where proven_at is not null;

alter table app.outside_wallet enable row level security;
alter table app.outside_wallet force row level security;
create policy worker on app.outside_wallet to terra_worker using (true) with check (true);
create policy owner on app.outside_wallet to terra_api using (account_id = app.current_account()) with check (account_id = app.current_account());
grant select, insert, update (label, proven_at), delete on app.outside_wallet to terra_api;
grant select, delete on app.outside_wallet to terra_worker;
create trigger audit after insert or update or delete on app.outside_wallet
for each row execute function app.write_audit('id', 'account_id,network,proven_at', '');

create function app.erase_outside_wallets() returns trigger
language plpgsql
as $$
begin
  delete from app.outside_wallet where account_id = new.id;
  return null;
end
$$;
create trigger erase_outside_wallets after update of erased_at on app.account
for each row when (old.erased_at is null and new.erased_at is not null) execute function app.erase_outside_wallets();
