INSERT INTO members_pharmacy (npi, name, phone)
SELECT DISTINCT npi, '', '' FROM judged_pharmacies WHERE reason IS NULL
ON CONFLICT (npi) DO NOTHING;

-- Of each fact the newest holds, as with members.
WITH told AS (
    SELECT
        npi,
        max((as_of || name) COLLATE "C") FILTER (WHERE name <> '') AS name,
        max((as_of || phone) COLLATE "C") FILTER (WHERE phone <> '') AS phone
    FROM judged_pharmacies
    WHERE reason IS NULL
    GROUP BY npi
),
newest AS (
    SELECT
        p.id,
        members_newest(p.told_on, 'name', p.name, told.name) AS name,
        members_newest(p.told_on, 'phone', p.phone, told.phone) AS phone
    FROM told
    JOIN members_pharmacy p ON p.npi = told.npi
)
UPDATE members_pharmacy p
SET name = coalesce(substr(n.name, 11), ''),
    phone = coalesce(substr(n.phone, 11), ''),
    told_on = jsonb_strip_nulls(jsonb_build_object(
        'name', left(n.name, 10), 'phone', left(n.phone, 10)
    ))
FROM newest n
WHERE p.id = n.id;
