-- A file that was loaded before has the same rejected rows again.
INSERT INTO claims_rejectedrow (plan_id, file_id, line, reason, raw)
SELECT plan_id, %(file)s, line, reason, raw FROM claims_rejectedrow WHERE file_id = %(known)s ORDER BY id;
