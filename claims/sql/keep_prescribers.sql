INSERT INTO members_prescriber (npi, name, phone, fax)
SELECT DISTINCT npi, '', '', '' FROM judged_prescribers WHERE reason IS NULL
ON CONFLICT (npi) DO NOTHING;

-- Of each fact the newest holds, as with members.
WITH told AS (
    SELECT
        npi,
        max((as_of || name) COLLATE "C") FILTER (WHERE name <> '') AS name,
        max((as_of || phone) COLLATE "C") FILTER (WHERE phone <> '') AS phone,
        max((as_of || fax) COLLATE "C") FILTER (WHERE fax <> '') AS fax,
        max((as_of || specialty) COLLATE "C") FILTER (WHERE specialty <> '') AS specialty
    FROM judged_prescribers
    WHERE reason IS NULL
    GROUP BY npi
),
newest AS (
    SELECT
        p.id,
        members_newest(p.told_on, 'name', p.name, told.name) AS name,
        members_newest(p.told_on, 'phone', p.phone, told.phone) AS phone,
        members_newest(p.told_on, 'fax', p.fax, told.fax) AS fax,
        members_newest(p.told_on, 'specialty', p.specialty, told.specialty) AS specialty
    FROM told
    JOIN members_prescriber p ON p.npi = told.npi
)
UPDATE members_prescriber p
SET name = coalesce(substr(n.name, 11), ''),
    phone = coalesce(substr(n.phone, 11), ''),
    fax = coalesce(substr(n.fax, 11), ''),
    specialty = coalesce(substr(n.specialty, 11), ''),
    told_on = jsonb_strip_nulls(jsonb_build_object(
        'name', left(n.name, 10), 'phone', left(n.phone, 10), 'fax', left(n.fax, 10), 'specialty', left(n.specialty, 10)
    ))
FROM newest n
WHERE p.id = n.id;
