-- By address alone: equal addresses then stand in one list, and a key is a fifth of its size and built in two thirds of the time. Who asks
-- for a project besides filters, or meets transfer_project.
drop index if exists chain.transfer_from;
drop index if exists chain.transfer_to;
create index transfer_from on chain.transfer (from_address);
create index transfer_to on chain.transfer (to_address);
