INSERT INTO members_member (
    plan_id, source_id, mbi, first_name, last_name, birth_date, sex, address, city, state, postal_code, phone, time_zone
)
SELECT %(plan)s, 'B' || n, '', '', '', date '1945-01-01' + n %% 7000, 'F', '', '', '', '', '', ''
FROM generate_series(1, %(members)s) n
