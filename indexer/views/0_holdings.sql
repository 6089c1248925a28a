drop function if exists holding_at(int, bigint);

-- Units by project and holder at the end of a block: today's holdings less what moved since, or what moved until then, whichever is less
-- to add up. Blocks above the checkpoint count as the checkpoint.
create function holding_at(project int, block bigint)
returns table (project_id int, holder text, units numeric)
language sql stable
begin atomic
  select project, sums.holder, sum(sums.delta)
  from (
    select h.holder, h.units as delta
    from holding h
    where h.project_id = project and (select block - c.start_block > c.holding_block - block from checkpoint c)
    union all
    select case way when 1 then t.from_address else t.to_address end, case way when 1 then t.units else -t.units end
    from transfer t cross join generate_series(1, 2) way
    where t.project_id = project and t.block_number > block
      and (select block - c.start_block > c.holding_block - block from checkpoint c)
    union all
    select case way when 1 then t.to_address else t.from_address end, case way when 1 then t.units else -t.units end
    from transfer t cross join generate_series(1, 2) way
    where t.project_id = project and t.block_number <= block
      and (select block - c.start_block <= c.holding_block - block from checkpoint c)
  ) sums
  where sums.holder <> '0x0000000000000000000000000000000000000000'
  group by sums.holder
  having sum(sums.delta) <> 0;
end;
comment on function holding_at(int, bigint) is 'Units of a project by holder at the end of a block.';
grant execute on function holding_at(int, bigint) to terra_api, terra_worker, terra_analyst;
