INSERT INTO members_member (
    plan_id, source_id, mbi, first_name, last_name, birth_date, death_date, sex, address, city, state, postal_code,
    phone, time_zone, esrd, facts_as_of
)
SELECT
    %(plan)s, source_id, mbi, left(first_name, 60), left(last_name, 60), birth_date, death_date, sex,
    left(address, 200), left(city, 80), state, left(postal_code, 10), '', '', esrd, facts_as_of
FROM judged_members
WHERE reason IS NULL
ORDER BY line
ON CONFLICT ON CONSTRAINT member_once_per_plan DO UPDATE SET
    mbi = excluded.mbi, first_name = excluded.first_name, last_name = excluded.last_name,
    birth_date = excluded.birth_date, death_date = excluded.death_date, sex = excluded.sex,
    address = excluded.address, city = excluded.city, state = excluded.state, postal_code = excluded.postal_code,
    esrd = excluded.esrd, facts_as_of = excluded.facts_as_of;
