-- What the tables mean that the mirror keeps for itself. Run with the mirror's schema as search_path, anew whenever it changes.
do $$
declare
  told record;
begin
  for told in
    select m.tab, m.col, m.meaning
    from (values
      ('block', null, 'Blocks near the head, and their hashes: to notice when the chain changes its mind.'),
      ('block', 'block_number', 'Block'),
      ('block', 'block_hash', 'Its hash'),
      ('block', 'parent_hash', 'Hash of the block before'),
      ('block', 'block_time', 'Its time'),
      ('checkpoint', null, 'How far the mirror has come. One row; name its block with every figure.'),
      ('checkpoint', 'id', 'Always 1'),
      ('checkpoint', 'chain_id', 'EIP-155 number of the chain'),
      ('checkpoint', 'contract', 'The ledger that is mirrored'),
      ('checkpoint', 'start_block', 'Block in which it was deployed'),
      ('checkpoint', 'block_number', 'Newest block mirrored: everything here is as of its end'),
      ('checkpoint', 'block_hash', 'Its hash'),
      ('checkpoint', 'block_time', 'Its time'),
      ('checkpoint', 'final_block', 'Newest block mirrored that can''t be undone any more'),
      ('checkpoint', 'settled_block', 'Newest final block that is also 256 blocks below the newest one, or as many as SETTLE_DEPTH says: for what must never be wrong'),
      ('checkpoint', 'contracts', 'Every contract whose events are here'),
      ('checkpoint', 'updated_at', 'When the mirror last moved'),
      ('checkpoint', 'holding_block', 'Block up to which holdings are added up: block_number, except during a first load'),
      ('holding', null, 'Units by project and holder as of the checkpoint. A row vanishes when its units reach zero.'),
      ('holding', 'project_id', 'Project: the ERC-1155 id'),
      ('holding', 'holder', 'Address, lower case'),
      ('holding', 'units', 'Units now'),
      ('holding_snapshot', null, 'Who held what of a project at some past blocks, worked out from transfers so that holding_at() is quick: ask that instead. Any row may be missing.'),
      ('holding_snapshot', 'project_id', 'Project: the ERC-1155 id'),
      ('holding_snapshot', 'block_number', 'Final block at whose end it stands'),
      ('holding_snapshot', 'holder_count', 'Holders in it'),
      ('holding_snapshot', 'holders', 'Their addresses, 20 bytes each, in order'),
      ('holding_snapshot', 'units', 'Units of each, in the same order'),
      ('incident', null, 'Blocks that were final and then replaced: minting stops until an operator has looked at it.'),
      ('incident', 'found_at', 'When it was noticed'),
      ('incident', 'block_number', 'Block'),
      ('incident', 'block_hash', 'The hash that was final'),
      ('incident', 'replaced_by', 'The hash that the chain has now'),
      ('incident', 'resolved_at', 'When an operator had looked at it; null until then')
    ) m (tab, col, meaning)
    join pg_class c on c.relname = m.tab and c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
    where m.col is null or exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = m.col and not a.attisdropped)
  loop
    if told.col is null then execute format('comment on table %I is %L', told.tab, told.meaning);
    else execute format('comment on column %I.%I is %L', told.tab, told.col, told.meaning);
    end if;
  end loop;
end $$;
