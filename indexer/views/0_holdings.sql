drop function if exists holding_at(int, bigint);

-- Units by project and holder at the end of a block: what is known at the nearest block (nothing at first, a snapshot, or today's holdings),
-- and what moved between the two. Today's holdings lie scattered: they count as four times as far, since reading them takes several times
-- as long. The answer is the same whichever snapshots there are. Blocks above the checkpoint count as the checkpoint.
create function holding_at(project int, block bigint)
returns table (project_id int, holder text, units numeric)
language sql stable
begin atomic
  with asked as (
    select least(greatest(holding_at.block, c.start_block - 1), c.block_number) as at, c.start_block - 1 as first, c.holding_block as newest
    from checkpoint c
  ),
  base as materialized (
    select known.kind, known.at as known_at, least(asked.at, known.at) as after, greatest(asked.at, known.at) as upto,
      case when asked.at > known.at then 1 else -1 end as sign
    from asked
    cross join lateral (
      select 'nothing' as kind, asked.first as at, 1 as weight
      union all
      select 'holding', asked.newest, 4
      union all
      (select 'snapshot', s.block_number, 1 from holding_snapshot s
      where s.project_id = project and s.block_number <= asked.at order by s.block_number desc limit 1)
      union all
      (select 'snapshot', s.block_number, 1 from holding_snapshot s
      where s.project_id = project and s.block_number > asked.at order by s.block_number limit 1)
    ) known
    order by abs(asked.at - known.at) * known.weight, known.kind desc
    limit 1
  )
  select project, coalesce(known.holder, moved.holder), coalesce(known.units, 0) + coalesce(moved.units, 0)
  from (
    select '0x' || encode(held.holder, 'hex') as holder, held.units
    from holding_snapshot s
    cross join lateral unnest(s.holders, s.units) held (holder, units)
    where s.project_id = project and s.block_number = (select known_at from base where kind = 'snapshot')
    union all
    select h.holder, h.units
    from holding h
    where h.project_id = project and (select kind = 'holding' from base)
  ) known
  full join (
    select case way when 1 then t.to_address else t.from_address end as holder, sum(way * t.units) * (select sign from base) as units
    from transfer t
    cross join (values (1), (-1)) ways (way)
    where t.project_id = project and t.block_number > (select after from base) and t.block_number <= (select upto from base)
    group by 1
  ) moved using (holder)
  where coalesce(known.units, 0) + coalesce(moved.units, 0) <> 0
    and coalesce(known.holder, moved.holder) <> '0x0000000000000000000000000000000000000000';
end;
comment on function holding_at(int, bigint) is 'Units of a project by holder at the end of a block.';
grant execute on function holding_at(int, bigint) to terra_api, terra_worker, terra_analyst;
