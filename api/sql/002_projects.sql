-- What issuers list.

-- One row per listed project. `project_id` is the ERC-1155 id: an explicit sequence, stored on both sides.
create table app.project (
  project_id int primary key generated always as identity (maxvalue 16777215),
  issuer_id uuid not null references app.issuer,
  slug text not null unique,
  name text not null,
  summary text not null,
  description text not null,
  technology text not null check (technology in ('solar', 'wind', 'hydro', 'geothermal', 'biomass', 'storage')),
  build_status text not null check (build_status in ('planning', 'construction', 'operating')),
  country char(2) not null,
  city text not null,
  latitude double precision not null check (latitude between -90 and 90),
  longitude double precision not null check (longitude between -180 and 180),
  capacity_kw bigint not null check (capacity_kw > 0),
  annual_mwh bigint not null check (annual_mwh >= 0),
  currency char(3) not null default 'USD' check (currency in ('USD')),
  unit_price_cents bigint not null check (unit_price_cents > 0),
  -- Units on offer; the cap on chain.
  units_offered bigint not null check (units_offered > 0 and units_offered < 72057594037927936),
  min_investment_cents bigint not null default 1000 check (min_investment_cents >= 1000),
  expected_return_bps int not null check (expected_return_bps between 0 and 10000),
  exit_years int not null check (exit_years between 1 and 50),
  -- Payout-token base units each unit must have earned before an exit may begin.
  exit_target_per_unit numeric(39, 0) not null,
  lock_days int not null default 0 check (lock_days between 0 and 3650),
  -- draft: issuer only; submitted: metadata pinned, waiting for the chain; listed once ProjectCreated is mirrored.
  submitted_at timestamptz,
  metadata_cid text,
  metadata_sha256 chain.hash,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  search tsvector generated always as (
    setweight(to_tsvector('english', name), 'A')
    || setweight(to_tsvector('english', summary || ' ' || technology || ' ' || city), 'B')
    || setweight(to_tsvector('english', description), 'C')
  ) stored
);
create index project_issuer on app.project (issuer_id);
create index project_technology on app.project (technology);
create index project_country on app.project (country);
create index project_search on app.project using gin (search);
create index project_name_trgm on app.project using gin (name gin_trgm_ops);
create index project_place on app.project using gist (ll_to_earth(latitude, longitude));

-- One row per document of a project; the bytes are in the block store under the CID.
create table app.document (
  id uuid primary key default gen_random_uuid(),
  project_id int not null references app.project,
  issuer_id uuid not null references app.issuer,
  kind text not null check (kind in ('prospectus', 'environmental', 'technical', 'financial', 'legal', 'report', 'other')),
  title text not null,
  file_name text not null,
  media_type text not null,
  bytes bigint not null check (bytes > 0),
  cid text not null,
  sha256 chain.hash not null,
  created_at timestamptz not null,
  unique (project_id, cid)
);

-- One row per news item of a project.
create table app.project_update (
  id uuid primary key default gen_random_uuid(),
  project_id int not null references app.project,
  issuer_id uuid not null references app.issuer,
  kind text not null check (kind in ('progress', 'financial', 'community')),
  title text not null,
  content text not null,
  published_at timestamptz not null
);
create index project_update_project on app.project_update (project_id, published_at desc);
