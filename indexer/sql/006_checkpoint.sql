-- The newest final block that is also so deep below the head that not even a chain which takes its final blocks back replaces it.
alter table chain.checkpoint add column settled_block bigint not null default -1;

-- Every contract whose events are here, so that one which is added later is read from its first block on.
alter table chain.checkpoint add column contracts text[];
