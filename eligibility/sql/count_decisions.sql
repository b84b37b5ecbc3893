SELECT outcome, path, count(*) AS members FROM ({inner}) decision GROUP BY outcome, path
