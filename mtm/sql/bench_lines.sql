SELECT
    (SELECT count(*) FROM plain_pde) + (SELECT count(*) FROM plain_carrier) + (SELECT count(*) FROM plain_outpatient)
    + (SELECT count(*) FROM plain_inpatient) AS lines
